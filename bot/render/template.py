"""An organiser's template: a line above and a line below each digest, and which blocks it has in which order.

The lines are plain text with a few fields in braces; they are checked when they are entered, and escaped by
whoever shows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.render.markup import shorten

BLOCKS = ("outline", "text", "summary", "keywords", "citation")
"""What a digest is made of, below its title, in the usual order."""
NEEDED = "text"
FIELDS = ("plan", "n", "total", "title", "section", "date", "source")
"""The plan's name, the passage's number and how many there are; the article's own title, section, …"""
MAX_LINE = 120
"""Characters of a header or footer as it is entered: two lines on a phone."""
VALUE_UNITS = 60
"""Width of a field's value (see `units_wide`)."""
FIELD = re.compile(r"\{([^{}]*)\}")
DANGLING = " ·|｜/-—,，、"
"""What is left at a line's ends where a field is empty."""


@dataclass(frozen=True)
class Template:
    """How the digests of a plan look."""

    header: str = ""
    footer: str = ""
    blocks: tuple[str, ...] = BLOCKS


USUAL = Template()


class TemplateError(Exception):
    """What is wrong with a template as it was entered, in a sentence."""


def check_line(line: str) -> str:
    """Return a header or footer on one line. TemplateError where it is long, or a field is unknown."""
    line = " ".join("".join(map(_visible, line)).split())
    if len(line) > MAX_LINE:
        raise TemplateError(f"a header or footer has at most {MAX_LINE} characters; this one has {len(line)}")
    unknown = [name for name in FIELD.findall(line) if name not in FIELDS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise TemplateError(f"there is no field {{{unknown[0]}}}; there are: {known}")
    if set("{}") & set(FIELD.sub("", line)):
        raise TemplateError("a brace stands alone; a field is written as in {title}")
    return line


def check_blocks(names: Sequence[str]) -> tuple[str, ...]:
    """Return the blocks. TemplateError where one is unknown or comes twice, or the text is missing."""
    unknown = [name for name in names if name not in BLOCKS]
    if unknown:
        raise TemplateError(f"there is no block “{unknown[0]}”; there are: {', '.join(BLOCKS)}")
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    if times > 1:
        raise TemplateError(f"the block “{name}” comes more than once")
    if NEEDED not in names:
        raise TemplateError(f"a digest needs the block “{NEEDED}”")
    return tuple(names)


def fill(line: str, values: Mapping[str, str]) -> str:
    """Return a checked line with its fields filled in, as plain text; "" where nothing is left to say."""
    filled = FIELD.sub(lambda field: shorten(values[field[1]], VALUE_UNITS), line)
    return filled if filled == line else " ".join(filled.split()).strip(DANGLING)


def _visible(character: str) -> str:
    """The character, unless it is a control or turns the writing around; what joins emoji stays."""
    if character.isspace() or character == "\u200d":
        return character
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
