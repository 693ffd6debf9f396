"""What there is to import: the files of folders, and anything else that has a name and bytes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from content.errors import DocumentTooLarge
from content.reading import LIMIT_BYTES, SUFFIXES

NAME_CHARS = 500
"""As much as the corpus keeps of a name: `content.models.Document.name`."""


class Source(Protocol):
    """Something to import: a file, or what is at an address."""

    @property
    def name(self) -> str:
        """What it is called before it is read."""
        ...

    def load(self) -> tuple[str, bytes]:
        """Return the document's name and its bytes. Raises DocumentError, FetchError, OSError."""
        ...


@dataclass(frozen=True)
class Found:
    """A file to import, and the name it goes by: its path relative to the argument that named it."""

    path: Path
    name: str

    def load(self) -> tuple[str, bytes]:
        """Return its name and its bytes. Raises DocumentTooLarge, OSError."""
        return self.name, read_bytes(self.path)


def find_files(arguments: list[Path]) -> list[Found]:
    """Return the files to import: each file named, and in folders, sorted, all with a suffix that is read."""
    found: list[Found] = []
    for argument in arguments:
        if argument.is_dir():
            inside = sorted(p for p in argument.rglob("*") if p.is_file() and not _is_hidden(p, argument))
            found += [Found(p, _printable(p.relative_to(argument))) for p in inside if _is_readable(p)]
        else:
            found.append(Found(argument, _printable(Path(argument.name))))
    return found


def left_out(arguments: list[Path]) -> list[str]:
    """Return the names of the files in the folders that are of no kind that is read."""
    return [
        _printable(path.relative_to(folder))
        for folder in arguments
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_hidden(path, folder) and not _is_readable(path)
    ]


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _is_readable(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def _printable(path: Path) -> str:
    """Return the path with bytes that are not UTF-8, and control characters, made visible.

    Of one over NAME_CHARS it is the end, which tells most.
    """
    name = os.fsencode(path.as_posix()).decode("utf-8", "replace")
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name
    )
    return shown if len(shown) <= NAME_CHARS else f"…{shown[1 - NAME_CHARS :]}"


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes; DocumentTooLarge before a file over the limit is read, OSError as it comes."""
    size = path.stat().st_size
    if size > LIMIT_BYTES:
        raise DocumentTooLarge(size_mb=round(size / 1e6), limit_mb=LIMIT_BYTES // 1_000_000)
    return path.read_bytes()
