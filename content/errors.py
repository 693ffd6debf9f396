"""What can go wrong with documents and queries.

    ContentError
    ├── DocumentError            a document cannot be taken in
    │   ├── EmptyDocument
    │   ├── UnsupportedFormat
    │   ├── OfficeDocument
    │   ├── UndecodableDocument
    │   ├── DocumentTooLarge
    │   ├── DamagedDocument
    │   ├── ProtectedDocument
    │   ├── ScannedDocument
    │   ├── BloatedDocument
    │   └── CostlyDocument
    └── QueryError               a query cannot be answered
        └── EmptyQuery

The docstring of each class is its message in English; the edge words it for people by `key`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Self


class ContentError(Exception):
    """Something is wrong with the corpus."""

    key: ClassVar[str] = "error.content"

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__((self.__doc__ or "").split("\n")[0].format(**fields))

    def __reduce__(self) -> tuple[Callable[[], Self], tuple[()]]:
        """Let the error pass between processes: it is made of its fields, not of its message."""
        return partial(type(self), **self.fields), ()


class DocumentError(ContentError):
    """The document cannot be taken in."""

    key = "error.document"


class EmptyDocument(DocumentError):
    """The document holds no text."""

    key = "error.document.empty"


class UnsupportedFormat(DocumentError):
    """Files of the kind “{suffix}” are not read; .txt, .md, .html, .docx, .epub and .pdf are."""

    key = "error.document.format"


class OfficeDocument(DocumentError):
    """Files of the kind “{suffix}” are not read; open it in Word, WPS or LibreOffice and save it as .docx."""

    key = "error.document.office"


class UndecodableDocument(DocumentError):
    """No encoding of text fits these bytes: is it a text file?"""

    key = "error.document.undecodable"


class DocumentTooLarge(DocumentError):
    """The file is {size_mb} MB; the limit is {limit_mb} MB."""

    key = "error.document.large"


class DamagedDocument(DocumentError):
    """The file is damaged, or is not what its name says ({suffix})."""

    key = "error.document.damaged"


class ProtectedDocument(DocumentError):
    """The file is locked with a password; save it without one."""

    key = "error.document.protected"


class ScannedDocument(DocumentError):
    """The pages are pictures without a text layer; run a text recognition (OCR) over the file first."""

    key = "error.document.scanned"


class BloatedDocument(DocumentError):
    """Unpacked the file is larger than {limit_mb} MB, or has more than {limit_parts} parts or pages."""

    key = "error.document.bloated"


class CostlyDocument(DocumentError):
    """Reading the file took more than {seconds} s or {memory_mb} MB of memory; save it anew, or split it."""

    key = "error.document.costly"


class QueryError(ContentError):
    """The query cannot be answered."""

    key = "error.query"


class EmptyQuery(QueryError):
    """The query holds no word to look for."""

    key = "error.query.empty"
