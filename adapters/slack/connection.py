"""The connection to one workspace, through Socket Mode or signed requests (the Connection port)."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute

from adapters.slack.api import SlackApi
from adapters.slack.assistant import AssistantPane
from adapters.slack.errors import NO_SECRET, TOKEN, SlackRefusalError, bot_token_error
from adapters.slack.gateway import SlackGateway
from adapters.slack.inbound import Reader
from adapters.slack.intake import Intake
from adapters.slack.listeners import Listeners, make_app
from adapters.slack.people import People
from adapters.slack.settings import SlackSettings
from adapters.slack.signed import Address, Signed
from adapters.slack.socket import Socket
from adapters.slack.triggers import Triggers
from bot.errors import ConfigError
from bot.platforms import Core


class SlackConnection:
    """Connects to Slack, takes in what happens there, and lets the core act through ``gateway``."""

    def __init__(self, settings: SlackSettings) -> None:
        self._settings = settings
        self._api = SlackApi(settings)
        self._people = People(self._api)
        self._triggers = Triggers()
        self._gateway = SlackGateway(self._api, self._people, self._triggers)
        self._address = Address(settings.signing_secret)
        self._intake: Intake | None = None

    @property
    def gateway(self) -> SlackGateway:
        """How the core acts on Slack; it works once the connection is there."""
        return self._gateway

    @property
    def routes(self) -> list[BaseRoute]:
        """What the web server must serve for Slack: one address for everything, none in Socket Mode."""
        return self._address.routes if self._settings.mode == "http" else []

    async def run(self, core: Core) -> None:
        """Connect, and stay until cancelled or the connection is lost for good."""
        if self._settings.mode == "http" and not self._settings.signing_secret:
            raise ConfigError(NO_SECRET)
        async with self._api.opened() as client:
            who = await self._identity()
            self._gateway.team = who.team_id or ""
            intake = self._intake = Intake(self._api, self._people, self._triggers, core, self._gateway.team)
            app = make_app(self._settings, client, who)
            reader = Reader(self._gateway.team, who.bot_user_id or "", core.specs)
            pane = AssistantPane(self._api, self._people, core)
            Listeners(self._api, reader, intake, pane).register(app)
            async with self._way(app, client) as way:
                self._gateway.up = lambda: way.up() and not self._api.refused
                try:
                    await way.watch()
                finally:
                    way.rest()
                    await intake.finish()
                    await way.heard()

    async def settled(self) -> None:
        """Wait until everything that was taken in has been worked on."""
        if self._intake:
            await self._intake.idle()

    def _way(self, app: AsyncApp, client: AsyncWebClient) -> Socket | Signed:
        if self._settings.mode == "http":
            return Signed(app, self._api, self._address)
        return Socket(app, client, self._settings, self._api)

    async def _identity(self) -> AuthorizeResult:
        try:
            answer = await self._api.call("auth.test")
        except SlackRefusalError as refusal:
            if refusal.code in TOKEN or refusal.code == "not_allowed_token_type":
                raise bot_token_error(refusal.code) from refusal
            raise
        return AuthorizeResult(
            enterprise_id=None,
            team_id=answer["team_id"],
            bot_user_id=answer["user_id"],
            bot_id=answer["bot_id"],
            bot_token=self._settings.bot_token,
        )
