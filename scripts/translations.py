"""Keep the catalogs in step with the code: python -m scripts.translations extract | update | add | check.

The texts of the code go into one template (.pot), and from there into one catalog (.po) for each language, which
translators edit and the bot reads as it is. Files are written so that they change only when a text changes: no dates,
no line numbers, no wrapping.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("bot", "adapters", "storage", "schedules")
DOMAIN = "connections"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.jinja", "jinja2")]
OPTIONS = {pattern: {"encoding": "utf-8", "silent": "false"} for pattern in ("**.html", "**.jinja")}
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "NP_": ((1, "c"), 2),
}
TRANSLATORS = "Translators:"


class Project:
    """The sources and catalogs under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.locales = root / "bot" / "locales"
        self.template = self.locales / f"{DOMAIN}.pot"

    def catalogs(self) -> dict[str, Path]:
        """Return each language's catalog file."""
        return {path.parent.parent.name: path for path in sorted(self.locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}

    def extracted(self) -> Catalog:
        """Return the texts that stand in the code now."""
        catalog = Catalog(charset="utf-8")
        for source in SOURCES:
            found = extract_from_dir(
                self.root / source, METHODS, OPTIONS, KEYWORDS, (TRANSLATORS,), strip_comment_tags=True
            )
            for name, line, msgid, comments, context in found:
                catalog.add(msgid, None, [(f"{source}/{name}", line)], auto_comments=comments, context=context)
        return catalog


def rendered(catalog: Catalog) -> str:
    """Return a catalog as text, with no header that changes from one run to the next."""
    header = ['msgid ""', 'msgstr ""', f'"Project-Id-Version: {DOMAIN}\\n"']
    if catalog.locale:
        header += [f'"Language: {catalog.locale}\\n"', f'"Plural-Forms: {catalog.plural_forms}\\n"']
    header += ['"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=utf-8\\n"']
    header += ['"Content-Transfer-Encoding: 8bit\\n"', "", ""]
    body = io.BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    return "\n".join(header) + body.getvalue().decode().strip("\n") + "\n"


def read(path: Path, language: str) -> Catalog:
    """Read a language's catalog; a line that cannot be understood is an error."""
    with path.open("rb") as po:
        return read_po(po, locale=Locale.parse(language, sep="-"), domain=DOMAIN, abort_invalid=True)


def extract(project: Project) -> Catalog:
    """Write the template anew."""
    template = project.extracted()
    project.locales.mkdir(parents=True, exist_ok=True)
    project.template.write_text(rendered(template), encoding="utf-8")
    return template


def update(project: Project) -> None:
    """Bring new texts into every catalog; the translations of texts that are gone stay below as obsolete."""
    template = extract(project)
    for language, path in project.catalogs().items():
        catalog = read(path, language)
        catalog.update(template, no_fuzzy_matching=True)
        path.write_text(rendered(catalog), encoding="utf-8")


def add(project: Project, language: str) -> None:
    """Begin a language with an empty catalog."""
    path = project.locales / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if path.exists():
        msg = f"There is a catalog already: {path}"
        raise SystemExit(msg)
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        msg = f"{language!r} is not a language tag such as pt or pt-BR."
        raise SystemExit(msg) from None
    path.parent.mkdir(parents=True)
    path.write_text(rendered(Catalog(locale=locale)), encoding="utf-8")
    update(project)


def problems(project: Project) -> Iterator[str]:
    """Say what is missing, stale or broken, one line each."""
    template = project.extracted()
    if not project.template.exists() or project.template.read_text(encoding="utf-8") != rendered(template):
        yield f"{project.template.name}: stale; run make translations"
    for language, path in project.catalogs().items():
        try:
            catalog = read(path, language)
        except PoFileError as error:
            yield f"{language}: cannot be read: {error}"
            continue
        yield from (f"{language}: {problem}" for problem in _catalog_problems(catalog, template))


def _catalog_problems(catalog: Catalog, template: Catalog) -> Iterator[str]:
    for source in template:
        if source.id:
            message = catalog.get(source.id, source.context)
            if message is None:
                yield f"missing: {_shown(source)}"
            else:
                yield from _message_problems(message, source, catalog.num_plurals)
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {_shown(message)}"
    for message in catalog.obsolete.values():
        yield f"obsolete, to be reused or removed: {_shown(message)}"


def _message_problems(message: Message, source: Message, plurals: int) -> Iterator[str]:
    sources, texts = _forms(source.id), _forms(message.string)
    if message.fuzzy:
        yield f"fuzzy, to be confirmed: {_shown(message)}"
    if not any(texts):
        yield f"not translated: {_shown(message)}"
    elif len(texts) != (plurals if source.pluralizable else 1) or not all(texts):
        yield f"a plural form is missing: {_shown(message)}"
    elif not _placeholders_agree(sources, texts):
        yield f"placeholders differ: {_shown(message)}"


def _placeholders_agree(sources: Sequence[str], texts: Sequence[str]) -> bool:
    """Tell whether the last form says all that the source's plural says; a singular may spell out its number."""
    try:
        wanted = [placeholders(text) for text in sources]
    except ValueError:
        return True  # the source's braces are no placeholders
    try:
        found = [placeholders(text) for text in texts]
    except ValueError:
        return False
    some, every = set.union(*wanted), set.intersection(*wanted)
    return found[-1] == wanted[-1] and all(every <= form <= some for form in found)


def placeholders(text: str) -> set[str]:
    """Return the names in ``{name}`` and ``%(name)s``; raise ValueError when the braces are not balanced."""
    braces = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\((\w+)\)s", text))


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _shown(message: Message) -> str:
    return repr(_forms(message.id)[0])


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.translations", description="Keep the catalogs in step.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract", help="write the template of all texts")
    commands.add_parser("update", help="extract, and bring new texts into every catalog")
    commands.add_parser("add", help="begin a language").add_argument("language", help="a tag such as pt or pt-BR")
    commands.add_parser("check", help="fail on anything missing, stale or broken")
    chosen = parser.parse_args(arguments)
    project = Project(root)
    match chosen.command:
        case "extract":
            extract(project)
        case "update":
            update(project)
        case "add":
            add(project, chosen.language)
        case _:
            found = list(problems(project))
            print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
            print(f"translations: {len(found)} problems in {', '.join(project.catalogs()) or 'no catalog'}")
            return int(bool(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
