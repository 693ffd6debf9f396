"""Settings: read once from the environment and `.env`, checked, frozen, and passed down."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
"""Shape of a bot's token: the bot's id, a colon, 35 characters (a few less are let through)."""
SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")
"""What goes with each update to the webhook: Telegram's characters, and more of them than anybody can try."""
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
"""A time of day from 00:00 to 23:59."""
DATABASES = re.compile(r"sqlite:///.+|postgres(ql)?(\+psycopg)?://.*", re.DOTALL)
"""Addresses of databases that this program can use."""


class Settings(BaseSettings):
    """What an operator can set. Each field is the environment's variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = TELEGRAM
    telegram_proxy: SecretStr | None = None
    database_url: SecretStr | None = None
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    access: Literal["open", "private"] = "open"
    default_plan: str | None = None
    default_timezone: str = "Asia/Shanghai"
    default_time: str = "07:30"
    default_language: Literal["zh-Hans", "en"] = "zh-Hans"
    ambiguous: Literal["resend", "hold"] = "resend"
    send_rate: Annotated[int, Field(ge=1, le=30)] = 25
    paid_broadcast_stars: Annotated[int, Field(ge=0)] = 0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    metrics_token: SecretStr | None = None
    daily_report: Literal["troubles", "always", "never"] = "troubles"

    @field_validator("telegram_api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _reachable_webhook(cls, value: str | None) -> str | None:
        if value is not None and not (value.startswith("https://") or is_loopback(value)):
            raise ValueError("must start with https://: Telegram sends updates to no other address")
        return value.rstrip("/") if value else value

    @field_validator("webhook_secret")
    @classmethod
    def _long_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 32 to 256 characters of A-Z, a-z, 0-9, _ and -")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not DATABASES.fullmatch(value.get_secret_value()):
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @field_validator("paid_broadcast_stars")
    @classmethod
    def _counted_stars(cls, value: int, info: ValidationInfo) -> int:
        url: SecretStr | None = info.data.get("database_url")
        if value and (url is None or url.get_secret_value().startswith("sqlite")):
            raise ValueError("needs PostgreSQL, where all processes count what they spend: set DATABASE_URL")
        return value

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        return [part for part in re.split(r"[,，\s]+", value) if part] if isinstance(value, str) else value

    @field_validator("default_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"there is no time zone “{value}”; use a name such as Asia/Shanghai")
        return value

    @field_validator("default_time")
    @classmethod
    def _known_time(cls, value: str) -> str:
        if not TIME.fullmatch(value):
            raise ValueError(f"“{value}” is no time of day; write it as 07:30")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def default_minute(self) -> int:
        """The default time of the digest in minutes after midnight."""
        moment = dt.time.fromisoformat(self.default_time)
        return moment.hour * 60 + moment.minute

    @property
    def resolved_webhook_secret(self) -> str:
        """What comes with each update to the webhook: as set, or else a value that only the token gives."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        return derive(self.telegram_bot_token.get_secret_value(), "webhook")

    @property
    def secrets(self) -> frozenset[str]:
        """All that may be in no log, whatever its form; of a token also the part that opens something."""
        fields = (getattr(self, name) for name in type(self).model_fields)
        kept = {field.get_secret_value() for field in fields if isinstance(field, SecretStr)}
        passwords = {unquote(urlsplit(url).password or "") for url in kept if "://" in url}
        opening = self.telegram_bot_token.get_secret_value().partition(":")[2]
        return frozenset(kept | passwords | {self.resolved_webhook_secret, opening}) - {""}

    @property
    def resolved_database_url(self) -> str:
        """The database's URL for SQLAlchemy: an SQLite file in the user's data folder unless one is set."""
        if self.database_url is None:
            return f"sqlite:///{data_folder() / 'rizhi.db'}"
        return with_driver(self.database_url.get_secret_value())


def with_driver(url: str) -> str:
    """Return a database's URL as SQLAlchemy needs it: hosts name PostgreSQL alone, and no driver."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


def derive(key: str, purpose: str) -> str:
    """Return 64 hexadecimal digits that only who has the key can come by, and that do not give it away."""
    return hmac.digest(key.encode(), purpose.encode(), hashlib.sha256).hex()


def is_loopback(url: str) -> bool:
    """Return whether the address is one of this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def data_folder() -> Path:
    """Return the folder for the database and for jieba's cache, by the conventions of the system."""
    return user_data_path("rizhi", appauthor=False)
