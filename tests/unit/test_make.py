"""What `make` says and does on a machine that is not ready, and on one that is."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from scripts.test_needs import ROOT

SOURCES = ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt")


@pytest.fixture
def clone(tmp_path):
    """A folder with what `make` reads, and no .venv."""
    for name in SOURCES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder, *arguments):
    # Not as a part of the `make test` that may have started these tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "ARGS", "PYTHON"))}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def python(folder, script):
    fake = folder / "fake-python"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    return f"PYTHON={fake}"


def test_make_alone_tells_what_can_be_made(clone):
    assert "make run " in make(clone).stdout


def test_without_python_a_sentence_says_so(clone):
    refused = make(clone, "run", "PYTHON=no-such-python")
    assert refused.returncode
    assert "Python 3.11 or newer is needed, and there is no 'no-such-python' here." in refused.stdout
    assert not (clone / ".venv").exists()


def test_an_old_python_is_refused_by_its_version(clone):
    old = python(clone, 'case "$*" in *version_info*) exit 1;; *) echo Python 3.9.2;; esac')
    refused = make(clone, "run", old)
    assert refused.returncode
    assert "is Python 3.9.2. Name a newer one" in refused.stdout


def test_a_python_without_venv_is_refused_with_the_package_to_install(clone):
    bare = python(clone, 'case "$*" in *venv*) exit 1;; esac')
    refused = make(clone, "run", bare)
    assert refused.returncode
    assert "apt install python3-venv" in refused.stdout


def test_when_packages_cannot_be_had_a_sentence_says_what_to_do(clone):
    failing = 'printf "#!/bin/sh\\nexit 1\\n" >.venv/bin/python'
    cut_off = python(clone, f"mkdir -p .venv/bin; {failing}; chmod +x .venv/bin/python")
    refused = make(clone, "run", cut_off)
    assert refused.returncode
    assert "The packages could not be installed" in refused.stdout
    assert not (clone / ".venv" / "installed").exists()


def test_nothing_is_installed_twice_until_something_changes(clone):
    programs = clone / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").touch()
    (programs.parent / "installed").touch()
    assert make(clone, "--dry-run", "run").stdout.split() == [".venv/bin/connections", "run"]
    changed = (programs.parent / "installed").stat().st_mtime_ns + 1_000_000_000
    os.utime(clone / "requirements.txt", ns=(changed, changed))
    assert "--require-hashes -r requirements.txt" in make(clone, "--dry-run", "run").stdout
