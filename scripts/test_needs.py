"""Find what the tests need besides Python packages, or bring it: a PostgreSQL server and a Chromium browser.

`make test` runs this first, so that no test has to be left out for want of one. What the machine has comes first.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_POSTGRES = 14
POSTGRES_PROGRAMS = ("initdb", "pg_ctl", "postgres", "createdb", "dropdb")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

POSTGRES_ADVICE = (
    f"The tests need PostgreSQL {OLDEST_POSTGRES} or newer, and its wheel could not be installed here. "
    "Install your system's package (postgresql on Debian and Ubuntu), then run make test again."
)
CHROMIUM_ADVICE = (
    "The tests need the browser Chromium, and it could not be installed here. "
    "Install your system's package (chromium on Debian), then run make test again."
)

Command = Sequence[str]


def find_postgres(path: str | None = None) -> Path | None:
    """Return the folder of PostgreSQL's programs, or None; ``path`` replaces the environment's PATH."""
    return next((folder for folder in _postgres_folders(path) if _is_postgres(folder)), None)


def _postgres_folders(path: str | None) -> Iterator[Path]:
    on_path = shutil.which("initdb", path=path)
    if on_path:
        yield Path(on_path).resolve().parent
    if path is None:
        yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("pgserver")
    if wheel and wheel.origin:
        yield Path(wheel.origin).with_name("pginstall") / "bin"


def _is_postgres(folder: Path) -> bool:
    if not all(os.access(folder / program, os.X_OK) for program in POSTGRES_PROGRAMS):
        return False
    version = re.search(r"\d+", _version(folder / "postgres"))
    return version is not None and int(version[0]) >= OLDEST_POSTGRES


def find_chromium(path: str | None = None) -> Path | None:
    """Return a Chromium that starts, or None; ``path`` replaces the environment's PATH."""
    return next((browser for browser in _browsers(path) if "Chrom" in _version(browser)), None)


def _browsers(path: str | None) -> Iterator[Path]:
    yield from (Path(found) for name in BROWSERS if (found := shutil.which(name, path=path)))
    if path is None and importlib.util.find_spec("playwright"):
        yield _playwright_browser()


def _playwright_browser() -> Path:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - this file must also run without it

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _version(program: Path) -> str:
    """Return what a program says of its version, or nothing when it does not start."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout


def bring(find: Callable[[], Path | None], commands: Sequence[Command], advice: str) -> Path:
    """Return what ``find`` finds, running the commands one after the other until it finds something.

    Ends the program with ``advice`` when nothing helped.
    """
    found = find()
    for command in commands:
        if found:
            break
        print("$", *command, flush=True)
        subprocess.run(command, cwd=ROOT, check=False)
        found = find()
    if found is None:
        raise SystemExit(advice)
    return found


def postgres_commands() -> list[Command]:
    """Return what installs PostgreSQL where there is none."""
    wheel = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    return [[sys.executable, "-m", "pip", *wheel, "-r", "requirements-postgres.txt"]]


def chromium_commands() -> list[Command]:
    """Return what installs Chromium where there is none: the browser tool's own installer, then the system's."""
    install = [sys.executable, "-m", "playwright", "install"]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return [[*install, "chromium"]]
    return [
        ["apt-get", "update", "-qq"],
        [*install, "--with-deps", "chromium"],
        ["apt-get", "install", "-qq", "-y", "chromium"],
    ]


def main() -> None:
    """Find or bring both, and say which they are."""
    print("PostgreSQL:", bring(find_postgres, postgres_commands(), POSTGRES_ADVICE))
    print("Chromium:  ", bring(find_chromium, chromium_commands(), CHROMIUM_ADVICE))


if __name__ == "__main__":
    main()
