"""The daily report to the admins: one silent message, in the morning of the operator's zone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.daily import claim_report, is_worth_telling
from bot.delivery.send import send_message
from bot.handlers.context import App, Services
from bot.handlers.replies import send_in_turn
from bot.render.message import Message
from bot.render.report import render_daily
from bot.render.texts import Texts, as_language
from bot.reports import make_report
from bot.subscriptions import find_target


async def report_daily(application: App) -> None:
    """Send the day's report to each admin, if it is due and wanted; no process sends it twice."""
    services: Services = application.bot_data["services"]
    settings, zone, now = services.settings, services.settings.default_timezone, services.clock.now()
    if settings.daily_report == "never" or not settings.admin_ids:
        return
    if not await services.database.write(lambda session: claim_report(session, zone, now)):
        return
    for admin_id in sorted(settings.admin_ids):
        await report_to(application, admin_id)


async def report_to(application: App, admin_id: int) -> None:
    """Send an admin his report, if there is something to tell."""
    services: Services = application.bot_data["services"]
    message = await services.database.read(lambda session: report_for(session, services, admin_id))
    if message is not None:
        await tell(application, admin_id, message)


def report_for(session: Session, services: Services, admin_id: int) -> Message | None:
    """Return the report in the admin's language and zone; None where there is nothing to tell."""
    settings, target = services.settings, find_target(session, admin_id, 0)
    zone = target.timezone if target else settings.default_timezone
    report = make_report(session, zone, services.clock.now())
    if settings.daily_report == "troubles" and not is_worth_telling(report.day):
        return None
    return render_daily(report, Texts(as_language(target.language if target else settings.default_language)))


async def tell(application: App, admin_id: int, message: Message) -> None:
    """Send an admin a message that makes no sound."""
    services: Services = application.bot_data["services"]
    await send_in_turn(
        services, admin_id, lambda: send_message(application.bot, admin_id, 0, message, silent=True)
    )
