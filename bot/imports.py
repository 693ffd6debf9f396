"""Importing documents: each one's outcome, and the plan that makes them read.

Nothing is printed here; the command line shows the outcomes as they come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.ahead import one_ahead
from bot.backgrounds import read_background
from bot.database import Database
from bot.fetching_errors import FetchError
from bot.places import move_places
from bot.plans import ensure_plan
from bot.sources import Source
from bot.subscriptions import wake_finished
from content.background import Background, RecentArticles
from content.corrections import Correction
from content.errors import DocumentError
from content.ingest import (
    corrections_of,
    ensure_collection,
    find_document,
    find_earlier,
    import_document,
    keep_original,
    remove_rests,
    replace_document,
    texts_of,
)
from content.prepare import PreparedDocument, document_hash, prepare_document
from content.versions import Moves

Prepare = Callable[..., PreparedDocument]
"""`prepare_document`, or what does the same in another process."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `prepared` is None for a duplicate and for a failure."""

    name: str
    status: str
    """imported, updated (a new version of a document that was there), duplicate or failed."""
    error: str | None = None
    sha256: str | None = None
    prepared: PreparedDocument | None = None
    document_id: int | None = None
    note: str | None = None
    """What a person should know besides."""


Standing = tuple[list[str], list[Correction]]
"""The texts of a document's articles, and its corrections."""


@dataclass(frozen=True)
class Version:
    """A document prepared, and of which document it is a new version, and what became of that one's text."""

    prepared: PreparedDocument
    beside: int | None
    """The document of its name that was there."""
    of: int | None = None
    moves: Moves | None = None
    was: Standing | None = None


class Waiting(NamedTuple):
    """A document that waits to be stored; its version is None where it was there before."""

    name: str
    body: bytes
    version: Version | None


SAME_DOCUMENT = 0.5
"""Share of a document's text that a file of its name must have to be its new version."""


