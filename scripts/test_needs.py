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

DRIVER_ADVICE = (
    "Playwright, which drives the tests' browser, does not start here. "
    "Install the library libatomic (libatomic1 on Debian and Ubuntu), then run make test again."
)
PLAYWRIGHTS_BROWSER = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
APT_INSTALL = ("apt-get", "install", "-qq", "-y", "--no-install-recommends")

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
    version = re.search(r"\d+", _output(folder / "postgres", "--version"))
    return version is not None and int(version[0]) >= OLDEST_POSTGRES


def find_chromium(path: str | None = None) -> Path | None:
    """Return a Chromium that starts, or None; ``path`` replaces the environment's PATH."""
    return next((browser for browser in _browsers(path) if "Chrom" in _output(browser, "--version")), None)


def _browsers(path: str | None) -> Iterator[Path]:
    yield from (Path(found) for name in BROWSERS if (found := shutil.which(name, path=path)))
    if path is None and (own := _output(sys.executable, "-c", PLAYWRIGHTS_BROWSER)):
        yield Path(own.strip())


def find_driver() -> Path | None:
    """Return the program by which Playwright drives a browser, or None when it does not start."""
    playwright = Path(sys.executable).with_name("playwright")
    return playwright if _output(playwright, "--version") else None


def _output(*command: str | Path) -> str:
    """Return what a command prints, or nothing when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


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


def driver_commands() -> list[Command]:
    """Return what installs the library that Playwright's driver lacks on a bare system."""
    return [["apt-get", "update", "-qq"], [*APT_INSTALL, "libatomic1"]] if _may_install() else []


def chromium_commands() -> list[Command]:
    """Return what installs Chromium where there is none: the browser tool's own installer, then the system's."""
    install = [sys.executable, "-m", "playwright", "install"]
    if not _may_install():
        return [[*install, "chromium"]]
    return [
        ["apt-get", "update", "-qq"],
        [*install, "--with-deps", "chromium"],
        [*APT_INSTALL, "chromium"],
    ]


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def main() -> None:
    """Find or bring everything, and say which it is."""
    print("PostgreSQL:", bring(find_postgres, postgres_commands(), POSTGRES_ADVICE))
    print("Playwright:", bring(find_driver, driver_commands(), DRIVER_ADVICE))
    print("Chromium:  ", bring(find_chromium, chromium_commands(), CHROMIUM_ADVICE))


if __name__ == "__main__":
    main()
