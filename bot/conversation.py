"""What the bot has asked and waits to be told. State of conversations lives in a table, not in memory."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.models import PendingAction

PATIENCE = dt.timedelta(minutes=15)
"""For how long a typed answer is taken for one; later a text is a search again."""


def expect(session: Session, chat_id: int, user_id: int, kind: str, *about: int, now: dt.datetime) -> None:
    """Wait for this person to type something of a kind; whatever was waited for before is forgotten.

    `about` says what it is for: a subscription's id, or those of a document and an article.
    """
    session.merge(
        PendingAction(
            chat_id=chat_id,
            user_id=user_id,
            kind=kind,
            payload={"about": about},
            expires_at=now + PATIENCE,
        )
    )
    session.flush()


def expected(
    session: Session, chat_id: int, user_id: int, now: dt.datetime
) -> tuple[str, tuple[int, ...]] | None:
    """Return the kind, and what this person is asked about; None where nothing is waited for."""
    waiting = session.get(PendingAction, (chat_id, user_id))
    if waiting is None or waiting.expires_at <= now:
        return None
    return waiting.kind, tuple(waiting.payload["about"])


def settle(session: Session, chat_id: int, user_id: int) -> None:
    """Wait no more."""
    waiting = session.get(PendingAction, (chat_id, user_id))
    if waiting is not None:
        session.delete(waiting)
        session.flush()
