"""The query language: what a person types, beside what is looked for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import EmptyQuery
from content.search import Description, Query, describe, parse_query
from content.search.query import QUERY_CHARS


@pytest.mark.parametrize(
    ("typed", "words", "phrases", "excluded", "places"),
    [
        ("依法治国", ("依法治国",), (), (), ()),
        ("農村電商", ("农村", "电商"), (), (), ()),
        ("Ｐｙｔｈｏｎ 编程", ("python", "编程"), (), (), ()),
        ('"深化改革" 农业', ("农业",), ("深化改革",), (), ()),
        ("“深化改革”「对外开放」『绿色发展』", (), ("深化改革", "对外开放", "绿色发展"), (), ()),
        ("法治 –经济 C++ .NET", ("法治", "c", "net"), (), ("经济",), ()),
        ("法治 -经济 －旅游", ("法治",), (), ("经济", "旅游"), ()),
        ('法治 -"市场经济"', ("法治",), (), ("市场经济",), ()),
        ("in:宪法 公民", ("公民",), (), (), ("宪法",)),
        ("公民 IN：宪法", ("公民",), (), (), ("宪法",)),
        ('in:"劳动 合同" 工资', ("工资",), (), (), ("劳动 合同",)),
        ("covid-19 疫苗", ("covid-19", "疫苗"), (), (), ()),
        ("灯塔是什么时候建的？", ("灯塔", "建"), (), (), ()),
        ("的 了", ("的", "了"), (), (), ()),
        ("灯塔 灯塔", ("灯塔",), (), (), ()),
        ('"灯塔', ("灯塔",), (), (), ()),
        ("灯塔 AND (NEAR title:海*", ("灯塔", "near", "title", "海"), (), (), ()),
    ],
)
def test_a_query_is_read_as_it_is_meant(
    typed: str,
    words: tuple[str, ...],
    phrases: tuple[str, ...],
    excluded: tuple[str, ...],
    places: tuple[str, ...],
) -> None:
    query = parse_query(typed)

    assert (query.words, query.phrases, query.excluded, query.places) == (words, phrases, excluded, places)


@pytest.mark.parametrize("typed", ["", "  \n", "？！", '""', "“”", "-", "😀", "\x00", "\ud83d"])
def test_a_query_with_nothing_to_look_for_says_so(typed: str) -> None:
    with pytest.raises(EmptyQuery):
        parse_query(typed)


@pytest.mark.parametrize("typed", ["-经济", "－经济", "–经济"])
def test_a_dash_before_all_that_was_typed_leaves_nothing_out(typed: str) -> None:
    query = parse_query(typed)

    assert (query.words, query.excluded, describe(query).wanted) == (("经济",), (), ("经济",))
    assert parse_query(f"水位 {typed}").excluded == ("经济",)


def test_the_beginning_of_a_long_query_is_used_and_it_is_said() -> None:
    query = parse_query("海" * 10_000)

    assert (query.truncated, len(query.text)) == (True, QUERY_CHARS)
    assert not parse_query("海" * QUERY_CHARS).truncated


def test_of_a_question_parts_inside_function_words_are_not_looked_for() -> None:
    assert parse_query("请问为什么灯塔究竟是这样的什么").grams == ("灯塔",)


def test_of_a_quotation_every_part_is_looked_for() -> None:
    assert parse_query("灯塔是什么").grams == ("灯塔", "塔是", "是什", "什么")


@given(st.text(max_size=400))
def test_whatever_is_typed_is_a_query_or_empty(typed: str) -> None:
    try:
        query = parse_query(typed)
    except EmptyQuery:
        return
    assert isinstance(query, Query)
    assert query.words or query.phrases or query.is_narrowed
    assert len(query.words) <= 32


@pytest.mark.parametrize(
    ("text", "is_common"), [("的", True), ("这是的", True), ("“的”", False), ("防", False)]
)
def test_a_query_of_nothing_but_function_words_is_known(text: str, is_common: bool) -> None:
    assert parse_query(text).is_common is is_common


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("since:2020 水库", "2020-01-01", None),
        ("since:2020-02 水库", "2020-02-01", None),
        ("until:2020-02 水库", None, "2020-02-29"),
        ("until:2020-03-01 水库", None, "2020-03-01"),
        ("until:2020", None, "2020-12-31"),
        ("since:20200229 until:202003", "2020-02-29", "2020-03-31"),
        ("ｓｉｎｃｅ：２０２０年２月 ＵＮＴＩＬ：2020/3/5", "2020-02-01", "2020-03-05"),
        ("since:2019 since:2020.5 until:9999 until:2021-12", "2020-05-01", "2021-12-31"),
        ('until:"2021年"', None, "2021-12-31"),
        ("until:9999", None, "9999-12-31"),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, since: str | None, until: str | None) -> None:
    query = parse_query(typed)

    dates = [each and each.isoformat() for each in (query.since, query.until)]
    assert dates == [since, until]
    assert set(query.words) <= {"水库"}


@pytest.mark.parametrize(
    "typed",
    ["8:30", "改革：新的开始", "since:昨天", "until:20", "http://a.org", "登in:宪法"],
)
def test_a_colon_in_ordinary_text_is_text(typed: str) -> None:
    query = parse_query(f"开会 {typed}")

    assert query.pieces[1] == typed.replace("：", ":")
    assert not query.is_narrowed


def test_a_query_can_be_shown_back_in_the_askers_own_characters() -> None:
    query = parse_query("農村 “深化改革” -Ｘ島 in:憲法 section：總則 since:2020-02 until:2020")

    assert describe(query) == Description(
        wanted=("農村",),
        phrases=("深化改革",),
        excluded=("Ｘ島",),
        places=("憲法",),
        sections=("總則",),
        since=dt.date(2020, 2, 1),
        until=dt.date(2020, 12, 31),
    )


@pytest.mark.parametrize(
    "typed", ["since:2020-13", "since:20201301", "until:0000", "until：２０２１年２月３０日"]
)
def test_a_date_that_is_in_no_calendar_restricts_nothing_and_is_named(typed: str) -> None:
    query = parse_query(f"水库 {typed}")

    assert (query.words, query.since, query.until) == (("水库",), None, None)
    assert describe(query).unknown_dates == (typed.replace("：", ":").partition(":")[2],)


def test_what_only_narrows_is_a_query() -> None:
    assert parse_query("in:宪法").places == ("宪法",)
    assert not parse_query("in:宪法").is_common


def test_a_place_or_section_can_be_excluded_and_a_date_is_excluded_text() -> None:
    query = parse_query("水库 -in:憲法 －section：總則 -since:2020")

    assert (query.places, query.sections, query.excluded) == ((), (), ("since:2020",))
    assert (query.excluded_places, query.excluded_sections) == (("宪法",), ("总则",))
    assert describe(query).excluded == ("in:憲法", "section:總則", "since:2020")
    assert (describe(query).places, describe(query).sections) == ((), ())


def test_a_keyboard_may_put_a_blank_behind_a_filter_s_colon() -> None:
    query = parse_query("in: 宪法 since： 2020-02 水库 section: “总 则”")

    assert (query.places, query.sections, query.words) == (("宪法",), ("总 则",), ("水库",))
    assert query.since == dt.date(2020, 2, 1)
    assert parse_query("since: 昨天").words == ("昨天",)


@pytest.mark.parametrize("typed", ["《论语》", "论语？", "论语。", "（论语）", "'论语'", "【论语】……"])
def test_marks_around_what_is_meant_are_not_a_part_of_it(typed: str) -> None:
    assert parse_query(typed).pieces == ("论语",)
    assert parse_query(f"in:{typed}").places == ("论语",)
    assert describe(parse_query(f"学而 {typed}")).wanted[1:] in ((typed,), ("论语",))


def test_function_words_that_stand_by_themselves_are_no_pieces_but_are_shown_back() -> None:
    query = parse_query("how do we know the size of the Earth")

    assert not {"how", "the", "of"} & {*query.pieces}
    assert {"size", "earth"} <= {*query.pieces}
    assert " ".join(describe(query).wanted) == "how do we know the size of the Earth"
    assert parse_query("of the").pieces == ("of", "the")
    assert parse_query('size "of the"').pieces == ("size", "of the")


def test_a_short_question_is_found_by_what_is_outside_its_function_words_with_or_without_its_mark() -> None:
    asked = parse_query("柳树一般种植在什么河岸边？")

    assert asked.grams == parse_query("柳树一般种植在什么河岸边").grams
    assert "什么" not in asked.grams
    assert {"柳树", "种植", "河岸"} <= {*asked.grams}
