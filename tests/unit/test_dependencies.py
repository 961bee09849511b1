"""What we depend on is explained, pinned, hashed, and to be had from any registry."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.test_needs import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PYPROJECT["dependency-groups"]
RUNTIME = PYPROJECT["project"]["dependencies"] + GROUPS["build"]
FILES = {
    "requirements.txt": RUNTIME,
    "requirements-dev.txt": RUNTIME + GROUPS["dev"],
    "requirements-postgres.txt": GROUPS["postgres"],
}


def pins(name):
    """Each pinned package with its versions (several where they differ by Python version)."""
    pinned: dict[str, list[str]] = {}
    for line in re.findall(r"^[\w.-]+==.*$", (ROOT / name).read_text(), re.MULTILINE):
        requirement = Requirement(line.rstrip(" \\"))
        versions = [specifier.version for specifier in requirement.specifier]
        pinned.setdefault(canonicalize_name(requirement.name), []).extend(versions)
    return pinned


def test_every_dependency_has_its_reason_and_no_reason_is_left_over():
    explained = re.findall(r"^\| `([^`]+)` \| \S", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE)
    wanted = [Requirement(line).name for line in RUNTIME + GROUPS["dev"] + GROUPS["postgres"]]
    assert sorted(explained) == sorted(wanted)


@pytest.mark.parametrize("name", FILES)
def test_the_pins_are_those_that_pyproject_allows(name):
    pinned = pins(name)
    for line in FILES[name]:
        requirement = Requirement(line)
        versions = pinned[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), f"{line}: run make lock"


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_hashes_and_no_registry_is_named(name):
    text = (ROOT / name).read_text()
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)


def test_developers_run_what_newcomers_run():
    runtime, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: dev[name] for name in runtime} == runtime
