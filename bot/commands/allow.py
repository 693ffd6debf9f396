"""`rizhi allow`: those who are let in are listed, added and removed."""

from __future__ import annotations

import datetime as dt

import click
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.commands import opened
from bot.members import all_members, disallow
from bot.members import allow as allow_member
from bot.settings import Settings

LAST_ID = 2**52 - 1
"""Telegram promises that ids have at most 52 bits."""


@click.command()
@click.argument("user_ids", metavar="[ID...]", type=click.IntRange(1, LAST_ID), nargs=-1)
@click.option("--remove", is_flag=True, help="Let them in no longer.")
@click.pass_obj
def allow(settings: Settings, user_ids: tuple[int, ...], remove: bool) -> None:
    """Let people in by their numbers, or no longer, or list them.

    Those who are let in may use a private instance and read members' collections; without a number they are
    listed. A private bot tells whoever it does not know his number.
    """
    if remove and not user_ids:
        raise click.UsageError("--remove needs the ID of somebody; rizhi allow lists them.")
    now = Clock().now()
    with opened(settings) as database:
        if not user_ids:
            lines = database.run_read(describe_all)
        elif remove:
            lines = database.run_write(lambda session: shut_out(session, user_ids, settings))
        else:
            lines = database.run_write(lambda session: let_in(session, user_ids, now))
    click.echo("\n".join(lines))


def describe_all(session: Session) -> list[str]:
    """Return a line for each who is let in, with the date since when (UTC)."""
    lines = [f"{member.user_id} since {member.allowed_at:%Y-%m-%d}" for member in all_members(session)]
    return lines or ["Nobody is let in yet; see: rizhi allow --help"]


def let_in(session: Session, user_ids: tuple[int, ...], now: dt.datetime) -> list[str]:
    """Let them in, and return a line for each."""
    return [
        f"{user_id} is {'' if allow_member(session, user_id, now) else 'already '}allowed."
        for user_id in user_ids
    ]


def shut_out(session: Session, user_ids: tuple[int, ...], settings: Settings) -> list[str]:
    """Let them in no longer, and return a line for each; ClickException where one is not, and all stay."""
    lines = []
    for user_id in user_ids:
        if not disallow(session, user_id):
            raise click.ClickException(f"{user_id} is not let in, and nobody was removed; see: rizhi allow")
        kept = " ADMIN_IDS still names this person." if user_id in settings.admin_ids else ""
        lines.append(f"{user_id} is no longer allowed.{kept}")
    return lines
