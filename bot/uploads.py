"""Documents sent in the chat: they wait in a table until an admin takes them in.

`rehearse_upload` and `import_upload` take long: they are for a child process, which opens the database by its
URL. The rest takes a session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import PurePath

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from bot.catalogues import count_passages
from bot.curation import difference, drafts_of, find_changes, worst
from bot.database import Database
from bot.imports import Importer, Version
from bot.limits import prepare_bounded
from bot.models import Upload
from bot.plans import ensure_plan
from bot.render.values import NewVersion, PlanOffer, Refused, Rehearsal, Sample, TakenIn
from content.errors import DocumentError
from content.ingest import corrections_of, find_document
from content.models import STANDARD, Collection, Document, Passage
from content.prepare import PreparedDocument, PreparedPassage, document_hash

KEEP = dt.timedelta(hours=24)
"""How long a document waits to be taken in."""
NAME_CHARS = 200
SUFFIX_CHARS = 20
SAMPLES = 3
TITLES = 5
"""How many titles a report names."""
DOUBTS = 6
"""How many places in doubt it shows."""
HOMES = 3
"""How many documents of an upload's name are looked at: it may be a new version of one of them."""


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


def rehearse_upload(url: str, upload_id: int, collection: str, now: dt.datetime) -> Rehearsal | Refused:
    """Return what the document would bring, or why it cannot be read."""
    name, body = _load(url, upload_id)
    with closing(Database(url)) as database:
        try:
            _, version = prepare_upload(database, collection, name, body, now)
        except DocumentError as error:
            return Refused(error.key, error.fields)
        of = database.run_read(lambda session: _new_version(session, version))
        return report_on(upload_id, replace(version.prepared, name=name), of)


def import_upload(url: str, upload_id: int, collection: str, now: dt.datetime) -> TakenIn:
    """Take the document into the corpus, as `rizhi import` does, and return where it can be read.

    A new version goes where its document is, what is new goes into the collection of that name.
    """
    name, body = _load(url, upload_id)
    with closing(Database(url)) as database:
        importer, version = prepare_upload(database, collection, name, body, now)
        outcome = importer.take_in(version.prepared.name, body, version)
        return database.run_write(lambda session: _taken_in(session, name, body, outcome.status, now))


def prepare_upload(
    database: Database, collection: str, name: str, body: bytes, now: dt.datetime
) -> tuple[Importer, Version]:
    """Return the document prepared, and what imports it. Raises DocumentError."""
    fallback = Importer(database, collection, None, now, prepare_bounded)
    new = fallback.prepare_version(name, body)
    if new.of is not None:
        return fallback, new
    for home, known in database.run_read(lambda session: find_homes(session, name)):
        importer = Importer(database, home, None, now, prepare_bounded)
        version = importer.prepare_version(known, body)
        if version.of is not None:
            return importer, version
    return fallback, new


def find_homes(session: Session, name: str) -> list[tuple[str, str]]:
    """Return collection and name of the documents whose file has that name, the newest `HOMES` of them.

    A document that was imported with its folder has the folder in its name.
    """
    query = select(Collection.name, Document.name).join(Document.collection).where(Document.visible)
    same = or_(Document.name == name, Document.name.endswith(f"/{name}", autoescape=True))
    rows = session.execute(query.where(same).order_by(Document.id.desc()).limit(HOMES))
    return [row._tuple() for row in rows]


def _load(url: str, upload_id: int) -> tuple[str, bytes]:
    with closing(Database(url)) as database:
        query = select(Upload.name, Upload.body).where(Upload.id == upload_id)
        return database.run_read(lambda session: session.execute(query).one()._tuple())


def _new_version(session: Session, version: Version) -> NewVersion | None:
    if version.of is None:
        return None
    document = session.get_one(Document, version.of)
    drafts = [article.draft for article in version.prepared.articles]
    homeless = len(version.prepared.homeless)
    return NewVersion(
        document.name,
        *difference(find_changes(drafts_of(document), drafts)),
        kept=len(corrections_of(session, version.of)) - homeless,
        homeless=homeless,
    )


def _taken_in(session: Session, name: str, body: bytes, status: str, now: dt.datetime) -> TakenIn:
    document = find_twin(session, body)
    assert document is not None  # the import has just said so
    plan = ensure_plan(session, document.collection_id, now)
    passages = select(func.count(Passage.id)).where(Passage.document_id == document.id)
    return TakenIn(
        document.id,
        name,
        len(document.articles),
        session.scalar(passages.where(Passage.length == STANDARD)) or 0,
        PlanOffer(plan.id, plan.name, count_passages(session, plan)),
        status,
    )


def report_on(upload_id: int, document: PreparedDocument, version: NewVersion | None = None) -> Rehearsal:
    """Return the report on a document, of the standard cut."""
    articles = document.articles
    passages = [passage for article in articles for passage in article.passages if passage.length == STANDARD]
    doubts = worst([*document.doubts, *(doubt for article in articles for doubt in article.draft.doubts)])
    return Rehearsal(
        upload_id,
        document.name,
        document.encoding,
        titles=tuple(article.draft.title for article in articles[:TITLES]),
        articles=len(articles),
        passages=len(passages),
        doubts=tuple(doubts[:DOUBTS]),
        doubtful=len(doubts),
        samples=tuple(Sample(passage.headline, passage.text) for passage in spread(passages)),
        version=version,
    )


def spread(passages: Sequence[PreparedPassage]) -> list[PreparedPassage]:
    """Return the first passage, the middle one and the last one, each once."""
    last = len(passages) - 1
    return [passages[place] for place in sorted({last * n // (SAMPLES - 1) for n in range(SAMPLES)})]
