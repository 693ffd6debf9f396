"""The plans on offer, as a message."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.handlers.context import Asker, Services, visibilities_of
from bot.offers import has_documents, offer_plans
from bot.render.message import Message
from bot.render.subscribing import render_no_plan, render_plans
from bot.render.texts import Texts


def plans_message(
    session: Session, services: Services, asker: Asker, texts: Texts, page: int, intro: str
) -> Message:
    """Return a page of the plans that the asker can subscribe to, or that there is none."""
    visibilities = visibilities_of(session, services, asker)
    offers = offer_plans(session, services.settings.default_plan, visibilities)
    if not offers:
        return render_no_plan(has_documents(session, visibilities), texts)
    return render_plans(offers, page, services.settings.default_minute, texts, intro)
