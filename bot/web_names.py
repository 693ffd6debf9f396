"""What things from the web are called: addresses in messages, documents by address, kinds by suffix."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from content.reading import SUFFIXES

NAME_CHARS = 200
VALUE_CHARS = 40
SECRETS = re.compile(
    r"key|token|secret|sign?(?:ature)?$|auth|pass|pwd|session|sid$|credential", re.IGNORECASE
)
"""Names of parameters that may tell who asks, and not what for."""
TRACKS = re.compile(r"utm_", re.IGNORECASE)
"""Names of parameters that tell how somebody came here, and never what for."""
MARK_CHARS = 6

FEED_SUFFIX = ".xml"
KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/rss+xml": FEED_SUFFIX,
    "application/atom+xml": FEED_SUFFIX,
    "application/rdf+xml": FEED_SUFFIX,
    "application/xml": FEED_SUFFIX,
    "text/xml": FEED_SUFFIX,
}
"""The suffix that goes with a content type."""

VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/zip")
"""Types that servers give to what they do not know; there the address' own suffix says more."""

HTML_START = re.compile(
    rb"\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def is_url(text: str) -> bool:
    """Return whether the text means something on the web rather than a file."""
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def show_url(url: str) -> str:
    """Return the address for messages: without user name and fragment, its query blotted out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return _printable(url.partition("?")[0])[:NAME_CHARS]
    host = parts.netloc.rpartition("@")[2]
    shown = f"{parts.scheme}://{host}{unquote(parts.path)}{'?…' if parts.query else ''}"
    return _printable(shown)[:NAME_CHARS]


def name_page(url: str, suffix: str) -> str:
    """Return the name of the document that is at the address: host and path, decoded, and what it asks for.

    It is the same for the same address. Parameters that may be secrets are not shown, nor what is too long,
    but a short hash of them is: they may be what tells one page from another. At most NAME_CHARS characters,
    the suffix included.
    """
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/")
    if path.lower().endswith((suffix, *SUFFIXES)):
        path = path[: -len(PurePosixPath(path).suffix)]
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKS.match(pair[0])]
    shown = [value for name, value in pairs if _is_telling(name, value)]
    name = _printable("/".join(filter(None, (_host(parts.hostname or ""), path, " ".join(shown)))))
    room = NAME_CHARS - len(suffix)
    unshown = [f"{key}={value}" for key, value in pairs if not _is_telling(key, value)]
    mark = _mark([*unshown, name[room:]]) if unshown or len(name) > room else ""
    return name[: room - len(mark)].rstrip("/. ") + mark + suffix


def site_of(url: str) -> str:
    """Return the site's name as its address gives it: the host, without www."""
    return _host(urlsplit(url).hostname or "").removeprefix("www.")


def suffix_of(body: bytes, content_type: str, url: str) -> str:
    """Return the suffix of the kind that the bytes are: by their beginning, their type, their address.

    Empty where none of these tells.
    """
    if body.startswith(b"%PDF-"):
        return ".pdf"
    kind = content_type.partition(";")[0].strip().lower()
    own = PurePosixPath(urlsplit(url).path).suffix.lower()
    if kind in VAGUE and own in SUFFIXES:
        return own
    if kind in VAGUE and HTML_START.match(body[:2_000]):
        return ".html"
    return KINDS.get(kind, "")


def _is_telling(name: str, value: str) -> bool:
    return 0 < len(value) <= VALUE_CHARS and not SECRETS.search(name)


def _mark(unshown: list[str]) -> str:
    """Return what stands in a name for what is not shown: too short to find it out again."""
    return f" {hashlib.sha256(chr(0).join(unshown).encode('utf-8', 'replace')).hexdigest()[:MARK_CHARS]}"


def _host(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _printable(text: str) -> str:
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
