"""Settings: read from the environment and `.env`, checked, with defaults that stand in the README."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.failures import explain
from bot.settings import TOKEN, Settings


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting but those that a test makes."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set_but_the_token() -> None:
    settings = Settings()

    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.default_time, settings.default_minute) == ("07:30", 450)
    assert settings.resolved_database_url.startswith("sqlite:////")
    assert settings.resolved_database_url.endswith("rizhi.db")


def test_a_file_named_env_is_read_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("DEFAULT_TIME=06:15\nDEFAULT_PLAN=河湾\nADMIN_IDS=\n", encoding="utf-8")
    monkeypatch.setenv("DEFAULT_TIME", "21:00")

    settings = Settings()

    assert (settings.default_time, settings.default_plan, settings.admin_ids) == (
        "21:00",
        "河湾",
        frozenset(),
    )


@pytest.mark.parametrize("written", ["7,42", "7, 42", "7，42", " 7 42 ", "42,7,"])
def test_ids_of_admins_may_be_separated_in_any_way(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("ADMIN_IDS", written)

    assert Settings().admin_ids == {7, 42}


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("postgres://a:b@h:5432/d?sslmode=require", "postgresql+psycopg://a:b@h:5432/d?sslmode=require"),
        ("postgresql://a@h/d", "postgresql+psycopg://a@h/d"),
        ("postgresql+psycopg://a@h/d", "postgresql+psycopg://a@h/d"),
        ("sqlite:////srv/rizhi.db", "sqlite:////srv/rizhi.db"),
    ],
)
def test_addresses_of_databases_are_taken_as_hosts_give_them(
    monkeypatch: pytest.MonkeyPatch, url: str, resolved: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    assert Settings().resolved_database_url == resolved


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://ann:s3cret@db/x"),
        ("DATABASE_URL", "sqlite://"),
        ("ADMIN_IDS", "ann"),
        ("ACCESS", "closed"),
        ("DEFAULT_TIMEZONE", "Asia/Peking"),
        ("DEFAULT_TIME", "25:99"),
        ("DEFAULT_TIME", "7:30"),
        ("DEFAULT_LANGUAGE", "fr"),
        ("SEND_RATE", "31"),
        ("SEND_RATE", "0"),
        ("PAID_BROADCAST_STARS", "-1"),
        ("PAID_BROADCAST_STARS", "100"),  # on SQLite
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("PORT", "65536"),
        ("WEBHOOK_URL", "http://rizhi.example.org"),
        ("WEBHOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", "x" * 32 + "!"),
    ],
)
def test_a_wrong_value_is_refused_and_its_setting_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError) as caught:
        Settings()
    assert explain(caught.value).startswith(f"{name}")


def test_paid_broadcasts_may_be_had_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAID_BROADCAST_STARS", "100")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/rizhi")

    assert Settings().paid_broadcast_stars == 100


def test_what_is_wrong_with_a_setting_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_TIME", "7:30")

    with pytest.raises(ValidationError) as caught:
        Settings()
    assert explain(caught.value) == "DEFAULT_TIME: “7:30” is no time of day; write it as 07:30"


def test_the_slash_at_the_end_of_the_api_address_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/")

    assert Settings().telegram_api_url == "http://127.0.0.1:8081"


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123")
    monkeypatch.setenv("DATABASE_URL", "postgres://rizhi:s3cret@db/x")
    monkeypatch.setenv("TELEGRAM_PROXY", "socks5://ann:s3cret@proxy:1080")

    shown = repr(Settings()) + str(Settings())

    assert "AAFake" not in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    ("token", "has_the_form"),
    [
        ("123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123", True),
        ("123456789:short", False),
        ("", False),
        ("bot123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123", False),
    ],
)
def test_a_token_is_known_by_its_form(token: str, has_the_form: bool) -> None:
    assert bool(TOKEN.fullmatch(token)) is has_the_form
