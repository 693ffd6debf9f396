"""The host that the process runs on: whether its disk lasts, and whether it wants to be told how we are."""

from __future__ import annotations

import logging
import socket

from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings import Settings

log = logging.getLogger(__name__)


class Host(BaseSettings):
    """What hosts put into the environment. Not for operators to set."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    dyno: str | None = None
    k_service: str | None = None
    render: str | None = None
    railway_environment_name: str | None = None
    fly_app_name: str | None = None
    notify_socket: str | None = None
    """Where systemd listens (sd_notify), for services of Type=notify."""

    @property
    def ephemeral(self) -> str | None:
        """The name of a host whose disk is emptied at each restart or deploy; None where it lasts."""
        names = {
            "Heroku": self.dyno,
            "Cloud Run": self.k_service,
            "Render": self.render,
            "Railway": self.railway_environment_name,
            "Fly.io": self.fly_app_name,
        }
        return next((name for name, mark in names.items() if mark), None)

    def notify(self, state: str) -> None:
        """Tell systemd, e.g. READY=1, WATCHDOG=1 or STOPPING=1; nothing happens where nobody listens."""
        if not self.notify_socket:
            return
        abstract = self.notify_socket.startswith("@")
        address = f"\0{self.notify_socket[1:]}" if abstract else self.notify_socket
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.sendto(state.encode(), address)
        except OSError as error:
            log.warning("systemd cannot be told %s: %s", state, error)


def loses_data(settings: Settings, host: Host) -> str | None:
    """Return why everything would be lost soon; None where it would not. A DATABASE_URL is believed."""
    if settings.database_url is not None or host.ephemeral is None:
        return None
    return (
        f"the disk of {host.ephemeral} is emptied at each restart, and every subscriber with it. "
        "Set DATABASE_URL: to PostgreSQL, or to an SQLite file on a disk that stays"
    )
