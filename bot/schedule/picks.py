"""What a subscription reads next: the ledger and the plan's catalogue, put before `content.picking`."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogues import catalogue
from bot.models import Delivery, Subscription
from content.picking import Catalogue, Pick, Position, Seen, Span

SENT_STATES = ("pending", "claimed", "sending", "sent", "unknown")
"""Sent, perhaps sent, or about to be."""
SEEN_STATES = (*SENT_STATES, "failed")
"""A pick passes over these: what Telegram refuses would be refused again. Other rows' passages come again."""


class Picker:
    """Picks for many subscriptions in one transaction; each plan's catalogue is asked for once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._catalogues: dict[tuple[int, str], Catalogue] = {}

    def catalogue(self, subscription: Subscription) -> Catalogue:
        """Return the passages of the subscription's plan in its cut."""
        key = subscription.plan_id, subscription.length
        if key not in self._catalogues:
            self._catalogues[key] = catalogue(self.session, subscription.plan, subscription.length)
        return self._catalogues[key]

    def pick(self, subscription: Subscription) -> Pick | None:
        """Return what the subscription reads next; None where nothing of the plan is left."""
        reader = f"{subscription.id} {subscription.round}"
        return self.catalogue(subscription).pick(self.seen(subscription), position(subscription), reader)

    def progress(self, subscription: Subscription) -> tuple[int, int]:
        """Return how many passages of the plan were read in this round, and how many there are."""
        passages = self.catalogue(subscription)
        return passages.count_seen(self.seen(subscription)), len(passages.candidates)

    def seen(self, subscription: Subscription) -> Seen:
        """Return what the subscription's round has seen."""
        query = select(Delivery.document_id, Delivery.article, Delivery.start, Delivery.stop).where(
            Delivery.subscription_id == subscription.id,
            Delivery.round == subscription.round,
            Delivery.state.in_(SEEN_STATES),
            Delivery.start.is_not(None),
        )
        return Seen(Span._make(row) for row in self.session.execute(query))


def position(subscription: Subscription) -> Position | None:
    """Return up to where the subscription has read; None at the start."""
    document_id, article = subscription.position_document_id, subscription.position_article
    stop = subscription.position_stop
    if document_id is None or article is None or stop is None:
        return None
    return Position(document_id, article, stop)


def freeze(row: Delivery, pick: Pick | None) -> None:
    """Write the pick into the ledger's row; None makes it the notice that the plan is finished."""
    span = pick.span if pick else (None, None, None, None)
    row.document_id, row.article, row.start, row.stop = span
    row.ordinal, row.total = (pick.ordinal, pick.total) if pick else (None, None)
