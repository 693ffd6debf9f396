"""What a curator corrects, and that it is made again in the next version."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.corrections import (
    Correction,
    NoSuchPlace,
    correct,
    merge_article,
    redate_article,
    retitle_article,
    split_article,
)
from content.reading import Doubt
from content.structure import ArticleDraft, Paragraph

PARAGRAPHS = (
    "村里决定今年先修东渠，再修西渠。",
    "水费的账目",
    "去年收了三百二十户，还差十一户没有交。",
    "下一步由三个小组分头上门去问。",
)


def draft(title: str, *texts: str, first_line: int = 1, **fields: object) -> ArticleDraft:
    paragraphs = tuple(Paragraph(text, first_line + n, first_line + n) for n, text in enumerate(texts, 1))
    made = ArticleDraft(title, "渠务", None, None, paragraphs, None, first_line, first_line + len(texts))
    return replace(made, **fields)  # type: ignore[arg-type]


WHOLE = draft("修渠的安排", *PARAGRAPHS)
HALVES = [
    draft("修渠的安排", *PARAGRAPHS[:1], date=dt.date(2026, 3, 1)),
    draft("水费的账目", *PARAGRAPHS[2:], first_line=3, source="村报", closing="散会。"),
]


def titles(drafts: list[ArticleDraft]) -> list[str]:
    return [each.title for each in drafts]


def texts(drafts: list[ArticleDraft]) -> list[str]:
    return [each.text for each in drafts]


def test_a_merge_joins_an_article_to_the_one_before_and_keeps_its_title_as_a_heading() -> None:
    drafts, homeless = correct(HALVES, [merge_article(HALVES, 1)])

    assert titles(drafts) == ["修渠的安排"]
    assert texts(drafts) == ["\n".join(PARAGRAPHS)]
    assert [each.is_heading for each in drafts[0].paragraphs] == [False, True, False, False]
    assert (drafts[0].date, drafts[0].source, drafts[0].closing) == (dt.date(2026, 3, 1), "村报", "散会。")
    assert (drafts[0].first_line, drafts[0].last_line) == (1, 5)
    assert homeless == []


def test_a_split_begins_an_article_whose_title_leaves_the_text() -> None:
    drafts, _ = correct([WHOLE], [split_article([WHOLE], 0, 1, "水费的账目")])

    assert titles(drafts) == ["修渠的安排", "水费的账目"]
    assert texts(drafts) == [PARAGRAPHS[0], "\n".join(PARAGRAPHS[2:])]
    assert [(each.first_line, each.last_line) for each in drafts] == [(1, 2), (3, 5)]


def test_a_split_with_a_title_of_its_own_leaves_the_text_whole() -> None:
    drafts, _ = correct([WHOLE], [split_article([WHOLE], 0, 3, "分头上门")])

    assert texts(drafts) == ["\n".join(PARAGRAPHS[:3]), PARAGRAPHS[3]]


def test_a_merge_takes_back_a_split() -> None:
    once, _ = correct([WHOLE], [split_article([WHOLE], 0, 1, "水费的账目")])
    drafts, _ = correct(once, [merge_article(once, 1)])

    assert texts(drafts) == texts([WHOLE])


@pytest.mark.parametrize("retitled", [None, "账目和人"])
def test_a_merge_takes_back_a_split_whose_title_was_typed(retitled: str | None) -> None:
    corrections = [split_article([WHOLE], 0, 2, "去年的账")]
    halves, _ = correct([WHOLE], corrections)
    if retitled:
        corrections.append(retitle_article(halves, 1, retitled))
    halves, _ = correct([WHOLE], corrections)

    drafts, homeless = correct([WHOLE], [*corrections, merge_article(halves, 1)])

    assert drafts[0].paragraphs == WHOLE.paragraphs
    assert homeless == []


def test_a_title_that_was_corrected_still_heads_its_text_after_a_merge() -> None:
    corrections = [retitle_article(HALVES, 1, "去年的账"), merge_article(HALVES, 1)]

    assert texts(correct(HALVES, corrections)[0]) == ["\n".join([PARAGRAPHS[0], "去年的账", *PARAGRAPHS[2:]])]


def test_a_title_in_a_file_of_one_line_heads_its_text_after_a_merge() -> None:
    flat = [
        replace(
            each,
            first_line=1,
            last_line=1,
            paragraphs=tuple(Paragraph(p.text, 1, 1) for p in each.paragraphs),
        )
        for each in HALVES
    ]

    assert texts(correct(flat, [merge_article(flat, 1)])[0]) == ["\n".join(PARAGRAPHS)]


def test_title_and_date_are_set_and_the_date_taken_away() -> None:
    corrections = [retitle_article(HALVES, 1, "水费"), redate_article(HALVES, 1, dt.date(2026, 5, 4))]
    drafts, _ = correct(HALVES, [*corrections, redate_article(HALVES, 0, None)])

    assert titles(drafts) == ["修渠的安排", "水费"]
    assert [each.date for each in drafts] == [None, dt.date(2026, 5, 4)]


def test_a_curators_word_settles_what_was_in_doubt() -> None:
    doubts = tuple(Doubt(kind, 2, "村里") for kind in ("weak_title", "guessed_year", "long_paragraph"))
    doubtful = replace(WHOLE, doubts=doubts, confidence=0.5)

    titled, _ = correct([doubtful], [retitle_article([doubtful], 0, "渠和账")])
    both, _ = correct(titled, [redate_article(titled, 0, None)])

    assert [doubt.kind for doubt in titled[0].doubts] == ["guessed_year", "long_paragraph"]
    assert [doubt.kind for doubt in both[0].doubts] == ["long_paragraph"]
    assert doubtful.confidence < titled[0].confidence < both[0].confidence < 1


def test_a_doubt_goes_with_its_half_of_a_split_and_none_is_lost_in_a_merge() -> None:
    doubtful = replace(WHOLE, doubts=(Doubt("torn_paragraph", 2, "村里"), Doubt("long_paragraph", 4, "去年")))

    halves, _ = correct([doubtful], [split_article([doubtful], 0, 1, None)])
    again, _ = correct(halves, [merge_article(halves, 1)])

    assert [each.doubts for each in halves] == [doubtful.doubts[:1], doubtful.doubts[1:]]
    assert again[0].doubts == doubtful.doubts


def test_corrections_are_made_again_where_the_text_was_edited_and_moved() -> None:
    corrections = [merge_article(HALVES, 1), retitle_article(HALVES, 0, "今年的渠和账")]
    later = [
        draft("前言", "先说几句闲话。"),
        replace(HALVES[0], paragraphs=(Paragraph("村里决定今年先修好东渠，再修西渠。", 9, 9),)),
        HALVES[1],
    ]

    drafts, homeless = correct(later, corrections)

    assert titles(drafts) == ["前言", "今年的渠和账"]
    assert homeless == []


def test_a_correction_whose_place_is_gone_is_given_back() -> None:
    correction = retitle_article(HALVES, 1, "水费")

    assert correct(HALVES[:1], [correction]) == (HALVES[:1], [correction])


def test_paragraphs_that_are_alike_are_told_apart() -> None:
    drafts = [draft("一", "会议开始。"), draft("二", "会议开始。"), draft("三", "会议开始。")]
    corrected, _ = correct(drafts, [retitle_article(drafts, 1, "中间的一篇")])

    assert titles(corrected) == ["一", "中间的一篇", "三"]


NOTE = "编者按："
NOTED = [draft("一", NOTE, "东渠修好了。"), draft("二", NOTE, "西渠还在修。")]


@pytest.mark.parametrize("correction", [retitle_article(NOTED, 1, "西渠"), redate_article(NOTED, 1, None)])
def test_a_correction_stays_with_its_article_where_one_that_begins_alike_comes_before(
    correction: Correction,
) -> None:
    dated = [replace(each, date=dt.date(2026, 3, 1)) for each in NOTED]
    new = replace(dated[0], title="零", paragraphs=(Paragraph(NOTE, 1, 1), Paragraph("雨水来得早。", 2, 2)))

    drafts, homeless = correct([new, *dated], [correction])

    assert drafts[:2] == [new, dated[0]]
    assert drafts[2] != dated[1]
    assert homeless == []


def test_a_correction_of_one_article_finds_it_among_two_that_begin_alike_now() -> None:
    drafts, _ = correct(NOTED, [retitle_article(NOTED[1:], 0, "西渠")])

    assert titles(drafts) == ["一", "西渠"]


def test_where_its_article_is_gone_a_correction_does_not_go_to_another_that_begins_alike() -> None:
    correction = retitle_article(NOTED, 1, "西渠")

    assert correct(NOTED[:1], [correction]) == (NOTED[:1], [correction])


def test_of_articles_that_are_quite_alike_none_is_guessed_once_there_are_more_of_them() -> None:
    twins = [NOTED[0], replace(NOTED[0], title="又一")]
    correction = retitle_article(twins, 1, "另一篇")

    assert titles(correct(twins, [correction])[0]) == ["一", "另一篇"]
    assert correct([NOTED[0], *twins], [correction])[1] == [correction]


def test_an_edit_beside_it_does_not_matter_while_as_many_begin_alike() -> None:
    correction = retitle_article(NOTED, 1, "西渠")
    edited = [NOTED[0], draft("二", NOTE, "大家都去挖土。")]

    assert titles(correct(edited, [correction])[0]) == ["一", "西渠"]


def test_a_correction_of_before_neighbours_were_kept_goes_by_its_number() -> None:
    correction = Correction("retitle", NOTE, 1, "西渠")

    assert titles(correct(NOTED, [correction])[0]) == ["一", "西渠"]


def test_an_article_without_text_is_known_by_its_title() -> None:
    drafts = [draft("只有题目"), WHOLE]
    corrected, _ = correct(drafts, [retitle_article(drafts, 0, "另一个题目"), merge_article(drafts, 1)])

    assert titles(corrected) == ["另一个题目"]


@pytest.mark.parametrize("article", [-1, 0, 2])
def test_there_is_nothing_before_the_first_article_to_merge_with(article: int) -> None:
    with pytest.raises(NoSuchPlace):
        merge_article(HALVES, article)


@pytest.mark.parametrize(("article", "paragraph"), [(0, 0), (0, 4), (1, 1), (-1, 1)])
def test_an_article_is_split_between_its_paragraphs_only(article: int, paragraph: int) -> None:
    with pytest.raises(NoSuchPlace):
        split_article([WHOLE], article, paragraph, "题")


def test_only_articles_that_are_there_get_titles_and_dates() -> None:
    with pytest.raises(NoSuchPlace):
        retitle_article(HALVES, 2, "题")
    with pytest.raises(NoSuchPlace):
        redate_article(HALVES, 2, None)


paragraphs = st.lists(
    st.text("渠水账开会。 ", min_size=1, max_size=12).map(str.strip).filter(bool), max_size=4
)


@given(st.lists(paragraphs, min_size=1, max_size=4), st.data())
def test_no_text_is_lost_whatever_is_merged_and_split(bodies: list[list[str]], data: st.DataObject) -> None:
    drafts = [draft(f"第{n}篇", *body) for n, body in enumerate(bodies)]
    lines = lines_of(drafts)
    for _ in range(3):
        article, paragraph = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 4))
        try:
            if data.draw(st.booleans()):
                correction = merge_article(drafts, article)
            else:
                correction = split_article(drafts, article, paragraph, data.draw(st.sampled_from(lines)))
        except NoSuchPlace:
            continue
        drafts, homeless = correct(drafts, [correction])
        assert homeless == []
    assert set(lines) <= set(lines_of(drafts))


def lines_of(drafts: list[ArticleDraft]) -> list[str]:
    """All that a reader sees, title by title and paragraph by paragraph."""
    return [line for each in drafts for line in (each.title, *each.text.split("\n")) if line]
