"""Documents sent in the chat: they wait in a table until an admin takes them in.

`rehearse_upload` and `import_upload` take long: they are for a child process, which opens the database by its
URL. The rest takes a session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from pathlib import PurePath

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.catalogues import count_passages
from bot.database import Database
from bot.imports import Importer
from bot.limits import prepare_bounded
from bot.models import Upload
from bot.plans import ensure_plan
from bot.render.values import PlanOffer, Refused, Rehearsal, Sample, TakenIn
from content.errors import DocumentError
from content.ingest import find_document
from content.models import STANDARD, Document, Passage
from content.passages import BOUNDS
from content.prepare import (
    PreparedArticle,
    PreparedDocument,
    PreparedPassage,
    document_hash,
)

KEEP = dt.timedelta(hours=24)
"""How long a document waits to be taken in."""
NAME_CHARS = 200
SUFFIX_CHARS = 20
SAMPLES = 3
TITLES = 5
"""How many titles a report names."""


def clean_file_name(name: str) -> str:
    """Return the last part of a path in printable characters and of moderate length, its suffix kept."""
    last = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip()
    path = PurePath(last)
    return path.stem[:NAME_CHARS] + path.suffix[:SUFFIX_CHARS]


def keep_upload(session: Session, user_id: int, name: str, body: bytes, now: dt.datetime) -> Upload:
    """Return the document, kept for `KEEP`; what waited longer is cleared away."""
    session.execute(delete(Upload).where(Upload.created_at <= now - KEEP))
    upload = Upload(user_id=user_id, name=name, body=body, created_at=now)
    session.add(upload)
    session.flush()
    return upload


def find_upload(session: Session, upload_id: int, user_id: int, now: dt.datetime) -> Upload | None:
    """Return the document if this person sent it and it still waits."""
    upload = session.get(Upload, upload_id)
    if upload is None or upload.user_id != user_id or upload.created_at <= now - KEEP:
        return None
    return upload


def drop_upload(session: Session, upload_id: int) -> None:
    """Keep the document no longer; no harm where it is gone already."""
    session.execute(delete(Upload).where(Upload.id == upload_id))


def find_twin(session: Session, body: bytes) -> Document | None:
    """Return the document of the corpus that has the same bytes."""
    return find_document(session, document_hash(body))


def rehearse_upload(url: str, upload_id: int) -> Rehearsal | Refused:
    """Return what the document would bring, or why it cannot be read."""
    name, body = _load(url, upload_id)
    try:
        return report_on(upload_id, prepare_bounded(name, body))
    except DocumentError as error:
        return Refused(error.key, error.fields)


def import_upload(url: str, upload_id: int, collection: str, now: dt.datetime) -> TakenIn:
    """Take the document into the collection, as `rizhi import` does, and return where it can be read."""
    name, body = _load(url, upload_id)
    with closing(Database(url)) as database:
        outcome = Importer(database, collection, None, now, prepare_bounded).import_body(name, body)
        if outcome.status == "failed":  # it could be read before
            raise RuntimeError(outcome.error)
        return database.run_write(lambda session: _taken_in(session, name, body, outcome.status, now))


def _load(url: str, upload_id: int) -> tuple[str, bytes]:
    with closing(Database(url)) as database:
        query = select(Upload.name, Upload.body).where(Upload.id == upload_id)
        return database.run_read(lambda session: session.execute(query).one()._tuple())


def _taken_in(session: Session, name: str, body: bytes, status: str, now: dt.datetime) -> TakenIn:
    document = find_twin(session, body)
    assert document is not None  # the import has just said so
    plan = ensure_plan(session, document.collection_id, now)
    passages = select(func.count(Passage.id)).where(Passage.document_id == document.id)
    return TakenIn(
        name,
        len(document.articles),
        session.scalar(passages.where(Passage.length == STANDARD)) or 0,
        PlanOffer(plan.id, plan.name, count_passages(session, plan)),
        is_new=status != "duplicate",
    )


def report_on(upload_id: int, document: PreparedDocument) -> Rehearsal:
    """Return the report on a document, of the standard cut."""
    articles = document.articles
    passages = [passage for article in articles for passage in _standard(article)]
    least, most = BOUNDS[STANDARD]
    return Rehearsal(
        upload_id,
        document.name,
        document.encoding,
        titles=tuple(article.draft.title for article in articles[:TITLES]),
        articles=len(articles),
        passages=len(passages),
        undated=sum(article.draft.date is None for article in articles),
        unsourced=sum(article.draft.source is None for article in articles),
        untitled=sum(article.draft.title == PurePath(document.name).stem for article in articles),
        short=sum(_count_short(article, least) for article in articles),
        long=sum(passage.draft.units > most for passage in passages),
        samples=tuple(Sample(passage.headline, passage.text) for passage in spread(passages)),
    )


def spread(passages: Sequence[PreparedPassage]) -> list[PreparedPassage]:
    """Return the first passage, the middle one and the last one, each once."""
    last = len(passages) - 1
    return [passages[place] for place in sorted({last * n // (SAMPLES - 1) for n in range(SAMPLES)})]


def _standard(article: PreparedArticle) -> list[PreparedPassage]:
    return [passage for passage in article.passages if passage.length == STANDARD]


def _count_short(article: PreparedArticle, least: int) -> int:
    """Return how many passages are shorter than they should be; a short article has no choice."""
    passages = _standard(article)
    return sum(passage.draft.units < least for passage in passages) if len(passages) > 1 else 0
