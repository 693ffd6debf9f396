"""Paragraphs come back from hard-wrapped text, however it was set."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random

import pytest

from content.reading import read_document
from content.structure.paragraphs import restore_paragraphs
from tests.content.hard_wrap import Setting, dialogue, english, hard_wrap, report
from tests.content.made_texts import essay, interview, mixed, speech, statute

KINSOKU = ("hang", "carry", "off")
SETTINGS = [
    Setting(width, indent, blanks, trailing, pages, 18 + number * 5 % 23, KINSOKU[number % 3])
    for number, (indent, blanks, trailing, pages) in enumerate(
        product(
            ("kept", "lost", "none"),
            ("none", "all", "some", "paragraph"),
            (True, False),
            ("none", "number", "feed", "head"),
        )
    )
    for width in (18 + number * 7 % 23,)
]


Maker = Callable[[Random, int], list[str]]

PARAGRAPHS: dict[Maker, int] = {
    report: 24, dialogue: 70, english: 20, statute: 40, interview: 40, speech: 30, essay: 40, mixed: 30
}  # fmt: skip
"""Enough for several pages: a single number between two paragraphs may as well be text."""


def restored(text: str) -> list[str]:
    return [piece.text for piece in restore_paragraphs(read_document("a.txt", text.encode()))]


def boundaries(paragraphs: list[str]) -> set[int]:
    """Return where paragraphs end, counted in visible characters."""
    ends, total = set(), 0
    for paragraph in paragraphs:
        total += len("".join(paragraph.split()))
        ends.add(total)
    return ends


def f1(make: Maker, settings: list[Setting]) -> float:
    """Return the F1 of paragraph boundaries over texts in all the settings."""
    right = found = wanted = 0
    for number, setting in enumerate(settings):
        random = Random(number)
        paragraphs = make(random, PARAGRAPHS[make])
        expected = boundaries(paragraphs)
        actual = boundaries(restored(hard_wrap(paragraphs, setting, random)))
        right, found, wanted = right + len(expected & actual), found + len(actual), wanted + len(expected)
    return 2 * right / (found + wanted)


LEAST: dict[Maker, float] = {
    report: 0.99, dialogue: 0.985, english: 0.96, statute: 0.97,
    interview: 0.99, speech: 0.975, essay: 0.99, mixed: 0.97,
}  # fmt: skip


@pytest.mark.parametrize("make", LEAST)
def test_texts_are_restored_whatever_the_width_indent_blanks_marks_and_pages(make: Maker) -> None:
    assert f1(make, SETTINGS) >= LEAST[make]


def test_no_character_is_lost_but_page_numbers_and_running_heads() -> None:
    for number, setting in enumerate(SETTINGS):
        random = Random(number)
        paragraphs = report(random, PARAGRAPHS[report])
        text = "".join(restored(hard_wrap(paragraphs, setting, random)))
        assert "".join(text.split()) == "".join("".join(paragraphs).split()), setting


@pytest.mark.parametrize("width", [25, 36, 40])
@pytest.mark.parametrize("pages", ["none", "number", "feed", "head"])
def test_english_prose_between_blank_lines_comes_back_to_the_letter(width: int, pages: str) -> None:
    random = Random(width)
    paragraphs = english(random, 20)
    setting = Setting(width, "none", "paragraph", False, pages)
    assert restored(hard_wrap(paragraphs, setting, random)) == paragraphs


@pytest.mark.parametrize("make", [report, dialogue, english])
def test_text_that_is_not_wrapped_stays_as_it_is(make: Maker) -> None:
    paragraphs = make(Random(1), 30)
    assert restored("\n".join(paragraphs)) == paragraphs
    assert restored("\n\n".join("　　" + paragraph for paragraph in paragraphs)) == paragraphs
