"""The plans on offer, as a message."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.handlers.context import Asker, Services, visibilities_of
from bot.offers import has_documents, offer_plans
from bot.render.message import Message
from bot.render.subscribing import render_no_plan, render_plans
from bot.render.texts import Texts
from bot.render.values import PlanOffer
from bot.subscriptions import find_target, subscriptions_of


def plans_message(
    session: Session, services: Services, asker: Asker, texts: Texts, page: int, intro: str
) -> Message:
    """Return a page of the plans that the asker can subscribe to, or that there is none."""
    visibilities = visibilities_of(session, services, asker)
    offers = offer_plans(session, services.settings.default_plan, visibilities)
    if not offers:
        return render_no_plan(has_documents(session, visibilities), texts)
    others = without_own(session, asker, offers)
    return render_plans(others or offers, page, services.settings.default_minute, texts, intro)


def without_own(session: Session, asker: Asker, offers: list[PlanOffer]) -> list[PlanOffer]:
    """Return the offers of plans that the asker's chat is not subscribed to."""
    target = find_target(session, asker.chat_id, asker.thread_id)
    own = {row.plan_id for row in subscriptions_of(session, target)} if target else set()
    return [offer for offer in offers if offer.plan_id not in own]
