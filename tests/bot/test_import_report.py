"""What `rizhi import` keeps of each document while it goes through many."""

from __future__ import annotations

import weakref
from collections.abc import Generator
from typing import Any

from bot.commands.import_ import LISTED, Line, as_line, report, worth_listing
from bot.imports import Outcome
from content.prepare import prepare_document

NOTES = "# 春天\n\n三月里先清淤泥，再补渠岸，十一户人家轮流出工，每天记工分。\n"


class Nothing:
    name = "nothing"

    def load(self) -> tuple[str, bytes]:
        return self.name, b""


def test_of_a_document_that_was_shown_no_text_is_kept() -> None:
    seen: list[weakref.ref[Any]] = []
    left: list[int] = []

    def outcomes() -> Generator[Outcome, None, None]:
        for number in range(5):
            prepared = prepare_document(f"{number}.md", NOTES.encode())
            seen.append(weakref.ref(prepared))
            yield Outcome(f"{number}.md", "imported", prepared=prepared)
            del prepared
            left.append(sum(each() is not None for each in seen))

    lines = report(outcomes(), [Nothing()] * 5, as_json=False)

    assert lines == [Line(f"{number}.md", "imported", "1", "1", "") for number in range(5)]
    assert max(left) == 1  # the one that is being shown


def test_of_a_file_that_breaks_off_it_is_said_where_one_sees_more() -> None:
    whole, cut = (prepare_document("a.md", body) for body in (NOTES.encode(), NOTES.rstrip().encode()[:-1]))

    assert as_line(Outcome("a.md", "imported", prepared=whole, document_id=7)).remark == ""
    assert as_line(Outcome("a.md", "imported", prepared=cut, document_id=7)).remark == (
        "something of it may be lost; see: rizhi docs show 7"
    )
    assert as_line(Outcome("a.md", "imported", prepared=cut)).remark == "something of it may be lost"


def test_of_very_many_documents_those_with_a_remark_are_listed() -> None:
    plain = [Line(str(number), "imported", "1", "1", "") for number in range(LISTED)]
    bad = Line("bad.txt", "failed", "", "", "it is empty")

    assert worth_listing(plain) == plain
    assert worth_listing([*plain, bad]) == [bad]
