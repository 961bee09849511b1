"""The three conversations, one script each: they know people, words and rooms, and nothing of any platform.

A script runs unchanged on every adapter that offers a ``Chat``, in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from adapters.tryit import community
from bot.i18n import _, pgettext, use_locale

DIRECT = "assistant"


class Chat(Protocol):
    """What people do on a platform, and what they see there."""

    async def join(self, who: str) -> None: ...
    async def say(self, who: str, text: str, where: str = DIRECT) -> None: ...
    async def press(self, who: str, label: str, where: str = DIRECT) -> None:
        """Press the newest button with that label, or else the newest whose label begins with it."""

    async def fill(self, who: str, values: dict[str, str], submit: str) -> None:
        """Fill in the open form: values by label; a select's value is the label of its option."""

    async def wait_for(self, who: str, text: str, where: str = DIRECT) -> str:
        """Return the newest message that shows the text; fail if there is none."""

    async def shown(self, who: str, where: str = DIRECT) -> str:
        """Return the whole conversation as this person sees it."""

    async def forward(self, hours: int) -> None: ...
    async def to_next_reminder(self) -> None: ...
    async def to_meeting(self) -> None: ...


@dataclass(frozen=True)
class Cast:
    """Who plays, in one language, and what they say."""

    language: str
    asker: str
    organizer: str
    newcomer: str
    newcomer_city: str
    newcomer_zone: str
    question: str
    nonsense: str
    next_meeting: str
    answer: str
    new_time: str
    writer: str
    foreign_room: str
    own_room: str
    own_room_name: str
    notices: str
    written: tuple[str, str]


def _first(language: str, role: str, also: str = "") -> str:
    for person in community.people():
        spoken = person.data.get("languages", [])
        if person.role == role and spoken[:1] == [language] and (not also or also in spoken):
            return person.user
    raise LookupError(language, role, also)


def _newcomer(language: str) -> str:
    return next(p.user for p in community.people() if p.newcomer and p.data["locale"].startswith(language))


CASTS = {
    "en": Cast(
        "en",
        _first("en", "member"),
        _first("en", "organizer"),
        _newcomer("en"),
        "Nairobi",
        "Africa/Nairobi",
        "Where can I find something on recognising prior learning?",
        "xylophone zzyzx",
        "next meeting?",
        "Please write to the regional office; they keep a list.",
        "27 November 2020 at 15:00",
        _first("en", "organizer", also="fr"),
        "francais",
        "english-1",
        "English 1",
        "announcements",
        (
            "Good morning everybody, I would like to share our new guide for workplace mentors.",
            "Has anybody here worked with small enterprises on apprenticeship contracts?",
        ),
    ),
    "fr": Cast(
        "fr",
        _first("fr", "member"),
        _first("fr", "organizer"),
        _newcomer("fr"),
        "Dakar",
        "Africa/Dakar",
        "Où puis-je trouver quelque chose sur la validation des acquis de l’expérience ?",
        "xylophone zzyzx",
        "prochaine réunion ?",
        "Veuillez écrire au bureau régional, qui tient une liste à jour.",
        "27 novembre 2020 à 15h",
        _first("fr", "member", also="en"),
        "english-1",
        "francais",
        "Français",
        "francais",
        (
            "Bonjour à toutes et à tous, je voudrais partager notre nouveau guide pour les maîtres d’apprentissage.",
            "Quelqu’un a-t-il déjà travaillé avec de petites entreprises sur les contrats d’apprentissage ?",
        ),
    ),
    "es": Cast(
        "es",
        _first("es", "member"),
        _first("es", "organizer"),
        _newcomer("es"),
        "Lima",
        "America/Lima",
        "¿Dónde puedo encontrar algo sobre el reconocimiento de aprendizajes previos?",
        "xilófono zzyzx",
        "¿cuándo es la próxima reunión?",
        "Escriba por favor a la oficina regional, que mantiene una lista al día.",
        "27 de noviembre de 2020 a las 15:00",
        _first("es", "member", also="en"),
        "english-1",
        "espanol",
        "Español",
        "espanol",
        (
            "Buenos días a todas y todos, quisiera compartir nuestra nueva guía para tutores de empresa.",
            "¿Alguien ha trabajado con pequeñas empresas en los contratos de aprendizaje?",
        ),
    ),
}


