"""Limits on what reading a file may take, so that a hostile one ends its own process and nothing else.

In the child a limit that is passed ends the process, or raises MemoryError in it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import TypeVar

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's clock is left
    resource = None  # type: ignore[assignment]

from bot.child import Child, ChildFailed
from content.background import NO_BACKGROUND, Background
from content.corrections import Correction
from content.errors import CostlyDocument, DamagedDocument, DocumentError
from content.prepare import PreparedDocument, document_hash, prepare_read
from content.reading import read_document

T = TypeVar("T")

MEGABYTE = 1_000_000
MEMORY_MB = 1_000
"""Address space: a 200-page PDF takes some 100 MB, Python and its libraries 300."""
CPU_SECONDS = 60
WALL_SECONDS = 120
PREPARE_SECONDS = 1_800
"""For cutting what was read as well: 50 MB of text, which take some ten minutes."""


def prepare_bounded(
    name: str, body: bytes, corrections: Sequence[Correction] = (), background: Background = NO_BACKGROUND
) -> PreparedDocument:
    """Return `prepare_document(…)`, the file read within the limits. Raises DocumentError.

    The process ends by SIGXCPU or SIGALRM where reading takes too long.
    """
    raw = within_limits(read_document, name, body)
    return prepare_read(raw, name, document_hash(body), corrections, background)


def within_limits(work: Callable[..., T], *arguments: object) -> T:
    """Return what `work` returns, done within the limits. Raises CostlyDocument for too much memory.

    The process ends by SIGXCPU or SIGALRM where it takes too long.
    """
    try:
        with bounded():
            return work(*arguments)
    except MemoryError:
        raise costly() from None


def try_to_prepare(
    name: str, body: bytes, corrections: Sequence[Correction], background: Background
) -> PreparedDocument | DocumentError:
    """Return the document prepared within the limits, or why it cannot be."""
    try:
        return prepare_bounded(name, body, corrections, background)
    except DocumentError as error:
        return error


def prepare_in(
    child: Child,
    name: str,
    body: bytes,
    corrections: Sequence[Correction] = (),
    background: Background = NO_BACKGROUND,
) -> PreparedDocument:
    """Return the document prepared in a child process within the limits. Raises DocumentError."""
    try:
        prepared = child.call(PREPARE_SECONDS, try_to_prepare, name, body, corrections, background)
    except ChildFailed as error:
        raise costly() if error.took_too_much else DamagedDocument(suffix=PurePath(name).suffix) from error
    if isinstance(prepared, DocumentError):
        raise prepared
    return prepared


def costly() -> CostlyDocument:
    """Return the error of a file that took more than the limits."""
    return CostlyDocument(seconds=CPU_SECONDS, memory_mb=MEMORY_MB)


@contextmanager
def bounded() -> Iterator[None]:
    """Hold this process to the limits while the work within is done."""
    if resource is None:
        yield
        return
    memory = resource.getrlimit(resource.RLIMIT_AS)
    cpu = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB * MEGABYTE, memory[1]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, cpu[1]))
    signal.alarm(WALL_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_CPU, cpu)
        resource.setrlimit(resource.RLIMIT_AS, memory)
