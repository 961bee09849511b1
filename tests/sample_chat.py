"""A stage for the sample chat's tests: a few members, a clock that stands still, and an assistant that echoes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.applications import Starlette

from adapters.tryit.gateway import TryItGateway, channel_ref, user_ref
from adapters.tryit.platform import ChatPlatform
from adapters.tryit.records import Role
from adapters.tryit.suggestions import conversations
from adapters.tryit.web import routes
from bot.features.rooms.model import Purpose
from bot.inbound import Inbound, Joined, Pressed, Said, Submitted
from bot.messages import (
    Button,
    Buttons,
    Call,
    ChannelLink,
    Fields,
    File,
    Form,
    FormField,
    Heading,
    Items,
    Link,
    LocalTime,
    Mention,
    Message,
    Note,
    Option,
    Paragraph,
    Quote,
    Select,
    Strong,
    Table,
    Target,
)

ORIGIN = "http://127.0.0.1:8080"
START = datetime(2026, 11, 17, 13, 0, tzinfo=UTC)
MEETING = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)

PEOPLE: tuple[tuple[str, str, Role, str, str], ...] = (
    ("s01", "Organisation d’essai, Genève", "organizer", "fr", "Europe/Zurich"),
    ("s02", "Sample organizer, Nairobi", "organizer", "en", "Africa/Nairobi"),
    ("s03", "Sample member, Kathmandu", "member", "en", "Asia/Kathmandu"),
    ("s04", "Membre d’essai, Dakar", "member", "fr", "Africa/Dakar"),
    ("s05", "Miembro de muestra, Lima", "member", "es", "America/Lima"),
    ("s06", "Sample member, São Paulo", "member", "pt-BR", "America/Sao_Paulo"),
    ("s07", "Sample member, Beirut", "member", "ar", "Asia/Beirut"),
    ("n01", "Persona recién llegada (muestra)", "newcomer", "es", "Europe/Madrid"),
)
CHANNELS = (
    ("announcements", "Announcements", Purpose.ANNOUNCEMENTS, "en"),
    ("plenary", "Plenary", Purpose.PLENARY, "en"),
    ("english-1", "English 1", Purpose.LANGUAGE, "en"),
    ("english-2", "English 2", Purpose.LANGUAGE, "en"),
    ("francais", "Français", Purpose.LANGUAGE, "fr"),
    ("espanol", "Español", Purpose.LANGUAGE, "es"),
)
FORM = Form(
    "Plan a meeting",
    Call("plan"),
    (
        FormField("title", "Title", value="Core group"),
        FormField("agenda", "Agenda", "long", required=False, hint="Paste it as it is."),
        FormField("zone", "Zone", "select", options=(Option("Asia/Kathmandu", "Kathmandu"), Option("UTC", "UTC"))),
        FormField(
            "languages",
            "Languages",
            "multiselect",
            options=(Option("en", "English"), Option("fr", "French"), Option("es", "Spanish")),
            value="en,fr",
            required=False,
        ),
        FormField("place", "Join link", max_length=40, required=False, error="This is no link. Start with https://"),
    ),
    "Show the preview",
    "en",
    action_id="form-plan",
)
EVERYTHING = Message(
    (
        Heading("Resources on prior learning"),
        Paragraph(("Three of ", Strong("forty"), " resources fit, best first:")),
        Items(
            (
                (Link("Guidelines for validation", "https://www.example.org/validation"), " – guide, French"),
                ("A handbook without address, with a quoted line",),
            ),
            numbered=True,
        ),
        Quote(("… validation of non-formal and informal learning, step by step …",)),
        Fields((("Starts", (LocalTime(MEETING),)), ("Room", (ChannelLink("Plenary", (channel_ref("plenary"),)),)))),
        Table(
            ("Time", "Session", "Where"),
            (
                ((LocalTime(MEETING, "time"),), ("Opening remarks",), ("Plenary",)),
                ((LocalTime(MEETING + timedelta(minutes=45), "time"),), ("Areas of interest",), ("Breakout rooms",)),
            ),
        ),
        Paragraph(("Thanks to ", Mention("Sunita", (user_ref("s03"),)), " and ", Mention("Luis"), ".")),
        Buttons(
            (
                Button("Helpful", Call("helpful"), "primary", "press-helpful"),
                Button("Not helpful", Call("unhelpful"), action_id="press-unhelpful"),
                Button("Cancel the meeting", Call("cancel"), "danger", "press-cancel"),
            )
        ),
        Select(
            "Your language",
            Call("speak", {"language": "*"}),
            (Option("en", "English"), Option("fr", "French")),
            "choose",
        ),
        File("my-data.json", '{"name": "Sunita"}'),
        Note(("You see this because you asked.",)),
    ),
    "en",
)


@dataclass
class StandingClock:
    """The community's time, which moves only when told to (the Clock and ClockControl ports)."""

    instant: datetime = START
    reminders: list[datetime] = field(default_factory=list)
    meeting: datetime | None = MEETING

    def now(self) -> datetime:
        """Return the time."""
        return self.instant

    async def forward(self, hours: int) -> None:
        """Move forward by hours."""
        self.instant += timedelta(hours=hours)

    async def to_next_reminder(self) -> bool:
        """Move to the next reminder, if there is one."""
        return self._move_to(self.reminders.pop(0) if self.reminders else None)

    async def to_meeting(self) -> bool:
        """Move to the meeting, if there is one."""
        return self._move_to(self.meeting)

    def _move_to(self, instant: datetime | None) -> bool:
        self.instant = instant or self.instant
        return instant is not None


