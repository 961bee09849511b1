"""What is right and wrong about an installation, judged from facts; whoever gathers them changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr
from rapidfuzz import process

from bot.config import LOOPBACK, Settings

ORGANIZER = re.compile(r"[a-z]+:\S+")
SHORTEST_SECRET = 16
NEAR = 85.0
"""How alike (0 to 100) an unknown name must be to a setting's for being a slip of the pen."""
LOOPBACKS = (LOOPBACK, "localhost", "::1")


class Level(StrEnum):
    """All right; worth knowing; to be mended."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, how it is, and the one step that mends it."""

    name: str
    level: Level
    text: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What was seen of the database; ``error`` when it could not be looked into.

    ``tzdata`` are the releases of the time zone rules that meetings ahead were computed with; ``backup_tools`` tells
    whether the programs that a backup needs are here; ``file`` is where an SQLite database is.
    """

    where: str
    exists: bool
    known: tuple[str, ...]
    revision: str | None = None
    community: str | None = None
    tzdata: frozenset[str] = frozenset()
    error: str | None = None
    backup_tools: bool = True
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """Whether the language detector knows anything, and what the breakout solver said to a trial."""

    detector: bool
    solver_error: str | None


def ok(name: str, text: str) -> Finding:
    """Return a finding that all is right."""
    return Finding(name, Level.OK, text)


def wrong(name: str, text: str, step: str) -> Finding:
    """Return a finding to be mended."""
    return Finding(name, Level.WRONG, text, step)


def note(name: str, text: str, step: str) -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(name, Level.NOTE, text, step)


def judge_settings(settings: Settings, spoken: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each setting; secrets are never shown."""
    for name in type(settings).model_fields:
        label, rule = name.upper(), RULES.get(name)
        yield (rule(label, settings, spoken) if rule else None) or ok(label, _shown(getattr(settings, name)))


def _languages(label: str, settings: Settings, spoken: Collection[str]) -> Finding | None:
    unknown = [tag for tag in settings.community_languages if tag not in spoken]
    if unknown or not settings.community_languages:
        text = f"{', '.join(unknown)} is not spoken here" if unknown else "no language is named"
        return wrong(label, text, f"Name only languages that are spoken here: {', '.join(spoken)}.")
    return None


def _organizers(label: str, settings: Settings, _spoken: Collection[str]) -> Finding | None:
    odd = [who for who in settings.organizers if not ORGANIZER.fullmatch(who)]
    return wrong(label, f"{odd[0]} is no platform identity", "Write slack:T012/U034 or discord:123.") if odd else None


def _secret(label: str, settings: Settings, _spoken: Collection[str]) -> Finding | None:
    if 0 < len(settings.secret_key.get_secret_value()) < SHORTEST_SECRET:
        step = f"Use at least {SHORTEST_SECRET} characters, or leave it empty: a good one is made by itself."
        return wrong(label, "it is too short to keep anything secret", step)
    return None


def _host(label: str, settings: Settings, _spoken: Collection[str]) -> Finding | None:
    if settings.web_host in LOOPBACKS:
        return None
    step = f"Set WEB_HOST={LOOPBACK} unless something in front of the page keeps strangers out."
    return note(label, f"{settings.web_host}: other machines can reach the page", step)


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "empty"
    if isinstance(value, tuple):
        return ", ".join(value) or "empty"
    return str(value)


def _slack(label: str, settings: Settings, _spoken: Collection[str]) -> Finding | None:
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    mine, prefix = (bot, "xoxb-") if label == "SLACK_BOT_TOKEN" else (app, "xapp-")
    step = f"Copy the token that begins with {prefix}."
    if mine and not mine.startswith(prefix):
        return wrong(label, f"it does not begin with {prefix}", step)
    needed = label == "SLACK_BOT_TOKEN" or settings.slack_mode == "socket"
    if needed and not mine and (bot or app):
        return wrong(label, "empty, while Slack's other token is set", step)
    return None


def _signing(label: str, settings: Settings, _spoken: Collection[str]) -> Finding | None:
    used = settings.slack_mode == "http" and settings.slack_bot_token.get_secret_value()
    if used and not settings.slack_signing_secret.get_secret_value():
        step = "Copy the Signing Secret from Basic Information, App Credentials, at api.slack.com/apps."
        return wrong(label, "empty, while SLACK_MODE is http", step)
    return None


