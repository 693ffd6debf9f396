"""`rizhi preview`: the coming digests, exactly as they will be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.commands import opened
from bot.delivery.ledger import Fence, mark_sending, record_outcome
from bot.delivery.outcomes import Sent
from bot.digest import make_digest, make_finished, today
from bot.models import Delivery, Plan, Subscription
from bot.plans import default_plan, find_plan
from bot.render.content import render_content
from bot.render.markup import plain_text
from bot.render.message import Message
from bot.settings import Settings
from bot.subscriptions import ensure_target, stop, subscribe
from content.models import VISIBILITIES

NOBODY = 0
"""The chat of a reader who is not there."""
OWNER = "preview"


@click.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366), help="How many days.")
@click.option("--plan", "name", help="The plan; the default one unless named.")
@click.pass_obj
def preview(settings: Settings, days: int, name: str | None) -> None:
    """Print the coming digests exactly as they will be sent to a new subscriber."""
    now = Clock().now()
    with opened(settings) as database:
        shown = database.rehearse(lambda session: list(rehearse(session, settings, name, days, now)))
    for moment, message in shown:
        click.echo(f"── {moment:%Y-%m-%d %H:%M} ──\n{as_text(message)}\n")


def rehearse(
    session: Session, settings: Settings, name: str | None, days: int, now: dt.datetime
) -> Iterator[tuple[dt.datetime, Message]]:
    """Yield local times and messages as a reader would get them who subscribes now; all of it is undone."""
    subscription = subscribe_nobody(session, settings, find(session, settings, name), now)
    zone = ZoneInfo(settings.default_timezone)
    for _ in range(days):
        due_at = subscription.next_due_at
        if due_at is None:
            return
        yield due_at.astimezone(zone), deliver(session, subscription, due_at)


def find(session: Session, settings: Settings, name: str | None) -> Plan:
    """Return the plan of that name, or the default one; ClickException where there is none."""
    plan = find_plan(session, name) if name else default_plan(session, settings.default_plan, VISIBILITIES)
    if plan is None:
        missing = f"there is no plan “{name}”" if name else "there is no plan yet; see: rizhi import"
        raise click.ClickException(missing)
    return plan


def subscribe_nobody(session: Session, settings: Settings, plan: Plan, now: dt.datetime) -> Subscription:
    """Return a new subscription with the default settings, of a reader who is not there."""
    target = ensure_target(
        session,
        chat_id=NOBODY,
        kind="private",
        language=settings.default_language,
        timezone=settings.default_timezone,
        now=now,
    )
    return subscribe(session, target, plan, settings.default_minute, now)


def deliver(session: Session, subscription: Subscription, due_at: dt.datetime) -> Message:
    """Return the day's message, and settle the day as if it had been sent."""
    language = subscription.target.language
    asked = today(session, subscription, due_at, OWNER)
    row = session.get(Delivery, asked.delivery_id) if asked.delivery_id else None
    content = make_digest(session, row.id) if row else None
    if row is None or content is None:
        stop(session, subscription, due_at)
        return render_content(make_finished(session, subscription), language)
    fence = Fence(row.id, OWNER, row.attempts)
    mark_sending(session, fence, NOBODY, due_at)
    record_outcome(session, fence, Sent(NOBODY), due_at)
    return render_content(content, language)


def as_text(message: Message) -> str:
    """Return the message for a terminal: its text without markup, its buttons in brackets."""
    buttons = [" ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return "\n".join([plain_text(message.text), *buttons])
