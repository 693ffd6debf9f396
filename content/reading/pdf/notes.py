"""Takes the footnotes out of the run of the text, which goes on behind them on the next page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from content.reading.pdf.lines import PageLine

SMALLER = 0.93
"""Notes are set at least this much smaller than the body."""

LOWER_SHARE = 0.5
"""They stand in the lower half of the page."""

MARK = re.compile(
    r"[①-⑳❶-❿⑴-⒇*＊※†‡]|[\[［【〔(（]\d{1,3}[\]］】〕)）]|\d{1,3}(?=[\s.．、\u4e00-\u9fff“《A-Z])|注\s*[\d：:]"
)
"""What a footnote begins with."""


def split_notes(
    lines: Sequence[PageLine], body: float, height: float
) -> tuple[list[PageLine], list[PageLine]]:
    """Return the lines of a page without the footnotes at the ends of its columns, and those."""
    text: list[PageLine] = []
    notes: list[PageLine] = []
    for column in _by_column(lines):
        start = len(column)
        while start and _is_small(column[start - 1], body, height):
            start -= 1
        while start < len(column) and not MARK.match(column[start].text):
            start += 1
        text += column[:start]
        notes += column[start:]
    return text, notes


def split_marked(notes: Sequence[PageLine]) -> list[list[PageLine]]:
    """Return the lines of each note."""
    groups: list[list[PageLine]] = []
    for line in notes:
        if groups and not MARK.match(line.text):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_small(line: PageLine, body: float, height: float) -> bool:
    return line.size < SMALLER * body and line.y < LOWER_SHARE * height and len(line.cells) == 1


def _by_column(lines: Sequence[PageLine]) -> list[list[PageLine]]:
    columns: dict[int, list[PageLine]] = {}
    for line in lines:
        columns.setdefault(line.column, []).append(line)
    return list(columns.values())
