"""Time zones as people name them: cities, countries, abbreviations, offsets, in several languages.

A zone is an IANA name ("Europe/Zurich") or a fixed offset written "UTC+01:00". Names come from the Unicode tables
(Babel) and from ``places``.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, process

from bot.errors import InvalidInput
from bot.i18n import N_
from bot.times.folding import fold, folded_name, tidy
from bot.times.places import ABBREVIATIONS, CAPITAL_ZONES, CITIES, CITY_LABELS, COUNTRIES, PRIMARY

_FIXED = re.compile(r"UTC([+-])(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"(?:utc|gmt|tu)?\s*([+-])\s*([0-9]{1,2})(?::?([0-9]{2}))?\s*(?:h|utc|gmt)?")
_ZERO = {"utc", "gmt", "tu", "z", "zulu", "temps universel", "tiempo universal", "universal time"}
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
_CLOSE_ENOUGH = 80
_LONGEST_NAME = 60
_LABELS = {"en": "{city} time", "fr": "heure de {city}", "es": "hora de {city}"}
_ELISIONS = ((r"^heure de Le ", "heure du "), (r"^heure de (?=[AEIOUYÉÈÎ])", "heure d’"))
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class ZoneMatch:
    """A zone that a text may mean; ``score`` runs to 100, which is an exact name."""

    zone: str
    score: float
    label: str
    kind: Literal["exact", "city", "fixed", "abbreviation"]


@lru_cache
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"Factory"})


@lru_cache(maxsize=1024)
def tz(zone: str) -> tzinfo:
    """Return the rules of an IANA zone or of a fixed offset such as "UTC+01:00"; raises InvalidInput for others."""
    if zone in _known():
        return zoneinfo.ZoneInfo(zone)
    match = _FIXED.fullmatch(zone)
    if match:
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        offset = -offset if match[1] == "-" else offset
        if _WEST <= offset <= _EAST:
            return timezone(offset, zone)
    raise InvalidInput(
        N_("I do not know the time zone “{zone}”. Name a large city, such as Lima or Geneva."), zone=zone
    )


def fixed_zone(text: str) -> str | None:
    """Return the fixed zone that a text such as "GMT+1", "UTC-5" or "+05:30" names, if it names one."""
    plain = " ".join(fold(tidy(text)).split())
    if plain in _ZERO:
        return "UTC"
    match = _OFFSET.fullmatch(plain)
    if match is None:
        return None
    name = f"UTC{match[1]}{int(match[2]):02}:{match[3] or '00'}"
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    most = _EAST if match[1] == "+" else -_WEST
    if offset > most or int(match[3] or 0) not in {0, 15, 30, 45}:
        return None
    return name if offset else "UTC"


def find_zones(text: str, languages: Sequence[str] = ("en", "fr", "es")) -> list[ZoneMatch]:
    """Return the zones that a text may mean, best first: several where it is ambiguous, none where it is unknown."""
    name = folded_name(text[:_LONGEST_NAME])
    fixed = fixed_zone(text)
    if fixed:
        return [ZoneMatch(fixed, 100, _offset_label(tz(fixed).utcoffset(None) or timedelta()), "fixed")]
    if name.upper() in ABBREVIATIONS:
        zones = ABBREVIATIONS[name.upper()].split()
        return [ZoneMatch(zone, 90, f"{name.upper()} ({zone})", "abbreviation") for zone in zones]
    iana = _iana_names().get(fold(tidy(text)).strip().replace(" ", "_"))
    if iana:
        return [ZoneMatch(iana, 100, iana, "exact")]
    names = _names(tuple(languages))
    if name in names:
        return [ZoneMatch(zone, 100, label, "city") for zone, label in names[name].items()]
    best: dict[str, ZoneMatch] = {}
    for close, score, _ in process.extract(name, names.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=5):
        for zone, label in names[close].items():
            best.setdefault(zone, ZoneMatch(zone, round(score, 1), label, "city"))
    return list(best.values())


def zones_beginning(text: str, languages: Sequence[str] = ("en", "fr", "es")) -> list[ZoneMatch]:
    """Return the zones of the places with a word that begins like a text, each once; whole and short names first."""
    wanted = folded_name(text[:_LONGEST_NAME])
    names = _names(tuple(languages))
    known = [name for name in names if f" {wanted}" in f" {name}"] if wanted else []
    found: dict[str, ZoneMatch] = {}
    for name in sorted(known, key=lambda name: (not name.startswith(wanted), len(name), name)):
        for zone, label in names[name].items():
            found.setdefault(zone, ZoneMatch(zone, 100.0 * len(wanted) / len(name), label, "city"))
    return list(found.values())


@lru_cache
def _iana_names() -> dict[str, str]:
    return {zone.lower(): zone for zone in _known()}


@lru_cache
def _names(languages: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Return every place's folded name with its zones, and the name as it is written."""
    names: dict[str, dict[str, str]] = {}
    for zone, label in _written_names(languages):
        names.setdefault(folded_name(label), {}).setdefault(zone, label)
    return names


def _written_names(languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    current = get_global("zone_aliases")
    territories = {code: zones for code, zones in get_global("territory_zones").items() if code not in {"ZZ", "001"}}
    for zone, cities in CITIES.items():
        yield from ((zone, city) for city in cities.split(", "))
    for zones in territories.values():
        yield from ((zone, zone.rpartition("/")[2].replace("_", " ")) for zone in zones)
    for language in languages:
        locale = Locale.parse(language, sep="-")
        for zone, data in locale.time_zones.items():
            if "city" in data and current.get(zone, zone) in _known():
                yield current.get(zone, zone), data["city"]
        for code, zones in territories.items():
            labels = [locale.territories.get(code, code), *COUNTRIES.get(code, "").split(", ")]
            home = [PRIMARY[code]] if code in PRIMARY else sorted(zones, key=lambda zone: zone not in CAPITAL_ZONES)
            yield from ((zone, label) for label in labels if label for zone in home)


def zone_label(zone: str, locale: str, at: datetime) -> str:
    """Return a zone's everyday name and its offset at an instant: "Geneva time (UTC+1)", "heure de Genève (UTC+1)"."""
    offset = _offset_label(at.astimezone(tz(zone)).utcoffset() or timedelta())
    if "/" not in zone or zone.startswith("Etc/"):
        return offset
    parsed = Locale.parse(locale, sep="-")
    city = CITY_LABELS.get(zone, {}).get(parsed.language) or _city(zone, parsed)
    label = _LABELS.get(parsed.language, parsed.zone_formats["region"].replace("%s", "{city}")).format(city=city)
    for pattern, replacement in _ELISIONS:
        label = re.sub(pattern, replacement, label)
    return f"{label} ({offset})"


@lru_cache(maxsize=2048)
def _city(zone: str, locale: Locale) -> str:
    """Return the Unicode tables' city of a zone; they keep some zones under an older name ("Asia/Katmandu")."""
    older = (old for old, new in get_global("zone_aliases").items() if new == zone)
    for name in (zone, *older):
        if "city" in locale.time_zones.get(name, {}):
            return str(locale.time_zones[name]["city"])
    return zone.rpartition("/")[2].replace("_", " ")


def _offset_label(offset: timedelta) -> str:
    minutes = round(abs(offset).total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = MINUS if offset < timedelta() else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def same_offset_zone(fixed: str, preferred_zone: str, at: datetime) -> bool:
    """Tell whether the preferred zone's clock shows the same as the fixed offset's at an instant."""
    return at.astimezone(tz(fixed)).utcoffset() == at.astimezone(tz(preferred_zone)).utcoffset()