RULES: Mapping[str, Callable[[str, Settings, Collection[str]], Finding | None]] = {
    "community_languages": _languages,
    "organizers": _organizers,
    "secret_key": _secret,
    "web_host": _host,
    "slack_bot_token": _slack,
    "slack_app_token": _slack,
    "slack_signing_secret": _signing,
}
"""What a setting must be beyond its type."""


def judge_names(names: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each name in ``.env`` that looks like a setting misspelt."""
    known = [name.upper() for name in Settings.model_fields]
    for name in names:
        near = process.extractOne(name.upper(), known, score_cutoff=NEAR)
        if near and name.upper() not in known:
            yield wrong(name, "no setting has this name, so it is not read", f"Write {near[0]} in .env.")


def of_platform(organizers: Iterable[str], platform: str) -> list[tuple[str, str]]:
    """Return workspace (empty if none is named) and user of the identities on a platform."""
    found = []
    for identity in organizers:
        where, _, rest = identity.partition(":")
        if where == platform and rest:
            workspace, _, user = rest.rpartition("/")
            found.append((workspace, user))
    return found


def judge_mode(path: Path, mode: int, forbidden: int, step: str) -> Finding:
    """Judge a file's or folder's permissions (``stat`` mode bits)."""
    if mode & forbidden:
        return wrong(str(path), f"others may use it (mode {mode & 0o777:03o})", step)
    return ok(str(path), f"mode {mode & 0o777:03o}")


def judge_database(facts: DatabaseFacts, *, sample: bool) -> Iterator[Finding]:
    """Yield what is to be said of the database: reachable, its revision, whose community it holds, backups."""
    if facts.error:
        yield wrong("database", f"{facts.where} cannot be opened ({facts.error})", "Check DATABASE_URL and DATA_DIR.")
        return
    if not facts.exists:
        yield ok("database", f"{facts.where} will be made at the first start")
        return
    yield ok("database", f"{facts.where} answers")
    yield _revision(facts)
    wanted = "sample" if sample else "real"
    if facts.community not in (None, wanted):
        step = "Name another database in DATABASE_URL, or another folder in DATA_DIR."
        yield wrong("community", f"the database holds the {facts.community} one, settings ask for the {wanted}", step)
    if not facts.backup_tools:
        step = "Install your system's package (postgresql-client on Debian and Ubuntu)."
        yield note("backup", "PostgreSQL's programs pg_dump, pg_restore and psql were not all found", step)


def _revision(facts: DatabaseFacts) -> Finding:
    newest = facts.known[-1]
    if facts.revision is None:
        return ok("revision", "the database is empty; its tables are made at the first start")
    if facts.revision not in facts.known:
        text = f"{facts.revision} is newer than this version of the assistant ({newest})"
        return wrong("revision", text, "Install the newer version again, or restore a backup made before it.")
    if facts.revision != newest:
        text = f"{facts.revision}; this version brings it to {newest} at its next start"
        return note("revision", text, "Make a backup first: connections backup FILE")
    return ok("revision", facts.revision)


def judge_tzdata(installed: str, used: Collection[str]) -> Finding:
    """Compare the time zone rules with those that meetings ahead were computed with."""
    others = sorted(set(used) - {installed})
    if others:
        text = f"{installed}; some meetings ahead were computed with {', '.join(others)}"
        return note("time zones", text, "Restart the assistant: it computes them anew and tells who is concerned.")
    return ok("time zones", installed)


def judge_catalogs(missing: Mapping[str, int]) -> Iterator[Finding]:
    """Yield a finding for each language, from the number of its texts that nobody has translated."""
    for language, count in missing.items():
        if count:
            step = "Install the package again; who translates: make translations."
            yield wrong(f"language {language}", f"{count} texts are missing and appear in English", step)
        else:
            yield ok(f"language {language}", "complete")


def judge_engines(facts: EngineFacts) -> Iterator[Finding]:
    """Yield what the engines can do."""
    if facts.detector:
        yield ok("language detection", "on")
    else:
        step = "Nothing needs to be done; on x86-64, pip install eldc turns it on."
        yield note("language detection", "off: languages are known from profiles and choices alone", step)
    if facts.solver_error:
        step = "Install the packages again: pip install -r requirements.txt"
        yield wrong("breakout solver", f"it does not work ({facts.solver_error})", step)
    else:
        yield ok("breakout solver", "works")


def judge_port(address: str, *, error: str | None, ours: bool) -> Finding:
    """Judge whether the page's address can be used."""
    if error is None:
        return ok("port", f"{address} is free")
    if ours:
        return ok("port", f"{address} is used by the assistant, which is running")
    return wrong("port", f"{address} cannot be used ({error})", "Choose another port with WEB_PORT.")