class EchoAssistant:
    """Answers in the simplest way that shows each thing a platform can do."""

    def __init__(self, gateway: TryItGateway) -> None:
        self.gateway = gateway
        self.heard: list[Inbound] = []
        self._instead: Callable[[Inbound], Awaitable[None]] | None = None

    def answer_with(self, answer: Callable[[Inbound], Awaitable[None]]) -> None:
        """Answer every further event in this way."""
        self._instead = answer

    async def dispatch(self, inbound: Inbound) -> None:
        """Take an event in."""
        self.heard.append(inbound)
        if self._instead:
            await self._instead(inbound)
            return
        match inbound.event:
            case Said("everything"):
                await self._answer(inbound, EVERYTHING)
            case Said("form") if inbound.trigger:
                await self.gateway.open_form(inbound.trigger, FORM)
            case Said(text, addressed=True):
                await self._answer(inbound, words(f"You said: {text}"), private=not inbound.direct)
            case Pressed(action_id, ref, value):
                await self.gateway.edit(ref, words(f"You pressed {action_id} {value or ''}".strip()))
            case Submitted(values=values):
                await self._answer(inbound, words(f"You answered {dict(values)}"))
            case Joined():
                await self._answer(inbound, words("Welcome! Bienvenue ! ¡Le damos la bienvenida!"))

    async def _answer(self, inbound: Inbound, message: Message, *, private: bool = False) -> None:
        only_for = inbound.user if private else None
        key = f"r{len(self.heard)}"
        await self.gateway.send(Target(channel=inbound.channel), message, key, only_for=only_for)


@dataclass
class Stage:
    """Everything a test of the sample chat needs."""

    clock: StandingClock
    platform: ChatPlatform
    gateway: TryItGateway
    assistant: EchoAssistant
    app: Starlette


def words(text: str, language: str = "en") -> Message:
    """Return a message of one paragraph."""
    return Message((Paragraph((text,)),), language)


def set_stage(path: Path | str = ":memory:") -> Stage:
    """Return a sample chat with its members and channels; everybody is in the announcements and the plenary."""
    clock = StandingClock()
    platform = ChatPlatform(path, clock)
    for channel, name, purpose, language in CHANNELS:
        platform.add_channel(channel, name, purpose=purpose, language=language)
    for user, name, role, locale, zone in PEOPLE:
        platform.add_user(user, name, role=role, locale=locale, zone=zone)
        if role != "newcomer":
            for channel in ("announcements", "plenary", "english-1"):
                platform.add_to_channel(channel, user)
    gateway = TryItGateway(platform)
    assistant = EchoAssistant(gateway)
    suggestions = conversations(
        agenda="14:00 – 14:05\tOpening", organizer="s02", newcomer="n01", writer="s04", room="english-1"
    )
    app = Starlette(routes=routes(platform, assistant.dispatch, clock, suggestions=suggestions))
    return Stage(clock, platform, gateway, assistant, app)
