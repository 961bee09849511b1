"""Errbot's test backend with the lookup plugin, asked line by line on standard input; runs in Errbot's environment."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from pathlib import Path

COMMANDS = {"question": "!ask {}", "meeting": "!next meeting"}


class ErrbotSide:
    """A running bot, and what is asked of it."""

    def __init__(self, folder: Path) -> None:
        # The root logger has a handler already, so that the test backend does not log to the terminal besides its file.
        logging.getLogger().addHandler(logging.NullHandler())
        from errbot.backends.test import TestBot  # type: ignore[import-not-found] # noqa: PLC0415 - it sets up logging

        config = {
            "BOT_DATA_DIR": str(folder),
            "BOT_LOG_FILE": str(folder / "errbot.log"),
            "LIBRARY": str(folder / "library.json"),
            "BOT_ADMINS": ("admin",),
        }
        plugins = str(Path(__file__).with_name("lookup"))
        # Errbot's own default level, as for the assistant; the test backend would log every step.
        self._bot = TestBot(extra_plugin_dir=plugins, loglevel=logging.INFO, extra_config=config)
        self._bot.start()

    def round(self, kind: str, asked: list[tuple[int, str]], at_once: int) -> dict[str, object]:
        """Ask ``at_once`` at a time; return each turn's milliseconds, and the seconds and processor seconds of all."""
        texts = [COMMANDS[kind].format(text) for _member, text in asked]
        spent: list[float] = []
        answers = []
        started, cpu = time.perf_counter(), time.process_time()
        for place in range(0, len(texts), at_once):
            began = time.perf_counter()
            several = texts[place : place + at_once]
            for text in several:
                self._bot.push_message(text)
            answers += [self._bot.pop_message(timeout=30) for _ in several]
            spent.append((time.perf_counter() - began) * 1000)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        found = sum("nothing" not in answer for answer in answers)
        return {"ms": spent, "seconds": seconds, "cpu": cpu, "answers": len(answers), "found": found}


def main() -> None:
    """Answer requests until the input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    side = ErrbotSide(Path(sys.argv[1]))
    answers.write('{"ready": true}\n')
    for line in sys.stdin:
        answers.write(json.dumps(side.round(**json.loads(line))) + "\n")
    os._exit(0)  # Errbot's threads wait for messages for ever


if __name__ == "__main__":
    main()
