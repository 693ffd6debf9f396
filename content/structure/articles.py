"""Text without markup to parts: finds the titles by what stands around them.

A run of lines without a final mark is a title where enough speaks for it: the start of the document or of
a section, a signature or a stock closing line before it, a date below it, a report's first words after it.
Without that evidence such lines stay in the body, as sub-titles do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from content.marks import SECTION, em
from content.structure.dates import lead_date
from content.structure.fields import CLOSING, is_byline
from content.structure.looks import Look, Looks
from content.structure.paragraphs import Piece
from content.structure.parts import SIGN_OFF_EM, Kind, Part, kind_of
from content.structure.titles import join_title

ENOUGH = 2
"""Points of evidence that make a title. Several lines, or words such as 会议, do not make one alone."""

TITLE_LINES = 6
TITLE_EM = 200
"""A longer run of lines without final marks is a poem, a list or a table."""

LEAD_WORDS = re.compile(r".{0,36}?(?:近日|日前|近期)|连日来|今天|昨天|新华社|本报|.{2,8}讯")
TITLE_WORDS = re.compile("会议|召开|讲话|：")
SUBTITLE_INDENT = 4


def divide_by_marks(pieces: Sequence[Piece]) -> list[Part]:
    """Return the document's parts in order; a part without a title has None.

    The titles that speak for themselves are found first; then those that are set like them.
    """
    found = _Divider(pieces, Counter()).divide()
    looks = Looks(pieces, [kind_of(piece) for piece in pieces])
    known = Counter(looks.of(part.title_pieces[0]) for part in found if part.title_pieces)
    return _Divider(pieces, known).divide()


class _Divider:
    """One walk over the paragraphs; `title_looks` counts the titles that are known, by their look."""

    def __init__(self, pieces: Sequence[Piece], title_looks: Mapping[Look | None, int]) -> None:
        self.pieces = pieces
        self.kinds = [kind_of(piece) for piece in pieces]
        self.looks = Looks(pieces, self.kinds)
        self.title_looks = title_looks
        self.blank_lines_count = _blank_lines_count(pieces)
        self.parts: list[Part] = []
        self.part: Part | None = None
        self.section: str | None = None

    def divide(self) -> list[Part]:
        index = 0
        while index < len(self.pieces):
            index = self._take(index)
        return self.parts

    def _take(self, index: int) -> int:
        """Deal with what begins at `index` and return the index after it."""
        match self.kinds[index]:
            case Kind.SECTION:
                found = SECTION.fullmatch(self.pieces[index].text)
                self.section = found[1] if found else None
                self.part = None
                return index + 1
            case Kind.DISPLAY | Kind.FIELD:
                return self._take_run(index)
            case Kind.SIGNATURE if self._closes(index):
                self._add(index, index + 1)
                self.part = None
                return index + 1
            case _:
                self._add(index, index + 1)
                return index + 1

    def _closes(self, index: int) -> bool:
        """Return whether the signature at `index` stands at the end of a body."""
        after = self._run_end(index + 1)
        following = self.kinds[index + 1] if index + 1 < len(self.kinds) else Kind.SECTION
        return bool(self.part and self.part.body) and (
            following in (Kind.SECTION, Kind.DISPLAY) or after == len(self.kinds) or after > index + 1
        )

    def _run_end(self, start: int) -> int:
        """Return the end of the run of displayed lines and fields that begins at `start`."""
        stop = start
        while stop < len(self.kinds) and self.kinds[stop] in (Kind.DISPLAY, Kind.FIELD):
            stop += 1
        return stop

    def _take_run(self, start: int) -> int:
        stop = self._run_end(start)
        start = self._sign_off(start, stop)
        title = self._title_of(start, stop)
        signed = 0
        while title and self.part and self.part.body and self.pieces[start + signed] is not title[0]:
            signed += 1
        evidence = self._evidence(start, stop, title) if title else 0
        if evidence < ENOUGH:
            self._add(start, stop)
            return stop
        if signed:
            self._add(start, start + signed)
            start += signed
        self._open(title, evidence)
        taken = {id(piece) for piece in title}
        assert self.part
        self.part.body += [piece for piece in self.pieces[start:stop] if id(piece) not in taken]
        return stop

    def _sign_off(self, start: int, stop: int) -> int:
        """Give the body its last lines, 某某办公室 and a date, and return where the next title begins."""
        if not (self.part and self.part.body and stop - start >= 3):
            return start
        name, date, title = self.pieces[start], self.kinds[start + 1], self.pieces[start + 2]
        signs = self.kinds[start] is Kind.DISPLAY and date is Kind.FIELD and name.first.width <= SIGN_OFF_EM
        if signs and self.kinds[start + 2] is Kind.DISPLAY and not is_byline(title.text):
            self._add(start, start + 2)
            return start + 2
        return start

    def _title_of(self, start: int, stop: int) -> list[Piece]:
        """Return the title's paragraphs of a run: the first displayed ones, without an author's name."""
        while start < stop and self.kinds[start] is Kind.FIELD:
            start += 1
        end = start
        while end < stop and self.kinds[end] is Kind.DISPLAY:
            end += 1
        title = list(self.pieces[start:end])
        if len(title) > 1 and is_byline(title[-1].text) and (end < stop or _is_set_apart(title)):
            title.pop()
        if len(title) > 1 and title[0].first.block.indent < 2 and _all_indented(title[1:]):
            return title[:1]
        if len(title) > 2 and is_byline(title[1].text) and title[1].first.block.blanks_before:
            return title[:1]
        if len(title) > 1 and title[-1].text[-1] in "，、；":
            return title[:1]
        too_long = len(title) > TITLE_LINES or sum(em(piece.text) for piece in title) > TITLE_EM
        return title[:1] if too_long else title

    def _evidence(self, start: int, stop: int, title: Sequence[Piece]) -> int:
        """Return how many points speak for a title in the run; 0 where none is strong or nothing follows."""
        if stop == len(self.kinds) or self.kinds[stop] in (Kind.SECTION, Kind.SIGNATURE):
            return 0
        after_title = self.kinds[self.pieces.index(title[-1], start) + 1 : stop + 1]
        strong = 3 if self.part is None else 0
        if self.part and self.part.body and CLOSING.fullmatch(self.part.body[-1].text):
            strong += 2
        if Kind.FIELD in after_title or Kind.NOTE in after_title:
            strong += 2
        if _leads(self.pieces[stop].text):
            strong += 2
        if self.kinds[start] is Kind.FIELD and self.part and self.part.body:
            strong += 2
        look = self.looks.of(title[0])
        if look and look in self.title_looks:
            strong += 2 if self.title_looks[look] > 1 else 1
        weak = (len(title) > 1 or len(title[0].lines) > 1) + bool(TITLE_WORDS.search(title[0].text))
        return strong + weak if strong else 0

    def _open(self, title: list[Piece], evidence: int) -> None:
        lines = [line for piece in title for line in piece.lines]
        self.part = Part(join_title(lines, self.blank_lines_count), self.section, title, evidence=evidence)
        self.parts.append(self.part)

    def _add(self, start: int, stop: int) -> None:
        """Add the paragraphs to the body of the part at hand."""
        if (
            self.part is None
            and self.parts
            and all(kind in (Kind.FIELD, Kind.SIGNATURE) for kind in self.kinds[start:stop])
        ):
            self.parts[-1].body += self.pieces[start:stop]
            return
        if self.part is None:
            self.part = Part(None, self.section)
            self.parts.append(self.part)
        self.part.body += self.pieces[start:stop]


def _leads(text: str) -> bool:
    return bool(lead_date(text) or LEAD_WORDS.match(text))


def _all_indented(pieces: Sequence[Piece]) -> bool:
    return all(piece.first.block.indent >= SUBTITLE_INDENT for piece in pieces)


def _is_set_apart(title: Sequence[Piece]) -> bool:
    """Return whether the last displayed line is set as a name: indented more, and its title not torn."""
    name, above = title[-1].first.block, title[-2].first.block
    return name.indent > above.indent or (name.blanks_before > 0 and " " in name.text)


def _blank_lines_count(pieces: Sequence[Piece]) -> bool:
    """Return whether empty lines tell anything: not where the lines of one paragraph have them between."""
    inner = [line.block.blanks_before for piece in pieces for line in piece.lines[1:] if not line.page_edge]
    wrapped = len(inner) > len(pieces)
    return not (wrapped and sum(map(bool, inner)) > len(inner) // 2)
