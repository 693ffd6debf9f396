"""What is kept about a person: counting it, and erasing it. A session goes in, a value comes out.

A person is his number in Telegram, which is that of his private chat as well. That the operator allowed him
in is the operator's own record: it is not erased.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.models import (
    Delivery,
    Member,
    PendingAction,
    Proposal,
    Reading,
    SavedSearch,
    SearchSession,
    Subscription,
    Target,
    Upload,
)
from bot.operations import ChatBudget
from bot.render.values import Kept
from bot.saved import count_saved


def count_kept(session: Session, user_id: int) -> Kept:
    """Return how much is kept about this person."""
    mine = Target.chat_id == user_id
    subscriptions = select(func.count(Subscription.id)).join(Subscription.target).where(mine)
    deliveries = select(func.count(Delivery.id)).join(Delivery.subscription).join(Subscription.target)
    return Kept(
        settings=_count(session, select(func.count(Target.id)).where(mine)),
        subscriptions=_count(session, subscriptions),
        deliveries=_count(session, deliveries.where(mine)),
        readings=_count(session, select(func.count(Reading.id)).where(Reading.user_id == user_id)),
        searches=_count(session, select(func.count(SearchSession.id)).where(searched_by(user_id))),
        saved_searches=count_saved(session, user_id),
        is_member=session.get(Member, user_id) is not None,
    )


def erase(session: Session, user_id: int) -> Kept:
    """Delete all that is kept about this person, but that he was allowed in; return how much it was."""
    kept = count_kept(session, user_id)
    session.execute(delete(Target).where(Target.chat_id == user_id))  # with subscriptions and deliveries
    session.execute(update(Target).where(Target.bound_by == user_id).values(bound_by=None))
    session.execute(delete(Attempt).where(Attempt.chat_id == user_id))
    session.execute(delete(ChatBudget).where(ChatBudget.chat_id == user_id))
    session.execute(delete(Reading).where(Reading.user_id == user_id))
    session.execute(delete(SearchSession).where(searched_by(user_id)))
    session.execute(delete(SavedSearch).where(SavedSearch.user_id == user_id))
    session.execute(delete(PendingAction).where(asked_of(user_id)))
    session.execute(delete(Upload).where(Upload.user_id == user_id))
    session.execute(delete(Proposal).where(Proposal.user_id == user_id))
    return kept


def searched_by(user_id: int) -> ColumnElement[bool]:
    """Return the condition for a person's searches, also those that he made in groups."""
    return or_(SearchSession.user_id == user_id, SearchSession.chat_id == user_id)


def asked_of(user_id: int) -> ColumnElement[bool]:
    """Return the condition for the questions that a person has not answered yet."""
    return or_(PendingAction.user_id == user_id, PendingAction.chat_id == user_id)


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0
