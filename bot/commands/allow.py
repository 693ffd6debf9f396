"""`rizhi allow ID`."""

from __future__ import annotations

from functools import partial

import click

from bot.clock import Clock
from bot.commands import opened
from bot.members import allow as allow_member
from bot.settings import Settings


@click.command()
@click.argument("user_ids", metavar="ID...", type=click.IntRange(min=1), nargs=-1, required=True)
@click.pass_obj
def allow(settings: Settings, user_ids: tuple[int, ...]) -> None:
    """Let people in: they may use a private instance and read members' collections."""
    now = Clock().now()
    with opened(settings) as database:
        for user_id in user_ids:
            database.run_write(partial(allow_member, user_id=user_id, now=now))
            click.echo(f"{user_id} is allowed.")
