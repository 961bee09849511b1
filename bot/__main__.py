"""``python -m bot`` is the ``connections`` command."""

from bot.cli import app

app()
