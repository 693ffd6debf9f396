"""Snippets: text around the matches, with spans that point at them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from content.search.snippets import ELLIPSIS, SNIPPET_CHARS, Snippet, make_snippet, merge_spans
from content.tokens import tokenize

spans_in = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda pair: (min(pair), max(pair)))
)


def test_a_short_text_is_shown_whole() -> None:
    assert make_snippet("山下有泉。", [(3, 4)]) == Snippet("山下有泉。", ((3, 4),))


def test_a_long_text_is_shown_around_the_match() -> None:
    text = "前" * 200 + "泉" + "后" * 200

    snippet = make_snippet(text, [(200, 201)])

    ((start, stop),) = snippet.highlights
    assert snippet.text[start:stop] == "泉"
    assert snippet.text.startswith(ELLIPSIS + "前")
    assert snippet.text.endswith("后" + ELLIPSIS)
    assert len(snippet.text) == SNIPPET_CHARS + 2
    assert abs(start - (len(snippet.text) - stop)) <= 1


def test_the_place_with_most_matches_is_shown() -> None:
    text = "泉" + "前" * 200 + "泉和山和水" + "后" * 200

    snippet = make_snippet(text, [(0, 1), (201, 202), (203, 204), (205, 206)])

    assert [snippet.text[start:stop] for start, stop in snippet.highlights] == ["泉", "山", "水"]


def test_the_place_with_different_matches_is_shown_before_one_that_repeats_a_match() -> None:
    text = "天和天和天和天" + "前" * 200 + "山和水" + "后" * 200

    snippet = make_snippet(text, [(0, 1), (2, 3), (4, 5), (6, 7), (207, 208), (209, 210)])

    assert [snippet.text[start:stop] for start, stop in snippet.highlights] == ["山", "水"]


def test_a_snippet_begins_with_the_sentence_of_the_match_if_that_is_near() -> None:
    text = "前" * 100 + "。一句话里有泉水。" + "后" * 100

    assert make_snippet(text, [(107, 109)]).text.startswith(ELLIPSIS + "一句话里有泉水。")


def test_a_snippet_begins_and_ends_between_clauses_where_they_are_near() -> None:
    clause = "过了桥往右走，再过一道石门就可以看见一眼泉"
    text = "前" * 60 + "，" + clause + "后" * 30 + "，" + "后" * 60
    at = text.index("泉")

    assert make_snippet(text, [(at, at + 1)]).text == ELLIPSIS + clause + "后" * 30 + ELLIPSIS


def test_a_snippet_does_not_begin_within_a_word() -> None:
    tokenize("等词典装好")
    for shift in range(8):
        text = "来" * shift + "图书馆里学生们安静地阅读各种文学作品" * 12
        first = text.index("安静", 110)

        begun = make_snippet(text, [(first, first + 2)]).text.removeprefix(ELLIPSIS)

        assert begun.startswith(("图书馆", "里", "学生", "安静", "阅读", "各种", "文学", "作品", "地")), begun


def test_latin_script_is_half_as_wide_and_is_not_cut_within_words() -> None:
    text = "The river rises. " + "and so on " * 20 + "until the spring floods are over and " * 5
    at = text.index("spring")
    snippet = make_snippet(text, [(at, at + 6)])

    assert SNIPPET_CHARS < len(snippet.text) <= 2 * SNIPPET_CHARS + 2
    assert set(snippet.text.strip(ELLIPSIS).split()) <= set(text.split())


def test_without_matches_the_beginning_is_shown() -> None:
    snippet = make_snippet("开头" * 100, [])

    assert snippet == Snippet("开头" * (SNIPPET_CHARS // 2) + ELLIPSIS, ())


def test_line_feeds_become_spaces_one_for_one() -> None:
    assert make_snippet("山\n泉", [(2, 3)]) == Snippet("山 泉", ((2, 3),))


def test_a_match_longer_than_the_snippet_is_shown_from_its_beginning() -> None:
    snippet = make_snippet("前" * 50 + "长" * 100, [(50, 150)])

    assert snippet.highlights == ((1, 1 + SNIPPET_CHARS),)
    assert snippet.text == ELLIPSIS + "长" * SNIPPET_CHARS + ELLIPSIS


def test_spans_that_touch_are_one() -> None:
    assert merge_spans([(5, 6), (1, 3), (3, 4), (2, 3), (9, 9)]) == [(1, 4), (5, 6)]


@given(st.text(max_size=300), spans_in)
def test_highlights_lie_in_the_snippet_and_apart(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(start, min(stop, len(text))) for start, stop in spans if start < len(text)]

    snippet = make_snippet(text, inside)

    edges = [edge for span in snippet.highlights for edge in span]
    assert edges == sorted(set(edges))
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(snippet.text))
    assert bool(snippet.highlights) == bool(merge_spans(inside))
    assert len(snippet.text) <= 2 * SNIPPET_CHARS + 2
