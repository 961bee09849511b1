"""One way to Slack's Web API: no hidden retries, rate limits kept, every failure translated."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import TOKEN, SlackRefusalError, judged, translated
from adapters.slack.limits import RateLimits
from adapters.slack.settings import SlackSettings
from bot.errors import DeliveryError, RetryableError

CONNECT_SECONDS = 5
ANSWER_SECONDS = 10

Json = dict[str, Any]


class SlackApi:
    """Calls Slack while it is open; ``refused`` holds Slack's word once it takes the token no more."""

    def __init__(self, settings: SlackSettings) -> None:
        self._settings = settings
        self._limits = RateLimits()
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self.refused = ""
        self.refusal = asyncio.Event()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[AsyncWebClient]:
        """Keep connections open to be used again, and close them at the end; give Bolt a client without a token."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, connect=CONNECT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            settings = self._settings
            client, bolts = (
                AsyncWebClient(token, settings.api_url, session=session, retry_handlers=[])
                for token in (settings.bot_token, None)
            )
            client.proxy = bolts.proxy = settings.proxy or None
            self.refused = ""
            self.refusal.clear()
            self._session, self._client = session, client
            try:
                yield bolts
            finally:
                self._session = self._client = None

    async def call(self, method: str, *, channel: str = "", **arguments: Any) -> Json:
        """Call a method; None and empty arguments are left out. Raises a DeliveryError when the answer is no yes."""
        if self._client is None:
            raise _closed()
        await self._limits.wait(method, channel)
        given = {"channel": channel or None, **arguments}
        try:
            response = await self._client.api_call(method, data=_form(given))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._noted(method, channel, translated(method, error)) from error
        return dict(response.data) if isinstance(response.data, dict) else {}

    async def respond(self, url: str, body: Json) -> None:
        """Answer an interaction at its response_url. Raises a DeliveryError when the answer is no yes."""
        await self._post("response_url", url, json=body)

    async def upload(self, name: str, content: bytes) -> str:
        """Bring a file to Slack, seen by nobody yet; return its id."""
        place = await self.call("files.getUploadURLExternal", filename=name, length=len(content))
        await self._post("upload", str(place["upload_url"]), data=io.BytesIO(content))
        return str(place["file_id"])

    def refuse(self, code: str) -> None:
        """Note that Slack takes the token no more."""
        self.refused = code
        self.refusal.set()

    async def _post(self, method: str, url: str, **body: Any) -> None:
        if self._session is None:
            raise _closed()
        try:
            async with self._session.post(url, proxy=self._settings.proxy or None, **body) as response:
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise translated(method, error) from error
        if response.status != 200:
            raise judged(method, response.status, response.headers, _code(text))

    def _noted(self, method: str, channel: str, error: DeliveryError) -> DeliveryError:
        if isinstance(error, RetryableError) and error.retry_after is not None:
            self._limits.rest(method, channel, error.retry_after)
        if isinstance(error, SlackRefusalError) and error.code in TOKEN:
            self.refuse(error.code)
        return error


def _form(arguments: Json) -> dict[str, str]:
    """Return arguments as a form: several methods take no JSON, all take this."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in arguments.items()
        if value is not None
    }


def _code(text: str) -> str:
    try:
        said = json.loads(text)
    except ValueError:
        return text.strip()[:60]
    return str(said.get("error", "")) if isinstance(said, dict) else ""


def _closed() -> DeliveryError:
    return RetryableError("Slack is not connected")