async def ask(chat: Chat, cast: Cast) -> None:
    """A member asks the library; what it does not know goes to the organizers and comes back answered."""
    with use_locale(cast.language):
        await chat.say(cast.asker, cast.question)
        found = await chat.wait_for(cast.asker, "5. ")
        assert "1. " in found
        assert "6. " not in found
        await chat.press(cast.asker, _("Helpful"))
        await chat.wait_for(cast.asker, _("Thank you, I am glad it helped."))

        await chat.say(cast.asker, cast.nonsense)
        await chat.wait_for(cast.asker, _("I found nothing in the library on “{query}”.").format(query=cast.nonsense))
        await chat.press(cast.asker, _("Ask the organizers"))
        await chat.wait_for(cast.organizer, cast.nonsense)
        await chat.press(cast.organizer, pgettext("verb", "Answer"))
        await chat.fill(cast.organizer, {_("Your answer"): cast.answer}, _("Send"))
        await chat.wait_for(cast.organizer, _("Thank you. Your answer is on its way to the person who asked."))
        await chat.wait_for(cast.asker, cast.answer)


async def meet(chat: Chat, cast: Cast) -> None:
    """An organizer schedules from a pasted agenda; reminders come; the meeting moves, then is cancelled."""
    with use_locale(cast.language):
        await chat.say(cast.organizer, community.next_agenda_text())
        draft = await chat.wait_for(cast.organizer, "2nd Meeting")
        assert "GMT+1" in draft
        await chat.press(cast.organizer, _("Change date, place or repetition"))
        await chat.fill(cast.organizer, {_("Where (join link, room, dial-in)"): "https://meet.example/two"}, _("Save"))
        await chat.wait_for(cast.organizer, "https://meet.example/two")
        await chat.press(cast.organizer, _("Confirm"))
        title = "2nd Meeting of the ILO Skills Innovation Network Core Group"
        await chat.wait_for(cast.organizer, _("Scheduled: {title}").format(title=title))
        await chat.wait_for(cast.asker, "2nd Meeting", cast.notices)

        await chat.to_next_reminder()
        reminder = _("Reminder: {title}").format(title="1st Meeting of the ILO Skills Innovation Network Core Group")
        await chat.wait_for(cast.asker, reminder)
        await chat.press(cast.asker, _("I am going"))
        await chat.wait_for(cast.asker, _("You are going. I will remind you in your own time."))

        await chat.say(cast.asker, cast.next_meeting)
        await chat.wait_for(cast.asker, "https://meet.example/skills-core-group")

        await chat.to_meeting()
        await chat.forward(3)
        await chat.say(cast.organizer, cast.next_meeting)
        await chat.wait_for(cast.organizer, "2nd Meeting")
        await chat.press(cast.organizer, _("Move"))
        await chat.fill(cast.organizer, {_("New date and time"): cast.new_time}, _("Send"))
        await chat.wait_for(cast.organizer, _("Is this the new time?"))
        await chat.press(cast.organizer, _("Move to {when}").format(when=""))
        await chat.wait_for(cast.asker, _("New time: {title}").format(title=title), cast.notices)

        await chat.say(cast.organizer, cast.next_meeting)
        await chat.press(cast.organizer, _("Cancel the meeting"))
        await chat.wait_for(cast.organizer, _("Shall I cancel this meeting? Everybody who knows of it will be told."))
        await chat.press(cast.organizer, _("Cancel the meeting"))
        await chat.wait_for(cast.asker, _("Cancelled: {title}").format(title=title), cast.notices)


async def find_my_language(chat: Chat, cast: Cast) -> None:
    """A newcomer is led to their room; a member is told of theirs, once; everybody gets a breakout group."""
    await chat.join(cast.newcomer)
    for language in CASTS:
        with use_locale(language):
            await chat.wait_for(cast.newcomer, _("Set my languages and time zone"))
    with use_locale(cast.language):
        await chat.press(cast.newcomer, _("Set my languages and time zone"))
        await chat.fill(cast.newcomer, {_("Your city or time zone"): cast.newcomer_city}, _("Save"))
        await chat.wait_for(cast.newcomer, _("Thank you, that is saved"))
        await chat.press(cast.newcomer, _("Take me there"))
        entered = await chat.wait_for(cast.newcomer, _("The room {room} is open to you. Welcome!").partition("}")[2])
        assert cast.own_room_name in entered

        first, second = cast.written
        await chat.say(cast.writer, first, cast.foreign_room)
        assert _("No, thank you") not in await chat.shown(cast.writer)
        await chat.say(cast.writer, second, cast.foreign_room)
        await chat.wait_for(cast.writer, _("Only you see this, and I ask only once."))
        await chat.press(cast.writer, _("No, thank you"))
        await chat.wait_for(cast.writer, _("All right, I will not ask again."))

        await chat.say(cast.newcomer, cast.next_meeting)
        await chat.press(cast.newcomer, _("I am going"))
        await chat.wait_for(cast.newcomer, _("You are going. I will remind you in your own time."))
        await chat.to_meeting()
        await chat.forward(1)
        group = await chat.wait_for(cast.newcomer, _("Your breakout group"))
        assert _("It speaks the language you like best.") in group


SCRIPTS = {"ask": ask, "meet": meet, "find my language": find_my_language}
