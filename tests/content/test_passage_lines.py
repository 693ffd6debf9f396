"""The lines that a passage names are the lines of the file that hold its text, however the file is set."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.passages import split_in_all_lengths
from content.reading import read_document
from content.structure import parse_articles
from tests.content.hard_wrap import Setting, dialogue, english, hard_wrap, report
from tests.content.made_texts import essay, interview, mixed, speech, statute

MAKERS: tuple[Callable[[Random, int], list[str]], ...] = (
    report, dialogue, english, statute, interview, speech, essay, mixed
)  # fmt: skip
some_settings = st.builds(
    Setting,
    width=st.integers(18, 40),
    indent=st.sampled_from(["kept", "lost", "none"]),
    blanks=st.sampled_from(["none", "all", "some", "paragraph"]),
    trailing=st.booleans(),
    pages=st.sampled_from(["none", "number", "feed", "head"]),
    page_lines=st.integers(12, 40),
    kinsoku=st.sampled_from(["hang", "carry", "off"]),
)


def visible(text: str) -> str:
    return "".join(text.split())


def is_within(text: str, lines: str) -> bool:
    """Return whether the text stands in the lines, in order; page numbers may stand between."""
    rest = iter(lines)
    return all(char in rest for char in text)


@pytest.mark.parametrize("make", MAKERS)
@settings(max_examples=25, deadline=None)
@given(setting=some_settings, seed=st.integers(0, 10_000))
def test_the_lines_of_a_passage_hold_its_text_and_end_with_it(
    make: Callable[[Random, int], list[str]], setting: Setting, seed: int
) -> None:
    random = Random(seed)
    text = hard_wrap(make(random, 25), setting, random)
    raw = read_document("a.txt", text.encode())
    lines = text.split("\n")

    for article in parse_articles(raw, "a"):
        whole = article.text
        for passage in (each for cut in split_in_all_lengths(article.paragraphs).values() for each in cut):
            own = visible(whole[passage.start : passage.stop])
            held = visible("".join(lines[passage.first_line - 1 : passage.last_line]))
            assert is_within(own, held)
            if setting.pages == "none":
                assert own in held
            if passage.start == 0:
                assert visible(lines[passage.first_line - 1])[:1] == own[:1]
            if passage.stop == len(whole):
                assert visible(lines[passage.last_line - 1])[-1:] == own[-1:]
