"""The installation's settings, read from the environment and from ``.env``; ``.env.example`` explains each one."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigError

LOOPBACK = "127.0.0.1"
ADDRESS = r"^https?://[^\s/]+(/\S*)?$"
SOCKET_ADDRESS = r"^wss?://[^\s/]+(/\S*)?$"


class Settings(BaseSettings):
    """Every setting, by its conventional name in upper case."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    data_dir: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    secret_key: SecretStr = SecretStr("")
    web_host: str = LOOPBACK
    web_port: int = Field(default=8080, ge=0, le=65535)
    community_languages: Annotated[tuple[str, ...], NoDecode] = ("en", "fr", "es")
    organizers: Annotated[tuple[str, ...], NoDecode] = ()
    log_format: str = Field(default="console", pattern="^(console|json)$")
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_mode: Literal["socket", "http"] = "socket"
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=ADDRESS)
    discord_token: SecretStr = SecretStr("")
    discord_message_content: bool = False
    discord_api_url: str = Field(default="https://discord.com/api/v10", pattern=ADDRESS)
    discord_gateway_url: str = Field(default="", pattern=f"^$|{SOCKET_ADDRESS}")

    @field_validator("community_languages", "organizers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def sample(self) -> bool:
        """Whether the sample community is shown: as long as no real platform is configured."""
        real = (self.slack_bot_token, self.slack_app_token, self.discord_token)
        return not any(token.get_secret_value() for token in real)

    @property
    def database(self) -> str:
        """The database's URL; unless one is given, a file in the data folder, another for the sample than for real."""
        name = "sample.db" if self.sample else "connections.db"
        return self.database_url.get_secret_value() or f"sqlite+aiosqlite:///{self.data_dir / name}"


def load_settings() -> Settings:
    """Read the settings. Raises ConfigError naming the setting that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        msg = f"The setting {name} is not usable: {first['msg']}. Correct it in .env; .env.example explains it."
        raise ConfigError(msg) from None


def secret_key(settings: Settings) -> str:
    """Return the installation's secret, made on the first run and kept in the data folder, readable by its owner."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    path = settings.data_dir / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