class Importer:
    """Imports files one by one into one collection, which is made when the first of them is read.

    Each is read with the collection's own words, and against its other articles. Without `versions` nothing
    takes the place of a document that is there, whatever it is called: for names that strangers give.
    """

    def __init__(
        self,
        database: Database,
        collection: str,
        visibility: str | None,
        now: dt.datetime,
        prepare: Prepare = prepare_document,
        *,
        versions: bool = True,
    ) -> None:
        self.database = database
        self.prepare = prepare
        self.versions = versions
        self.collection = collection
        self.visibility = visibility
        self.now = now

    def import_files(self, files: Sequence[Source]) -> Generator[Outcome, None, None]:
        """Yield each file's outcome, in order; while one is written the next is prepared."""
        with closing(one_ahead(self._prepare_file, files)) as prepared:
            yield from map(self._finish, prepared)

    def import_file(self, file: Source) -> Outcome:
        """Return what became of the file; errors of the document are outcomes, not exceptions."""
        return self._finish(self._prepare_file(file))

    def import_body(self, name: str, body: bytes) -> Outcome:
        """Return what became of a file of that name that holds these bytes.

        It is a new version of the collection's document of that name where it has at least half of its text.
        """
        return self._finish(self._prepare_body(name, body))

    def clear_away(self) -> None:
        """Delete what an import left that was cut short."""
        with self.database.lock("import"):
            self.database.run_write(remove_rests)

    def _prepare_file(self, file: Source) -> Outcome | Waiting:
        try:
            name, body = file.load()
        except (DocumentError, FetchError, OSError) as error:
            return Outcome(file.name, "failed", describe(error))
        return self._prepare_body(name, body)

    def _prepare_body(self, name: str, body: bytes) -> Outcome | Waiting:
        where = self._find(document_hash(body))
        try:
            return Waiting(name, body, None if where else self.prepare_version(name, body))
        except DocumentError as error:
            return Outcome(name, "failed", describe(error))

    def _finish(self, file: Outcome | Waiting) -> Outcome:
        return file if isinstance(file, Outcome) else self.take_in(*file)

    def take_in(self, name: str, body: bytes, version: Version | None) -> Outcome:
        """Return what became of the document; `version` is None where it was there before."""
        sha256 = document_hash(body)
        with self.database.lock("import"):
            where = self._find(sha256)  # another process may have been quicker
            if where or version is None:
                return self._duplicate(name, sha256, body, where or self.collection)
            if self._has_changed(name, version):
                version = self.prepare_version(name, body)
            collection_id = self.database.run_write(self._ensure_collection)
            document_id = self._store(version, body, collection_id)
        status, note = ("updated", _homeless_note(version.prepared)) if version.of else ("imported", None)
        return Outcome(name, status, None, sha256, version.prepared, document_id, note)

    def prepare_version(self, name: str, body: bytes) -> Version:
        """Return the document prepared, with the corrections of the one whose new version it is."""
        version = self._prepare_version(name, body)
        for article in version.prepared.articles:
            self._background[1].add(article.keywords)
        return version

    def _prepare_version(self, name: str, body: bytes) -> Version:
        earlier = self._earlier(name)
        if earlier is None:
            return Version(self._prepare(name, body), None)
        old, corrections = was = self._standing(earlier)
        prepared = self._prepare(name, body, corrections)
        moves = Moves(old, [article.text for article in prepared.articles])
        if moves.kept >= SAME_DOCUMENT:
            return Version(prepared, earlier, earlier, moves, was)
        return Version(self._prepare(name, body) if corrections else prepared, earlier)

    def _prepare(self, name: str, body: bytes, corrections: Sequence[Correction] = ()) -> PreparedDocument:
        words, recent = self._background
        return self.prepare(name, body, corrections, replace(words, corpus=recent.statistics()))

    @cached_property
    def _background(self) -> tuple[Background, RecentArticles]:
        """The collection's own words, and its articles as they were and as they come."""
        return self.database.run_read(lambda session: read_background(session, self.collection))

    def _has_changed(self, name: str, version: Version) -> bool:
        """Return whether the document of that name came, went or was corrected since this was prepared."""
        if self._earlier(name) != version.beside:
            return True
        return version.of is not None and self._standing(version.of) != version.was

    def _earlier(self, name: str) -> int | None:
        if not self.versions:
            return None
        return self.database.run_read(lambda session: find_earlier(session, self.collection, name))

    def _standing(self, document_id: int) -> Standing:
        return self.database.run_read(
            lambda session: (texts_of(session, document_id), corrections_of(session, document_id))
        )

    def _store(self, version: Version, body: bytes, collection_id: int) -> int:
        write, of, moves = self.database.run_write, version.of, version.moves

        def settle(session: Session) -> None:
            if of and moves:
                move_places(session, of, moves)
            settle_collection(session, collection_id, self.now)

        if of is None:
            return import_document(write, version.prepared, body, collection_id, self.now, settle)
        replace_document(write, of, version.prepared, body, settle)
        return of

    def _find(self, sha256: str) -> str | None:
        """Return the name of the collection that has the document."""

        def find(session: Session) -> str | None:
            document = find_document(session, sha256)
            return document.collection.name if document else None

        return self.database.run_read(find)

    def _duplicate(self, name: str, sha256: str, body: bytes, collection: str) -> Outcome:
        """Return the outcome; see that its collection has a plan, should that import have been cut short, and
        that its original is kept, should it have come before these were."""

        def settle(session: Session) -> None:
            document = find_document(session, sha256)
            if document is not None:
                keep_original(session, document.id, body)
                settle_collection(session, document.collection_id, self.now)

        if collection == self.collection:
            self.database.run_write(self._ensure_collection)
        self.database.run_write(settle)
        note = None if collection == self.collection else f"it is in “{collection}” already and stays there"
        return Outcome(name, "duplicate", sha256=sha256, note=note)

    def _ensure_collection(self, session: Session) -> int:
        return ensure_collection(session, self.collection, self.visibility, self.now).id


def _homeless_note(prepared: PreparedDocument) -> str | None:
    """Return what to say of corrections that the new version has no place for; None where all were made."""
    count = len(prepared.homeless)
    return f"corrections that have no place in this version: {count}" if count else None


def settle_collection(session: Session, collection_id: int, now: dt.datetime) -> None:
    """See that the collection has a plan, and that whoever had finished it goes on with what is new."""
    ensure_plan(session, collection_id, now)
    wake_finished(session, collection_id, now)


def rehearse(files: Sequence[Source], prepare: Prepare = prepare_document) -> Generator[Outcome, None, None]:
    """Yield what an import would do, without a database: what is there already is not known."""
    seen: set[str] = set()
    for file in files:
        try:
            name, body = file.load()
            sha256 = document_hash(body)
            status = "duplicate" if sha256 in seen else "imported"
            seen.add(sha256)
            yield Outcome(name, status, sha256=sha256, prepared=prepare(name, body))
        except (DocumentError, FetchError, OSError) as error:
            yield Outcome(file.name, "failed", describe(error))


def describe(error: DocumentError | FetchError | OSError) -> str:
    """Return the error in one line, without the path (the file is named beside it)."""
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).capitalize()
    return str(error)
