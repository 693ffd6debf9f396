"""`rizhi preview`: the coming digests, exactly as they will be sent. Nothing is written for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from bot.catalogues import catalogue
from bot.clock import Clock
from bot.commands import opened
from bot.digest import Finished, make_content
from bot.models import EVERY_DAY, Delivery, Plan, Subscription, Target
from bot.plans import default_plan, find_plan
from bot.render.content import render_content
from bot.render.markup import plain_text
from bot.render.message import Message
from bot.schedule.claim import new_row
from bot.schedule.due import next_due
from bot.schedule.picks import freeze
from bot.settings import Settings
from bot.subscriptions import view
from content.models import STANDARD, VISIBILITIES
from content.picking import Pick, Position, Seen

NOBODY = 0
"""The chat of a reader who is not there, and the ids of what is not stored."""


@click.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366), help="How many days.")
@click.option("--plan", "name", help="The plan; the default one unless named.")
@click.pass_obj
def preview(settings: Settings, days: int, name: str | None) -> None:
    """Print the coming digests exactly as they will be sent to a new subscriber."""
    now = Clock().now()
    with opened(settings) as database:
        shown = database.run_read(lambda session: list(rehearse(session, settings, name, days, now)))
    for moment, message in shown:
        click.echo(f"── {moment:%Y-%m-%d %H:%M} ──\n{as_text(message)}\n")


def rehearse(
    session: Session, settings: Settings, name: str | None, days: int, now: dt.datetime
) -> Iterator[tuple[dt.datetime, Message]]:
    """Yield local times and messages as a reader would get them who subscribes now."""
    plan = find(session, settings, name)
    subscription, zone = nobody(settings, plan, now), ZoneInfo(settings.default_timezone)
    due = next_due(now, settings.default_minute, EVERY_DAY, zone)
    for day, pick in enumerate(picks(session, plan, days)):
        row = new_row(subscription, *due, now)
        row.id = NOBODY
        freeze(row, pick)
        yield due[1].astimezone(zone), message(session, row, day, settings.default_language)
        due = next_due(due[1], settings.default_minute, EVERY_DAY, zone, due[0])


def picks(session: Session, plan: Plan, days: int) -> Iterator[Pick | None]:
    """Yield what comes on so many days; after the last passage None, for the notice of the end."""
    passages, seen, position = catalogue(session, plan, STANDARD), Seen(), None
    for _ in range(days if passages.candidates else 0):
        pick = passages.pick(seen, position, f"{NOBODY} 1")
        yield pick
        if pick is None:
            return
        seen.add(pick.span)
        position = Position(pick.span.document_id, pick.span.article, pick.span.stop)


def message(session: Session, row: Delivery, day: int, language: str) -> Message:
    """Return what is sent for the row, after so many days."""
    if row.start is None:
        return render_content(Finished(view(session, row.subscription), day), language)
    content = make_content(session, row)
    assert content is not None  # picked in this transaction
    return render_content(content, language)


def find(session: Session, settings: Settings, name: str | None) -> Plan:
    """Return the plan of that name, or the default one; ClickException where there is none."""
    plan = find_plan(session, name) if name else default_plan(session, settings.default_plan, VISIBILITIES)
    if plan is None:
        missing = f"there is no plan “{name}”" if name else "there is no plan yet; see: rizhi import"
        raise click.ClickException(missing)
    return plan


def nobody(settings: Settings, plan: Plan, now: dt.datetime) -> Subscription:
    """Return a subscription with the default settings, of a reader who is not there; not stored."""
    target = Target(
        chat_id=NOBODY,
        kind="private",
        language=settings.default_language,
        timezone=settings.default_timezone,
        created_at=now,
    )
    return Subscription(
        id=NOBODY,
        target=target,
        plan=plan,
        plan_id=plan.id,
        status="active",
        local_minute=settings.default_minute,
        weekdays=EVERY_DAY,
        length=STANDARD,
        round=1,
        created_at=now,
    )


def as_text(message: Message) -> str:
    """Return the message for a terminal: its text without markup, its buttons in brackets."""
    buttons = [" ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return "\n".join([plain_text(message.text), *buttons])
