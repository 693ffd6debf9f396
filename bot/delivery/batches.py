"""Batches: rows that were claimed for whichever worker comes first. The caller commits.

A batch owns its rows as a process does, with a lease of its own, and hands them over once: a job that is run
twice finds nothing the second time, and where a job gets lost its rows are claimed anew after a while.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.access import Readers
from bot.delivery.ledger import renew
from bot.models import Delivery
from bot.schedule.claim import LEASE, claim_due

BATCH = 100
"""Rows in a batch at most: four seconds' worth for all workers together, at Telegram's usual pace."""
WAITING = dt.timedelta(minutes=5)
"""How long a batch may wait for a worker, before its rows are claimed anew."""


def claim_batch(session: Session, batch: str, now: dt.datetime, readers: Readers) -> list[int]:
    """Return the ids of at most `BATCH` rows that are due and now the batch's, oldest first."""
    ids = claim_due(session, now, batch, BATCH, readers)
    if ids:
        renew(session, batch, ids, now, WAITING)
    return ids


def take_batch(session: Session, batch: str, ids: Sequence[int], owner: str, now: dt.datetime) -> list[int]:
    """Hand over the batch's rows to `owner`; return the ids of those that it still had, in their order."""
    taken = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.owner == batch, Delivery.state == "claimed")
        .values(owner=owner, lease_until=now + LEASE)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(taken, key=ids.index)
