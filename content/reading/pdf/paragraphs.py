"""Lines of pages to paragraphs, by what the page shows: indents, blanks between lines, room at their ends.

Much of this cannot be seen any more once a page is plain text, which is why it is decided here. What words
tell is used only where a line cannot begin or end a paragraph by its marks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from content.marks import BRACKETED, NEVER_FIRST, PAIRS, SECTION, em, ends_sentence, heading_style
from content.reading.pdf.lines import PageLine

STEP_EM = 0.8
"""Lines whose beginnings differ by less are flush."""

INDENT_EM = (0.8, 4.6)
"""First lines are indented by one to four characters; what stands deeper is centred or pushed right."""

FEWEST_INDENTS = 2
LARGER_GAP = 1.22
"""A distance from the line above that is larger than usual by this factor is a blank between paragraphs."""

SAME_SIZE = 0.06
ROOM_EM = 0.7
"""A line that would have had this much room left behind the next word ended with its paragraph."""

VERSE_EM = 3.0
"""Where so much is left behind a comma, the line is one of a poem."""

LONGEST_UNIT_EM = 8
"""Longer words are divided, or are addresses that producers break anywhere."""

WIDEST_SCALE = 1.5
"""Characters of a spaced-out line are at most so much wider than usual."""

QUOTES = "“‘"
"""Many programs break a line on neither side of these."""

GOES_ON = "，、,-\u2010"
BULLETS = "•●■◆▪·○◇□➢✓"


@dataclass(slots=True)
class Setting:
    """How paragraphs are set in this document."""

    indented: bool
    pitches: Mapping[float, float] = field(default_factory=dict)
    """The usual distance from baseline to baseline, by size; in points."""


def learn_setting(lines: Sequence[PageLine]) -> Setting:
    """Return how the document's paragraphs are set."""
    first = [
        _is_first_by_indent(line) and abs(offset(below)) < STEP_EM
        for line, below in pairwise(lines)
        if _stacked(line, below)
    ]
    return Setting(sum(first) >= FEWEST_INDENTS, _usual_pitches(lines))


def group_lines(lines: Sequence[PageLine], setting: Setting) -> list[list[PageLine]]:
    """Return the lines in paragraphs."""
    groups: list[list[PageLine]] = []
    for index, line in enumerate(lines):
        below = lines[index + 1] if index + 1 < len(lines) else None
        if groups and not _breaks(groups[-1], line, below, setting):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def mark_rows(lines: Sequence[PageLine]) -> None:
    """Mark the rows of tables: lines in several pieces, one below the other."""
    for above, line in pairwise(lines):
        if _stacked(above, line) and min(len(above.cells), len(line.cells)) > 1:
            above.is_row = line.is_row = True


def offset(line: PageLine) -> float:
    """Return how far the line begins inside its column, in its characters."""
    return (line.x - line.left_edge) / line.size


def blanks_above(above: PageLine, line: PageLine, setting: Setting) -> int:
    """Return how many empty lines would fill the distance of the two lines; 0 across pages and columns."""
    if not _stacked(above, line):
        return 0
    pitch = setting.pitches.get(line.size) or setting.pitches.get(above.size) or 1.5 * line.size
    ratio = (above.y - line.y) / pitch
    return max(1, round(ratio - 1)) if ratio > LARGER_GAP else 0


def _stacked(above: PageLine, line: PageLine) -> bool:
    return above.page == line.page and above.column == line.column and above.y > line.y


def _usual_pitches(lines: Sequence[PageLine]) -> dict[float, float]:
    counts: dict[float, Counter[float]] = defaultdict(Counter)
    for above, line in pairwise(lines):
        if _stacked(above, line) and above.size == line.size and above.y - line.y < 4 * line.size:
            full = _room(above, line) < ROOM_EM
            counts[line.size][round(2 * (above.y - line.y)) / 2] += 3 if full else 1
    return {
        size: max(pitches, key=lambda pitch: (pitches[pitch], -pitch)) for size, pitches in counts.items()
    }


def _is_first_by_indent(line: PageLine) -> bool:
    return INDENT_EM[0] <= offset(line) <= INDENT_EM[1]


def _breaks(group: Sequence[PageLine], line: PageLine, below: PageLine | None, setting: Setting) -> bool:
    """Return whether a paragraph begins with `line`, behind the lines of `group`."""
    above = group[-1]
    if abs(above.size - line.size) > SAME_SIZE * above.size or above.is_row or line.is_row:
        return True
    if line.text[0] in NEVER_FIRST:
        return False
    if line.text[0] in BULLETS:
        return True
    if above.text[-1] in GOES_ON and not blanks_above(above, line, setting) and _room(above, line) < VERSE_EM:
        return False
    return (
        bool(blanks_above(above, line, setting))
        or _room(above, line) > ROOM_EM
        or _is_moved(group, line, below, setting)
        or (ends_sentence(above.text) and _stands_alone(line.text))
    )


def _stands_alone(text: str) -> bool:
    return heading_style(text) is not None or bool(SECTION.fullmatch(text) or BRACKETED.fullmatch(text))


def _is_moved(group: Sequence[PageLine], line: PageLine, below: PageLine | None, setting: Setting) -> bool:
    """Return whether the line begins where no further line of the paragraph would."""
    here = offset(line)
    if len(group) > 1:
        usual = offset(group[-1])
        return abs(here - usual) > STEP_EM
    first = offset(group[0])
    if min(here, first) > INDENT_EM[1] and abs(here - first) > STEP_EM:  # centred, or pushed right
        return True
    if here > first + STEP_EM:
        return not _hangs(group[0], line, below)
    return setting.indented and _is_first_by_indent(line) and abs(here - first) <= STEP_EM


def _hangs(first: PageLine, line: PageLine, below: PageLine | None) -> bool:
    """Return whether the line is set below the words of a numbered item, its number left standing out."""
    numbered = heading_style(first.text) is not None or first.text[0] in BULLETS
    return numbered and (below is None or not _stacked(line, below) or offset(below) > offset(line) - STEP_EM)


def _room(above: PageLine, line: PageLine) -> float:
    """Return how many characters would be left at the end of a line with the next line's first word on it."""
    slack = (above.right_edge - above.right) / above.size
    return slack - _first_unit(line)


def _first_unit(line: PageLine) -> float:
    """Return the width of what would have had to fit on the line above, in characters of the line."""
    text = line.text
    start = 0
    while start < len(text) - 1 and text[start] in PAIRS:
        start += 1
    stop = start + 1
    while stop < len(text) and _in_word(text[stop - 1]) and _in_word(text[stop]):
        stop += 1
    while stop < len(text) and (text[stop] in NEVER_FIRST + QUOTES or text[stop - 1] in QUOTES):
        stop += 1
    scale = (line.right - line.x) / (line.size * em(text))
    return min(LONGEST_UNIT_EM, em(text[:stop]) * min(WIDEST_SCALE, scale))


def _in_word(character: str) -> bool:
    return character.isascii() and not character.isspace()
