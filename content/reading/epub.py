"""An e-book to blocks: its chapters in the order of its spine, without cover and tables of contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from content.errors import DamagedDocument, ProtectedDocument, UndecodableDocument
from content.reading.archive import Package, attribute, child, children, local, resolve
from content.reading.blocks import Doubt, RawDocument
from content.reading.encodings import decode
from content.reading.markup import Element, parse_html, read_tree
from content.reading.pieces import Piece, to_blocks
from content.reading.plain_text import clean

ENCODING = "epub"
SUFFIX = ".epub"
CONTAINER = "META-INF/container.xml"
LOCKS = "META-INF/encryption.xml"
FONT_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""How fonts are disguised in books that are not locked."""

CONTENTS = re.compile(r"目\s*[录錄次]|(?:table of )?contents", re.IGNORECASE)
LINKS_SHARE = 0.8
FEWEST_LINKS = 3
NCX = "application/x-dtbncx+xml"
STATED = re.compile(rb"""\s*<\?xml[^>]{1,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{1,30})["']""")
DOUBT_CHARS = 40
MOST_UNREAD = 100
"""Chapters that were not read and are told one by one."""

DAY = re.compile(r"(?:1[89]|20)\d{2}-\d{1,2}-\d{1,2}")


def read_epub(body: bytes) -> RawDocument:
    """Return the book's blocks, numbered from 1; its title, author and day of publication are front matter.

    A chapter that is not in the archive, or that nobody can decode, is in doubt.
    Raises DamagedDocument, ProtectedDocument where the text is encrypted, or BloatedDocument.
    """
    package = Package(body, SUFFIX)
    _check_locks(package)
    place = attribute(child(package.xml(CONTAINER), "rootfiles", "rootfile"), "full-path")
    book = package.xml(place) if place else None
    if place is None or book is None:
        raise DamagedDocument(suffix=SUFFIX)
    items = {attribute(item, "id") or "": item for item in children(child(book, "manifest"), "item")}
    titles = _titles(package, place, items.values())
    pieces: list[Piece] = []
    unread: list[tuple[int, str]] = []
    for reference in children(child(book, "spine"), "itemref"):
        identity = attribute(reference, "idref") or ""
        item = items.get(identity)
        if "nav" in (attribute(item, "properties") or "").split():
            continue
        name = resolve(place, attribute(item, "href") or "")
        chapter = _chapter(package, name, titles.get(name, ""))
        if chapter is None:
            unread.append((len(pieces), titles.get(name) or (identity if item is None else name)))
        pieces += chapter or []
    blocks = to_blocks(pieces)
    doubts = tuple(_doubts(unread[:MOST_UNREAD], len(blocks)))
    return RawDocument(blocks, ENCODING, wrapped_text=False, front_matter=_fields(book), doubts=doubts)


def _doubts(unread: Iterable[tuple[int, str]], blocks: int) -> Iterator[Doubt]:
    """Yield a doubt for each chapter that was not read, at the first block behind it."""
    for before, name in unread:
        yield Doubt("chapter_without_text", min(before + 1, blocks), name[:DOUBT_CHARS])


def _check_locks(package: Package) -> None:
    """Raise ProtectedDocument where anything but fonts is encrypted."""
    locks = package.xml(LOCKS)
    methods = [] if locks is None else [each for each in locks.iter() if local(each) == "EncryptionMethod"]
    if any(attribute(method, "Algorithm") not in FONT_LOCKS for method in methods):
        raise ProtectedDocument


def _fields(book: Element) -> dict[str, str]:
    metadata = child(book, "metadata")
    values = {
        name: " ".join(clean(found.text or "").split())
        for name, tag in (("title", "title"), ("author", "creator"), ("date", "date"))
        if (found := child(metadata, tag)) is not None
    }
    if not DAY.match(values.get("date", "")):
        values.pop("date", None)
    return {name: value for name, value in values.items() if value}


def _titles(package: Package, place: str, items: Iterable[Element]) -> dict[str, str]:
    """Return the titles that the book's tables of contents give its files; the first of a file counts."""
    found: dict[str, str] = {}
    for item in items:
        name = resolve(place, attribute(item, "href") or "")
        if "nav" in (attribute(item, "properties") or "").split():
            links = _links(package, name)
        elif attribute(item, "media-type") == NCX:
            links = _points(package, name)
        else:
            continue
        for target, title in links:
            found.setdefault(resolve(name, target), title)
    return found


def _links(package: Package, name: str) -> Iterator[tuple[str, str]]:
    """Yield the target and the text of each link in a page."""
    page = _page(package, name)
    for link in [] if page is None else page.iter("a"):
        yield link.get("href", ""), " ".join(clean("".join(link.itertext())).split())


def _points(package: Package, name: str) -> Iterator[tuple[str, str]]:
    """Yield the target and the label of each entry in a table of contents of the older kind."""
    root = package.xml(name)
    for point in [] if root is None else root.iter():
        label = child(point, "navLabel", "text")
        if label is not None and label.text:
            yield attribute(child(point, "content"), "src") or "", " ".join(clean(label.text).split())


def _page(package: Package, name: str) -> Element | None:
    try:
        text = _decode(package.read(name) or b"")
    except UndecodableDocument:
        return None
    return parse_html(text, SUFFIX) if text.strip() else None


def _decode(body: bytes) -> str:
    """Return the text: as UTF-8, as the file's first line states, or else as the bytes look."""
    stated = STATED.match(body)
    for encoding in ("utf-8-sig", stated[1].decode("ascii") if stated else ""):
        with suppress(UnicodeError, LookupError):
            text = body.decode(encoding)
            if "\0" not in text:
                return text
    return decode(body)[0]


def _chapter(package: Package, name: str, title: str) -> list[Piece] | None:
    """Return what is in a file of the spine, under a heading; nothing where it is a table of contents.

    None where there is no such file, or none that can be read.
    """
    page = _page(package, name)
    if page is None:
        return None
    pieces = read_tree(page)
    if not pieces or _is_contents(pieces):
        return []
    if not title or any(piece.level for piece in pieces):
        return pieces
    if "".join(pieces[0].text.split()) == "".join(title.split()):
        return [replace(pieces[0], level=1), *pieces[1:]]
    return [Piece(title, 1), *pieces]


def _is_contents(pieces: list[Piece]) -> bool:
    links = sum(piece.links >= LINKS_SHARE for piece in pieces)
    named = CONTENTS.fullmatch(pieces[0].text) is not None
    return links >= FEWEST_LINKS and links >= LINKS_SHARE * (len(pieces) - named)
