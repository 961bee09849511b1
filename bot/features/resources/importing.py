"""Bringing resources from a file into the library: what would change, and the change itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlsplit

from bot.features.resources.addresses import normalised
from bot.features.resources.model import Resource
from bot.features.resources.transfer import Entry
from bot.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Changed:
    """A resource that is there already and would become another one."""

    line: int
    before: Resource
    after: Resource

    def fields(self) -> tuple[str, ...]:
        """Return the names of what would change."""
        names = (field.name for field in fields(Resource))
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do to the library; ``same`` are there already, just so."""

    new: tuple[Resource, ...]
    changed: tuple[Changed, ...]
    same: int


def plan(entries: Sequence[Entry], library: Sequence[Resource], today: date) -> Plan:
    """Return what these entries amount to; resources are told apart by their address."""
    known = {normalised(resource.url): resource for resource in library}
    exact = {resource.url: resource for resource in library}
    taken = {resource.id for resource in library}
    new, changed, same = [], [], 0
    for entry in entries:
        before = exact.get(entry.url) or known.get(normalised(entry.url))
        if before is None:
            resource = _new(entry, taken, today)
            taken.add(resource.id)
            new.append(resource)
            continue
        after = _merged(before, entry)
        if after == before:
            same += 1
        else:
            changed.append(Changed(entry.line, before, after))
    return Plan(tuple(new), tuple(changed), same)


def _new(entry: Entry, taken: set[str], today: date) -> Resource:
    source = entry.source if entry.source is not None else (urlsplit(entry.url).hostname or "")
    return _resource(_id(entry.url, taken), entry, source, entry.checked_on or today)


def _merged(before: Resource, entry: Entry) -> Resource:
    """Return the resource as the file tells it; what the file leaves open stays, and so do texts in other languages."""
    source = entry.source if entry.source is not None else before.source
    after = _resource(before.id, entry, source, entry.checked_on or before.checked_on)
    return replace(after, url=before.url, texts={**before.texts, **entry.texts})


def _resource(id_: str, entry: Entry, source: str, checked_on: date) -> Resource:
    return Resource(
        id_, entry.url, entry.kind, entry.language, source, entry.region, entry.tags, checked_on, dict(entry.texts)
    )


def _id(url: str, taken: set[str]) -> str:
    """Return an id made of the address, and another one if that is some other resource's."""
    text = url
    while (found := hashlib.sha256(text.encode()).hexdigest()[:12]) in taken:
        text += " "
    return found


async def carry_out(uow: UnitOfWork, planned: Plan, progress: Callable[[int], None]) -> None:
    """Save what is new and what changed; ``progress`` is told of each one. The caller commits."""
    for resource in (*planned.new, *(change.after for change in planned.changed)):
        await uow.resources.save(resource)
        progress(1)
