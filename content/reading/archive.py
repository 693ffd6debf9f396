"""Word files and e-books are ZIP archives of XML: what is in them is read here, within limits.

Nothing is ever written to disk, so that names such as `../x` lead nowhere. No DTD, no entity, no network.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from content.errors import BloatedDocument, DamagedDocument, ProtectedDocument
from content.reading.markup import Element

LIMIT_MB = 200
LIMIT_PARTS = 10_000
PART_BYTES = 40_000_000
"""A part of XML takes about ten times its size in memory."""

OLD_CONTAINER = b"\xd0\xcf\x11\xe0"
"""First bytes of what Office puts around a file that it locks with a password, and of its old formats."""

LOCKED = "EncryptedPackage".encode("utf-16-le")
ENTRY = b"PK\x01\x02"
ENCRYPTED = 0x1

DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What the standard library raises on archives that are cut off, lie about themselves, or are none."""


class Package:
    """The parts of an archive, by name."""

    def __init__(self, body: bytes, suffix: str) -> None:
        """Raises DamagedDocument, ProtectedDocument or BloatedDocument; `suffix` is for the message."""
        self.suffix = suffix
        self.left = LIMIT_MB * 1_000_000
        if body.startswith(OLD_CONTAINER) and LOCKED in body:
            raise ProtectedDocument
        if body.count(ENTRY) > LIMIT_PARTS:
            raise _bloated()
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(body))
        except DAMAGES as error:
            raise DamagedDocument(suffix=suffix) from error
        if sum(part.file_size for part in self.archive.infolist()) > self.left:
            raise _bloated()
        self.names = frozenset(self.archive.namelist())

    def read(self, name: str) -> bytes | None:
        """Return the part's bytes, or None where there is none of that name."""
        if name not in self.names:
            return None
        part = self.archive.getinfo(name)
        if part.flag_bits & ENCRYPTED:
            raise ProtectedDocument
        limit = min(self.left, PART_BYTES)
        try:
            with self.archive.open(part) as file:
                body = file.read(limit + 1)
        except DAMAGES as error:
            raise DamagedDocument(suffix=self.suffix) from error
        if len(body) > limit:
            raise _bloated()
        self.left -= len(body)
        return body

    def xml(self, name: str) -> Element | None:
        """Return the root of an XML part, or None where there is none of that name."""
        body = self.read(name)
        if body is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(body, parser)
        except (etree.LxmlError, ValueError) as error:
            raise DamagedDocument(suffix=self.suffix) from error


def _bloated() -> BloatedDocument:
    return BloatedDocument(limit_mb=LIMIT_MB, limit_parts=LIMIT_PARTS)


def resolve(base: str, reference: str) -> str:
    """Return the name of the part that a reference in the part `base` leads to, its anchor left out."""
    path = unquote(reference.partition("#")[0])
    if path.startswith("/"):
        return path[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))


def local(element: Element) -> str:
    """Return the element's name without its namespace, which differs between versions of a format."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """Return the attribute of that name in whichever namespace; None where there is none."""
    if element is None:
        return None
    items = element.attrib.items()
    return next((str(value) for key, value in items if str(key).rpartition("}")[2] == name), None)


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the element's children of these names; none where there is no element."""
    if element is not None:
        yield from (child for child in element if local(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """Return the element's first child of the first name, its first child of the second, and so on."""
    for name in path:
        element = next(children(element, name), None)
    return element
