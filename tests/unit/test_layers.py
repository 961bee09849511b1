"""The layer rules hold, and each of them notices what breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.test_needs import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("bot", "adapters", "storage", "schedules")


def lint(folder, *arguments):
    command = [LINT_IMPORTS, "--config", "pyproject.toml", "--no-cache", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The four packages as they are, to plant something in."""
    folder = tmp_path_factory.mktemp("layers")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_layer_rules_hold():
    checked = lint(ROOT)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("contract", "files"),
    [
        ("core", {"bot/planted.py": "import sqlalchemy"}),
        ("core", {"bot/features/members/planted.py": "from slack_sdk.web import WebClient"}),
        ("core", {"bot/planted.py": "def late():\n    from storage import planted", "storage/planted.py": ""}),
        ("core", {"bot/planted.py": "import schedules.planted", "schedules/planted.py": ""}),
        ("core", {"bot/planted.py": "from adapters.planted import x", "adapters/planted.py": "x = 1"}),
        ("models", {"bot/features/planted/__init__.py": "", "bot/features/planted/model.py": "import bot.ports"}),
        ("models", {"bot/features/planted/__init__.py": "", "bot/features/planted/model.py": "import asyncio"}),
        (
            "models",
            {
                "bot/features/planted/__init__.py": "",
                "bot/features/planted/model.py": "import bot.features.planted.aside",
                "bot/features/planted/aside.py": "import bot.ports",
            },
        ),
        (
            "slices",
            {
                "bot/features/planted/__init__.py": "",
                "bot/features/planted/handlers.py": "import bot.features.planted.specs",
                "bot/features/planted/specs.py": "",
            },
        ),
        (
            "slices",
            {
                "bot/features/planted/__init__.py": "",
                "bot/features/planted/replies.py": "import bot.features.planted.handlers",
                "bot/features/planted/handlers.py": "",
            },
        ),
        (
            "cycles",
            {
                "bot/features/planted/__init__.py": "",
                "bot/features/planted/handlers.py": "import bot.features.two.replies",
                "bot/features/two/__init__.py": "",
                "bot/features/two/replies.py": "",
                "bot/features/two/handlers.py": "import bot.features.planted.handlers",
            },
        ),
        ("adapters", {"adapters/planted.py": "import storage.planted", "storage/planted.py": ""}),
        ("adapters", {"adapters/planted.py": "import sqlalchemy"}),
        (
            "independent-adapters",
            {
                "adapters/planted/__init__.py": "",
                "adapters/planted/listener.py": "import adapters.two",
                "adapters/two/__init__.py": "",
            },
        ),
        ("storage", {"storage/planted.py": "import schedules.planted", "schedules/planted.py": ""}),
        (
            "storage",
            {
                "storage/planted.py": "import bot.features.planted.handlers",
                "bot/features/planted/__init__.py": "",
                "bot/features/planted/handlers.py": "",
            },
        ),
        ("schedules", {"schedules/planted.py": "import storage.planted", "storage/planted.py": ""}),
        ("schedules", {"schedules/planted.py": "import sqlalchemy"}),
    ],
)
def test_a_planted_import_breaks_its_rule(copy, contract, files):
    new = [folder for name in files if not (folder := (copy / name).parent).exists()]
    try:
        for name, text in files.items():
            (copy / name).parent.mkdir(exist_ok=True)
            (copy / name).write_text(text + "\n")
        checked = lint(copy, "--contract", contract)
    finally:
        for name in files:
            (copy / name).unlink(missing_ok=True)
        for folder in new:
            shutil.rmtree(folder, ignore_errors=True)
    assert checked.returncode == 1, checked.stdout
    assert "1 broken" in checked.stdout
    assert "planted" in checked.stdout


def test_the_copy_by_itself_breaks_nothing(copy):
    assert lint(copy).returncode == 0
