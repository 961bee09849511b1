"""Settings: explained in one place, read from the environment, wrong ones named, secrets kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings, load_settings, secret_key
from bot.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def example_lines() -> list[str]:
    return EXAMPLE.read_text(encoding="utf-8").splitlines()


def test_the_example_names_every_setting_once_with_its_default():
    shown = dict(line.split("=", 1) for line in example_lines() if line and not line.startswith("#"))
    defaults = {}
    for name, field in Settings.model_fields.items():
        value = field.default
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        defaults[name.upper()] = ",".join(value) if isinstance(value, tuple) else _written(value)
    assert shown == defaults


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_setting_of_the_example_is_explained():
    lines = example_lines()
    platforms = lines.index("SLACK_APP_TOKEN=")
    unexplained = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if "=" in line and not line.startswith("#") and not before.startswith("#") and line != lines[platforms]
    ]
    assert unexplained == []


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("COMMUNITY_LANGUAGES", "fr, en")
    monkeypatch.setenv("ORGANIZERS", "slack:T1/U1,discord:5")
    settings = load_settings()
    assert settings.community_languages == ("fr", "en")
    assert settings.organizers == ("slack:T1/U1", "discord:5")


@pytest.mark.parametrize(("name", "value"), [("WEB_PORT", "eighty"), ("WEB_PORT", "70000"), ("LOG_FORMAT", "xml")])
def test_a_wrong_setting_is_named_without_its_value(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"The setting {name} is not usable") as refused:
        load_settings()
    assert value not in str(refused.value)


def test_a_platform_token_turns_the_sample_off_and_takes_another_file():
    assert Settings().sample
    real = Settings(discord_token=SecretStr("token-1"))
    assert not real.sample
    assert real.database != Settings().database
    assert "token-1" not in repr(real.discord_token)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    settings = Settings(data_dir=tmp_path)
    first = secret_key(settings)
    assert len(first) >= 32
    assert secret_key(settings) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert secret_key(Settings(data_dir=tmp_path, secret_key=SecretStr("given"))) == "given"
