"""The ``connections`` command: a thin shell over bootstrap."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from bot.commandline import backup, check, console, manifest, privacy, setup, transfer
from bot.commandline.explained import explained
from bot.commandline.time import time_app
from bot.config import load_settings
from bot.features.resources.model import Hit
from bot.i18n import available_languages
from bot.logs import configure

# Tracebacks stay plain: the pretty ones print local variables, secrets among them.
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A community assistant for Slack and Discord.",
)
app.add_typer(time_app, name="time")
for part in (setup, check, backup, console, manifest, privacy, transfer):
    part.register(app)


@app.command()
def run() -> None:
    """Run the assistant; without a platform configured, with the sample community in the browser."""
    with explained():
        settings = load_settings()
        configure(settings)
        from bot.bootstrap import start

        start(settings)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for, in plain words.")],
    lang: Annotated[str, typer.Option(help="The reader's language, as a BCP-47 tag.")] = "en",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many results at most.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search the library."""
    with explained():
        hits = asyncio.run(_search(query, lang, limit))
    results = [_result(hit, lang) for hit in hits]
    if as_json:
        typer.echo(json.dumps({"results": results}, ensure_ascii=False))
        return
    for result in results:
        typer.echo(f"{result['score']:.2f}  [{result['language']}] {result['title']}\n      {result['url']}")
    if not results:
        typer.echo("Nothing found.")


async def _search(query: str, lang: str, limit: int) -> tuple[Hit, ...]:
    from bot.bootstrap import open_storage

    async with open_storage(load_settings()) as uow_factory, uow_factory() as uow:
        languages = (lang, *(tag for tag in available_languages() if tag != lang))
        return await uow.search.find(query, languages=languages, limit=limit)


def _result(hit: Hit, lang: str) -> dict[str, str | float]:
    resource = hit.resource
    return {
        "id": resource.id,
        "score": round(hit.score, 4),
        "title": resource.text(resource.language if lang != hit.language else lang).title,
        "language": resource.language,
        "url": resource.url,
        "snippet": hit.snippet,
    }


if __name__ == "__main__":
    app()
