"""The Request URL, from Slack's side: signed requests, and the forged, stale and repeated ones of an attacker.

Source: docs.slack.dev/authentication/verifying-requests-from-slack and /apis/events-api.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from tests.emulators.slack.delivery import Answer, Envelope
from tests.emulators.slack.payloads import VERIFICATION_TOKEN
from tests.emulators.slack.state import Json

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True)
class Sent:
    """A request that was sent, byte for byte, and the status that came back; 0 when none came."""

    body: bytes
    headers: dict[str, str]
    status: int = 0
    text: str = ""
    no_retry: bool = False


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The v0 signature of a body."""
    base = b":".join([b"v0", timestamp.encode(), body])
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encoded(envelope: Envelope, payload: Json) -> tuple[bytes, str]:
    """The body and content type in which a payload travels."""
    if envelope == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if envelope == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


class SignedRequests:
    """Sends what happens to one Request URL."""

    def __init__(self, url: str, signing_secret: str, ack_seconds: float) -> None:
        self.url = url
        self.signing_secret = signing_secret
        self.ack_seconds = ack_seconds
        self.sent: list[Sent] = []
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    def headers(self, body: bytes, content_type: str, *, secret: str = "", age: float = 0) -> dict[str, str]:
        """The headers of a request, signed with another secret or some seconds ago when a test wants that."""
        timestamp = str(int(time.time() - age))  # the app compares it with its own clock
        return {
            "Content-Type": content_type,
            "User-Agent": USER_AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret or self.signing_secret, timestamp, body),
        }

    async def post(self, body: bytes, headers: dict[str, str]) -> Sent:
        """Send these bytes and headers as they are.

        Raises:
            TimeoutError: when no answer came in time.
            aiohttp.ClientError: when the connection failed.
        """
        async with asyncio.timeout(self.ack_seconds):
            async with self._session.post(self.url, data=body, headers=headers) as response:
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                sent = Sent(body, headers, response.status, await response.text(), no_retry)
        self.sent.append(sent)
        return sent

    async def send(self, envelope: Envelope, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Send something genuine and wait for the answer."""
        body, content_type = encoded(envelope, payload)
        headers = self.headers(body, content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            return self._judge(await self.post(body, headers))
        except TimeoutError:
            self.sent.append(Sent(body, headers))
            return Answer("http_timeout")
        except aiohttp.ClientError:
            self.sent.append(Sent(body, headers))
            return Answer("connection_failed")

    def _judge(self, sent: Sent) -> Answer:
        if not 200 <= sent.status < 300:
            return Answer("http_error", final=sent.no_retry)
        if not sent.text:
            return Answer()
        try:
            said = json.loads(sent.text)
        except ValueError:
            said = {"text": sent.text}
        return Answer(payload=said if isinstance(said, dict) else None)

    async def verify_url(self) -> Sent:
        """Ask whether the URL answers a challenge, as Slack does when it is entered."""
        challenge = secrets.token_hex(16)
        asked = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        body, content_type = encoded("events_api", asked)
        return await self.post(body, self.headers(body, content_type))

    async def forge(self, envelope: Envelope, payload: Json) -> Sent:
        """Send something signed with a secret that is not the app's."""
        body, content_type = encoded(envelope, payload)
        return await self.post(body, self.headers(body, content_type, secret=secrets.token_hex(16)))

    async def stale(self, envelope: Envelope, payload: Json, seconds: float = 600) -> Sent:
        """Send something that was rightly signed a while ago."""
        body, content_type = encoded(envelope, payload)
        return await self.post(body, self.headers(body, content_type, age=seconds))

    async def replay(self, sent: Sent) -> Sent:
        """Send the same bytes with the same signature again."""
        return await self.post(sent.body, sent.headers)
