"""Corrections that were asked for in the chat: they wait in a table until their preview is confirmed.

`rehearse_proposal` and `apply_proposal` take long: they are for a child process, which opens the database by
its URL. The rest takes a session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.curation import Change, ChangedMeanwhile, Held, apply, find_changes, hold, prepare_anew
from bot.database import Database
from bot.limits import prepare_bounded
from bot.models import Proposal
from bot.render.values import Refused
from bot.shelf import open_document
from content.corrections import Correction
from content.errors import DocumentError
from content.models import STANDARD
from content.prepare import PreparedDocument

KEEP = dt.timedelta(hours=24)
"""How long a proposal can be confirmed."""
SHOWN = 8
"""How many changed articles a preview names."""


@dataclass(frozen=True)
class ChangedTitle:
    """An article that comes or goes, in one line."""

    comes: bool
    number: int
    title: str
    date: dt.date | None
    paragraphs: int


@dataclass(frozen=True)
class Preview:
    """What a proposal would make of its document."""

    proposal_id: int
    document_id: int
    name: str
    articles: tuple[int, int]
    """How many there are, and would be."""
    passages: tuple[int, int]
    """In the standard cut."""
    changes: tuple[ChangedTitle, ...]
    """The first ones."""
    more: int
    """Further changes."""
    homeless: int
    """Corrections that would find no place."""


def propose(
    session: Session,
    user_id: int,
    held: Held,
    corrections: Sequence[Correction],
    article: int,
    now: dt.datetime,
    applying: Collection[int] = (),
) -> int:
    """Keep these as what the document's corrections are to be, and return the proposal's id.

    `article` is the ordinal of the one that the admin is at. What he proposed before is forgotten, and so is
    what has waited longer than `KEEP`, but for what is being applied.
    """
    outdated = (Proposal.user_id == user_id) | (Proposal.created_at <= now - KEEP)
    session.execute(delete(Proposal).where(outdated, Proposal.id.not_in(applying)))
    row = Proposal(
        user_id=user_id,
        document_id=held.id,
        version=held.version,
        article=article,
        corrections=[astuple(each) for each in corrections],
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def find_proposal(session: Session, proposal_id: int, user_id: int, now: dt.datetime) -> Proposal | None:
    """Return the proposal if this person made it and it still waits."""
    row = session.get(Proposal, proposal_id)
    if row is None or row.user_id != user_id or row.created_at <= now - KEEP:
        return None
    return row


def drop_proposal(session: Session, proposal_id: int) -> None:
    """Forget the proposal; no harm where it is gone already."""
    session.execute(delete(Proposal).where(Proposal.id == proposal_id))


def was_made(session: Session, row: Proposal) -> bool:
    """Return whether the document has become what was proposed."""
    held = hold(session, row.document_id)
    wanted = tuple(Correction(*each) for each in row.corrections)
    return held is not None and held.version != row.version and held.corrections == wanted


def rehearse_proposal(url: str, proposal_id: int) -> Preview | Refused:
    """Return what the document would become, or why that cannot be said."""
    with closing(Database(url)) as database:
        try:
            held, corrections = database.run_read(lambda session: _held(session, proposal_id))
            prepared = prepare_anew(database, held, corrections, prepare_bounded)
        except ChangedMeanwhile:
            return Refused("docs.changed", {})
        except DocumentError as error:
            return Refused(error.key, error.fields)
        opened = database.run_read(lambda session: open_document(session, held.id))
        passages = opened.shelved.passages if opened else 0
        return _preview(proposal_id, held, prepared, passages)


def apply_proposal(url: str, proposal_id: int, now: dt.datetime) -> Refused | None:
    """Make the document what was proposed, once, or return why it cannot be."""
    with closing(Database(url)) as database:
        try:
            held, corrections = database.run_read(lambda session: _held(session, proposal_id))
            prepared = prepare_anew(database, held, corrections, prepare_bounded)
            apply(
                database,
                held,
                prepared,
                corrections,
                now,
                lambda session: drop_proposal(session, proposal_id),
            )
        except ChangedMeanwhile:
            return Refused("docs.changed", {})
        except DocumentError as error:
            return Refused(error.key, error.fields)
    return None


def _held(session: Session, proposal_id: int) -> tuple[Held, list[Correction]]:
    """Return the proposal's document and what its corrections are to be. Raises ChangedMeanwhile."""
    row = session.get(Proposal, proposal_id)
    held = hold(session, row.document_id) if row else None
    if row is None or held is None or held.version != row.version:
        raise ChangedMeanwhile
    return held, [Correction(*each) for each in row.corrections]


def _preview(proposal_id: int, held: Held, prepared: PreparedDocument, passages: int) -> Preview:
    changes = find_changes(held.drafts, [article.draft for article in prepared.articles])
    return Preview(
        proposal_id,
        held.id,
        held.name,
        (len(held.drafts), len(prepared.articles)),
        (passages, sum(p.length == STANDARD for article in prepared.articles for p in article.passages)),
        tuple(_in_one_line(change) for change in changes[:SHOWN]),
        max(0, len(changes) - SHOWN),
        len(prepared.homeless),
    )


def _in_one_line(change: Change) -> ChangedTitle:
    draft = change.draft
    return ChangedTitle(change.comes, change.number, draft.title, draft.date, len(draft.paragraphs))
