"""The container files, read as their tools read them: pinned, not root, no secrets, a page for this machine alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from bot.config import Settings
from scripts.test_needs import ROOT

PINNED = re.compile(r"[a-z/]+:\d+\.\d+(\.\d+)?-[a-z-]+")
SECRETS = tuple(
    name.upper() for name, field in Settings.model_fields.items() if field.annotation.__name__ == "SecretStr"
)


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with what follows it, lines joined and comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line.strip()]


def given(name: str) -> list[str]:
    return [rest for word, rest in instructions() if word == name]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def kept() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines[:3]
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def test_there_are_two_stages_from_one_pinned_image():
    bases = [rest.split()[0] for rest in given("FROM")]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert PINNED.fullmatch(bases[0])
    allowed = re.search(r'requires-python = ">=(\d+)\.(\d+)"', (ROOT / "pyproject.toml").read_text())
    version = re.search(r":(\d+)\.(\d+)", bases[0])
    assert allowed
    assert version
    assert tuple(map(int, version.groups())) >= tuple(map(int, allowed.groups()))


def test_it_does_not_run_as_root():
    (user,) = [rest for word, rest in stages()[-1] if word == "USER"]
    made = [part for word, rest in stages()[-1] if word == "RUN" for part in rest.split("&&")]
    assert user not in {"root", "0"}
    assert any(part.split()[-1] == user and "useradd" in part for part in made)
    order = [word for word, _rest in stages()[-1]]
    assert order.index("USER") < order.index("ENTRYPOINT")


def test_everything_that_is_copied_is_there_and_let_in():
    copied = [rest.split()[:-1] for rest in given("COPY") if not rest.startswith("--from=")]
    sources = [source for each in copied for source in each]
    assert {"requirements.txt", "bot", "adapters", "storage", "schedules"} <= set(sources)
    assert all((ROOT / source).exists() for source in sources)
    assert sorted(sources) == sorted(kept())


def test_packages_come_from_the_hashed_list():
    installs = [rest for rest in given("RUN") if "pip install" in rest]
    assert installs
    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)


def test_nothing_secret_is_in_the_files(compose):
    environment = " ".join((*given("ENV"), *given("ARG")))
    assert not [name for name in SECRETS if name in environment]
    assert not {"ADD"} & {word for word, _rest in instructions()}
    assert not [name for name in kept() if Path(name).name.startswith(".env")]
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert name not in SECRETS
            assert "PASSWORD" not in name or value == "${POSTGRES_PASSWORD:-}"


def test_its_health_is_what_the_assistant_says(compose):
    (check,) = given("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")
    assert "/healthz" in command[2]
    settings = dict(pair.split("=", 1) for rest in given("ENV") for pair in rest.split())
    assert settings["DATA_DIR"] == "/data"
    assert given("VOLUME") == ["/data"]
    assert given("EXPOSE") == [settings["WEB_PORT"]]
    assert json.loads(given("ENTRYPOINT")[0]) + json.loads(given("CMD")[0]) == ["connections", "run"]
    assert {name for name in settings if name.lower() in Settings.model_fields} >= {"DATA_DIR", "WEB_HOST", "WEB_PORT"}
    assert compose["services"]["assistant"]["environment"]["WEB_PORT"] == settings["WEB_PORT"]


def test_the_page_is_for_this_machine_alone(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8080:8080"]
    assert all(service.get("network_mode") != "host" for service in compose["services"].values())


def test_the_data_outlives_the_containers_and_postgresql_is_a_choice(compose):
    assistant, database = compose["services"]["assistant"], compose["services"]["database"]
    assert assistant["volumes"] == ["data:/data"]
    assert {"data", "database"} == set(compose["volumes"])
    assert "profiles" not in assistant
    assert database["profiles"] == ["postgres"]
    assert assistant["depends_on"]["database"] == {"condition": "service_healthy", "required": False}
    assert PINNED.fullmatch(database["image"])
    assert assistant["env_file"] == [{"path": ".env", "required": False}]
    assert assistant["cap_drop"] == ["ALL"]
    assert assistant["read_only"] is True
