"""`rizhi doctor`: what is wrong with the set-up, and how to mend it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click

from bot.checks import Finding
from bot.checks.feeds import check_feeds
from bot.checks.live import check_live_api
from bot.checks.machine import (
    check_cards,
    check_corpus,
    check_database,
    check_default_plan,
    check_disk,
    check_index,
    check_lasting,
    check_time_zones,
    check_words,
)
from bot.checks.telegram import check_access, check_clock, check_proxy, check_telegram, check_token_form
from bot.settings import Settings

CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    check_token_form,
    check_proxy,
    check_telegram,
    check_clock,
    check_access,
    check_lasting,
    check_database,
    check_index,
    check_corpus,
    check_default_plan,
    check_feeds,
    check_disk,
    check_words,
    check_time_zones,
    check_cards,
)
"""In the order in which one would mend what they find."""


@click.command()
@click.option("--live", is_flag=True, help="Also send the admins a message, to see what the Bot API can do.")
@click.pass_obj
def doctor(settings: Settings, live: bool) -> None:
    """Say what is wrong with the set-up and how to mend it."""
    well = True
    for finding in examine(settings, live):
        click.echo(f"{'✓' if finding.well else '✗'} {finding.seen}")
        if not finding.well:
            click.echo(f"  → {finding.remedy}")
        well = well and finding.well
    sys.exit(0 if well else 1)


def examine(settings: Settings, live: bool) -> Iterator[Finding]:
    """Yield the findings, each when it has been made; with `live` also the one that sends something."""
    return (check(settings) for check in (*CHECKS, *([check_live_api] if live else [])))
