"""What a text has lost on its way: characters that nobody can read, and an end in mid-character.

Nothing is mended here; a person is told where to look.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence

from content.reading.blocks import Block, Doubt

REPLACEMENT = "\ufffd"
"""Stands for bytes that are no character."""
BEFORE = 10
"""Characters shown before one that is broken, for a person to find the place."""
DOUBT_CHARS = 40


def broken_characters(places: Iterable[tuple[int, str]]) -> Iterator[Doubt]:
    """Yield a doubt for each of the numbered texts that holds a character nobody can read."""
    for number, text in places:
        place = text.find(REPLACEMENT)
        if place >= 0:
            yield Doubt("broken_characters", number, text[max(0, place - BEFORE) :][:DOUBT_CHARS])


def find_damage(body: bytes, encoding: str, blocks: Sequence[Block]) -> tuple[Doubt, ...]:
    """Return what is in doubt about a text file of these bytes, which were read as these blocks."""
    doubts = [*broken_characters((block.first_line, block.text) for block in blocks)]
    if blocks and is_cut_off(body, encoding):
        doubts.append(Doubt("cut_off", blocks[-1].last_line, blocks[-1].text[-DOUBT_CHARS:]))
    return tuple(doubts)


def is_cut_off(body: bytes, encoding: str) -> bool:
    """Return whether the bytes end in the middle of a character."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    decoder.decode(body, final=False)
    return bool(decoder.getstate()[0])
