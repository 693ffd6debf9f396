"""One step of the ledger at a time, as tests of single rows take them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.delivery.ledger import Begun, Ended, Fence, write_steps
from bot.delivery.outcomes import Outcome


def mark_sending(session: Session, fence: Fence, chat_id: int, now: dt.datetime) -> bool:
    """Write down that the row's request is about to be made; return whether it was still ours."""
    session.flush()
    return write_steps(session, [Begun(fence, chat_id, now)])[0]


def record_outcome(session: Session, fence: Fence, outcome: Outcome, now: dt.datetime) -> bool:
    """Write down what became of it; return whether the row was still ours."""
    session.flush()
    [is_ours] = write_steps(session, [Ended(fence, outcome, now)])
    session.expire_all()  # statements have changed what the session holds
    return is_ours
