"""Search on both engines: what is found, counted, ordered, hidden and marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.database import Database
from content.models import VISIBILITIES, Document, Passage
from content.search import (
    Hits,
    ensure_index,
    find_matches_in,
    find_passages,
    index_passages,
    parse_query,
    search,
    unindex_passages,
)
from tests.content.search.conftest import AddPassages


def find(session: Session, query: str, **options: object) -> Hits:
    return search(session, parse_query(query), **options)  # type: ignore[arg-type]


def found(session: Session, query: str, **options: object) -> list[int]:
    return [hit.passage_id for hit in find(session, query, limit=50, **options).hits]


@pytest.mark.parametrize(
    ("passage", "query"),
    [
        ("春天要在河边种树。", "种树"),
        ("春天要在河边种树。", "河"),
        ("春天要在河边种树。", "树"),
        ("春天要在河邊種樹。", "河边种树"),
        ("春天要在河边种树。", "河邊種樹"),
        ("為了羣眾，登上高峯，裏外皆靑。", "为了群众"),
        ("为了群众，登上高峰，里外皆青。", "爲了羣衆"),
        ("为了群众，登上高峰，里外皆青。", "高峯"),
        ("登上高峯，裏外皆淸。", "裡外皆清"),
        ("沿著河岸走，看著水鳥。", "沿着河岸"),
        ("沿着河岸走，看着水鸟。", "看著水鳥"),
        ("他是著名的木匠。", "著名 木匠"),
        ("書成於二○○八年。", "二〇〇八年"),
        ("书成于二〇〇八年。", "二零零八年"),
        ("⼭⾼⽔⻓，来⽇⽅⻓。", "来日方长"),
        ("Dvořák 与 Händel 的曲子", "dvorak handel"),
        ("街名 Hauptstraße 不译", "HAUPTSTRASSE"),
        ("家人👨‍👩‍👧在海边", "家人在海边"),
        ("cafe\u0301 里的咖啡", "café"),
        ("𪚥字难写𰻞也难写", "𰻞"),
        ("𪚥字难写𰻞也难写", "难写𰻞也"),
        ("使用ＰＹＴＨＯＮ３编程", "python3"),
        ("使用 Python 编程", "ＰＹＴＨ"),
        ("会议定于2月 23日召开", "2月23日"),
        ("作者 王 小明", "王小明"),
        ("依\u200b法办事", "依法"),
        ("生僻字𠀀与𫝀也要找到", "𫝀"),
        ("面积为 30㎡ 的房间", "30m2"),
        ("한국어 문장입니다", "한국어"),
        ("ひらがなで書いた文", "ひらがな"),
    ],
)
def test_what_is_written_is_found_whatever_its_form(
    corpus: Session, add_passages: AddPassages, passage: str, query: str
) -> None:
    wanted, _ = add_passages(passage, "与此无关的另一段话。")

    hits = find(corpus, query)

    assert [hit.passage_id for hit in hits.hits] == [wanted]
    assert (hits.total, hits.documents, hits.relaxed) == (1, 1, False)
    assert hits.hits[0].snippet.highlights


def test_a_hit_says_where_it_stands(corpus: Session, add_passages: AddPassages) -> None:
    day = dt.date(2020, 5, 4)
    _, second = add_passages(
        "山上有松。", "山下有泉。", title="游记", document="游.txt", section="卷一", date=day
    )

    hit = find(corpus, "泉").hits[0]

    assert hit.passage_id == second
    assert (hit.document, hit.article, hit.section, hit.date) == ("游.txt", "游记", "卷一", day)
    assert (hit.place.article, hit.place.start, hit.place.stop) == (1, 0, 5)
    assert hit.text == "山下有泉。"


def test_all_of_a_few_words_are_wanted(corpus: Session, add_passages: AddPassages) -> None:
    both, _, _ = add_passages("灌溉靠水库。", "水库很大。", "灌溉要及时。")

    hits = find(corpus, "水库 灌溉")

    assert ([hit.passage_id for hit in hits.hits], hits.total, hits.relaxed) == ([both], 1, False)


def test_when_no_passage_has_all_those_with_some_are_shown_and_it_is_said(
    corpus: Session, add_passages: AddPassages
) -> None:
    first, second, _ = add_passages("水库很大。", "灌溉要及时。", "今天下雨。")

    hits = find(corpus, "水库 灌溉 望远镜")

    assert {hit.passage_id for hit in hits.hits} == {first, second}
    assert (hits.total, hits.relaxed, hits.missing) == (2, True, ("望远镜",))


def test_a_word_that_is_nowhere_finds_nothing_rather_than_its_characters(
    corpus: Session, add_passages: AddPassages
) -> None:
    add_passages("院子里的水量够孩子们浇花。")

    assert search(corpus, parse_query("量子")).total == 0


def test_a_misspelt_name_is_found(corpus: Session, add_passages: AddPassages) -> None:
    wanted, _ = add_passages("欧阳修远住在河东。", "司马光住在河西。")

    hits = find(corpus, "欧阳修元")

    assert ([hit.passage_id for hit in hits.hits], hits.relaxed) == ([wanted], True)


def test_a_question_is_answered_by_its_content_words(corpus: Session, add_passages: AddPassages) -> None:
    wanted, _, _ = add_passages("灯塔建于1902年，高三十米。", "什么是什么？为什么呢？", "灯泡的价格。")

    assert found(corpus, "灯塔是什么时候建的？")[0] == wanted


def test_function_words_alone_are_searched_all_the_same(corpus: Session, add_passages: AddPassages) -> None:
    wanted, _ = add_passages("他们的船来了。", "今日天晴。")

    assert found(corpus, "的") == [wanted]


def test_a_quoted_phrase_is_found_as_it_stands(corpus: Session, add_passages: AddPassages) -> None:
    whole, _, _ = add_passages("全面深化改革开放。", "改革要全面，开放要深化。", "深化，改革")

    for query in ('"深化改革"', "“深化改革”", "「深化改革」", "『深化改革』", "＂深化改革＂"):
        hits = find(corpus, query)
        assert ([hit.passage_id for hit in hits.hits], hits.relaxed) == ([whole], False)


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence(
    corpus: Session, add_passages: AddPassages
) -> None:
    add_passages("我爱中国。国家强大。")

    assert find(corpus, '"中国国家"').relaxed
    assert find(corpus, '"中国家"').relaxed


def test_a_phrase_that_is_nowhere_gives_its_words(corpus: Session, add_passages: AddPassages) -> None:
    wanted, _ = add_passages("改革要深化。", "今天下雨。")

    hits = find(corpus, '"深化改革"')

    assert ([hit.passage_id for hit in hits.hits], hits.relaxed) == ([wanted], True)
    assert hits.missing == ("深化改革",)


def test_it_is_known_that_a_hit_has_the_words_in_its_titles_alone(
    corpus: Session, add_passages: AddPassages
) -> None:
    add_passages("今天下雨。", title="桃树")
    assert [hit.is_by_title for hit in find(corpus, "桃树").hits] == [True]

    add_passages("种桃树。", title="桃树")
    assert {hit.text: hit.is_by_title for hit in find(corpus, "桃树 雨").hits} == {"今天下雨。": False}


def test_an_excluded_word_is_not_shown(corpus: Session, add_passages: AddPassages) -> None:
    wanted, _ = add_passages("种桃树。", "种桃树和梨树。")

    assert found(corpus, "桃树 -梨树") == found(corpus, "桃树 －梨树") == [wanted]


def test_an_excluded_word_is_not_listed_where_a_query_only_narrows(
    corpus: Session, add_passages: AddPassages
) -> None:
    wanted, _ = add_passages("种桃树。", "种桃树和梨树。", collection="果园")
    add_passages("种李树。", title="梨树", collection="果园")

    hits = find(corpus, "in:果园 -梨树")

    assert ([hit.passage_id for hit in hits.hits], hits.total) == ([wanted], 1)
    assert find_passages(corpus, parse_query("in:果园 -梨树"), ("public",)) == {wanted}


def test_words_may_stand_in_the_title(corpus: Session, add_passages: AddPassages) -> None:
    wanted, _ = add_passages("第一条 保护湿地。", "第二条 罚则。", title="环境章程")
    add_passages("保护湿地的故事。", title="故事")

    assert found(corpus, "章程 湿地") == [wanted]


def test_a_word_that_only_titles_have_is_found(corpus: Session, add_passages: AddPassages) -> None:
    ids = add_passages("甲说。", "乙说。", title="环境章程")
    add_passages("丙说。", title="故事")

    hits = find(corpus, "环境章程")

    assert ([hit.passage_id for hit in hits.hits], hits.relaxed) == (ids, False)


def test_the_passage_that_is_about_it_comes_first(corpus: Session, add_passages: AddPassages) -> None:
    filler = "说了许多别的事情。" * 10
    passing, about = add_passages(f"{filler}顺便提到水稻。{filler}", "水稻是粮食，种水稻要看天气，水稻怕旱。")
    (titled,) = add_passages(f"{filler}顺便提到水稻。{filler}", title="水稻栽培")

    order = found(corpus, "水稻")
    assert (set(order[:2]), order[2:]) == ({about, titled}, [passing])


def test_words_that_stand_together_come_before_words_apart(
    corpus: Session, add_passages: AddPassages
) -> None:
    middle = "中间隔着很长的一段话，" * 5
    apart, together = add_passages(f"农村有变化。{middle}电商在城里。", f"农村电商有变化。{middle}城里也有。")

    assert found(corpus, "农村电商") == [together, apart]


def test_only_what_may_be_read_is_found_and_counted(corpus: Session, add_passages: AddPassages) -> None:
    everyone = add_passages("种茶的方法。", collection="公开")
    members = add_passages("种茶的秘诀。", collection="内部", visibility="members")
    admins = add_passages("种茶的账本。", collection="管理", visibility="admins")
    add_passages("种茶的草稿。", collection="公开", document="导入中", visible=False)

    assert found(corpus, "种茶") == everyone
    assert find(corpus, "种茶").total == 1
    assert found(corpus, "种茶", visibilities=("public", "members")) == everyone + members
    assert found(corpus, "种茶", visibilities=VISIBILITIES) == everyone + members + admins
    assert found(corpus, "种茶", visibilities=()) == []


def test_a_place_limits_the_search(corpus: Session, add_passages: AddPassages) -> None:
    law = add_passages("公民有义务。", document="宪法.txt", collection="法律")
    story = add_passages("公民在散步。", document="故事.txt", collection="文学")

    assert found(corpus, "in:宪法 公民") == found(corpus, "公民 in：憲法") == law
    assert found(corpus, "in:文学 公民") == story
    assert found(corpus, "in:词典 公民") == []


def test_a_place_or_a_section_is_left_out(corpus: Session, add_passages: AddPassages) -> None:
    law = add_passages("公民有义务。", document="宪法.txt", collection="法律", section="总则")
    rule = add_passages("公民有约定。", document="民约.txt", collection="法律")
    story = add_passages("公民在散步。", document="故事.txt", collection="文学")

    assert found(corpus, "公民 -in:法律") == story
    assert set(found(corpus, "公民 -in:憲法")) == {*rule, *story}
    assert found(corpus, "in:法律 -in:民约") == found(corpus, "公民 in:法律 -in:民约") == law
    assert set(found(corpus, "公民 -section:總則")) == {*rule, *story}
    assert set(found(corpus, "公民 -in:词典")) == {*law, *rule, *story}


def test_of_a_hit_that_has_only_parts_of_what_is_sought_these_are_marked(
    corpus: Session, add_passages: AddPassages
) -> None:
    near, _ = add_passages("来过第600次。", "养了60只羊。" + "羊在山上。" * 30)

    first = find(corpus, "第60次").hits[0]

    assert first.passage_id == near
    assert first.snippet.highlights == ((2, 4), (5, 7))


def test_only_the_standard_cut_is_indexed(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("短的一段。", length="short")

    assert find(corpus, "短的一段").total == 0


def test_pages_neither_repeat_nor_leave_out_a_hit(corpus: Session, add_passages: AddPassages) -> None:
    ids = add_passages(*(f"第{number}回，英雄登场。" for number in range(130)))

    pages = [find(corpus, "英雄", limit=7, offset=offset) for offset in range(0, 140, 7)]

    shown = [hit.passage_id for page in pages for hit in page.hits]
    assert sorted(shown) == ids
    assert {page.total for page in pages} == {130}


def test_a_page_beyond_the_end_is_empty_and_still_counts(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("英雄登场。")

    hits = find(corpus, "英雄", offset=10)

    assert (hits.hits, hits.total) == ((), 1)


def test_documents_are_counted(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("有风。", "有风有雨。", document="甲")
    add_passages("有风。", document="乙")

    hits = find(corpus, "风", limit=1)

    assert (len(hits.hits), hits.total, hits.documents) == (1, 3, 2)


def test_an_empty_corpus_finds_nothing(corpus: Session) -> None:
    assert find(corpus, "彩虹 东西") == Hits(0, 0, (), False, ("彩虹", "东西"))


def test_a_passage_taken_out_is_found_no_more(corpus: Session, add_passages: AddPassages) -> None:
    stays, goes = add_passages("湖里有鱼。", "湖里有鱼有虾。")

    unindex_passages(corpus, [goes])
    unindex_passages(corpus, [goes])

    assert found(corpus, "鱼") == [stays]
    assert find(corpus, "虾").total == 0


def test_indexing_twice_changes_nothing(corpus: Session, add_passages: AddPassages) -> None:
    (passage,) = add_passages("湖里有鱼。")

    index_passages(corpus, [passage, passage])
    unindex_passages(corpus, [passage])

    assert find(corpus, "鱼").total == 0


def test_an_index_of_another_version_is_built_anew(corpus: Session, add_passages: AddPassages) -> None:
    (passage,) = add_passages("湖里有鱼。")
    unindex_passages(corpus, [passage])

    assert ensure_index(corpus) is False
    assert found(corpus, "鱼") == []
    corpus.execute(text("UPDATE search_version SET version = 'older'"))
    assert ensure_index(corpus) is True
    assert found(corpus, "鱼") == [passage]


def test_removing_everything_leaves_no_word_behind(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("湖里有鱼。", "山上有树。", title="风景")
    ids = [passage.id for passage in corpus.query(Passage)]

    unindex_passages(corpus, ids)
    corpus.query(Passage).delete()
    corpus.query(Document).update({Document.visible: True})

    hits = find(corpus, "风景 鱼 树")
    assert (hits.total, set(hits.missing)) == (0, {"风景", "鱼", "树"})


def test_all_passages_that_answer_in_full_can_be_had_at_once(
    corpus: Session, add_passages: AddPassages
) -> None:
    both, _ = add_passages("灌溉靠水库。", "水库很大。")
    add_passages("水库与灌溉。", collection="内部", visibility="members")

    assert find_passages(corpus, parse_query("水库 灌溉"), ("public",)) == {both}
    assert find_passages(corpus, parse_query("水库 望远镜"), ("public",)) == frozenset()


def test_what_was_looked_for_can_be_marked_in_any_text() -> None:
    query = parse_query('水庫 "要及时"')

    assert find_matches_in("水库要及时清淤，水庫！", query) == ((0, 5), (8, 10))


def test_parts_of_a_word_are_marked_only_where_the_whole_is_not_there() -> None:
    query = parse_query("复工复产")

    assert find_matches_in("复工复产之后，恢复产能。", query) == ((0, 4),)
    assert find_matches_in("先复工，后开业。", query) == ((1, 3),)


def test_what_has_only_a_question_s_function_words_is_no_answer(
    corpus: Session, add_passages: AddPassages
) -> None:
    add_passages("我们怎么应对，各方都在看。", "别的事以后再说。")

    assert find(corpus, "怎么种菜").total == 0


def test_a_session_that_can_only_read_can_search(database: Database) -> None:
    database.run_write(ensure_index)

    assert database.run_read(lambda session: find(session, "水库")).total == 0


def test_a_passage_whose_title_alone_has_the_words_gives_way_to_one_whose_text_has(
    corpus: Session, add_passages: AddPassages
) -> None:
    wanted, _ = add_passages("第一条 湿地是公共的。", "第二条 罚则。", title="湿地章程")

    hits = find(corpus, "湿地")

    assert ([hit.passage_id for hit in hits.hits], hits.total) == ([wanted], 1)


def test_a_section_and_a_time_limit_the_search(corpus: Session, add_passages: AddPassages) -> None:
    spring = add_passages("公民在植树。", section="第一章 總則", date=dt.date(2020, 2, 29))
    summer = add_passages("公民在游泳。", section="第二章", date=dt.date(2020, 7, 1))
    undated = add_passages("公民在睡觉。", section="附录")

    assert found(corpus, "公民 section:总则") == spring
    assert found(corpus, "公民 since:2020-03") == summer
    assert found(corpus, "公民 until:2020-02") == spring
    assert set(found(corpus, "公民 since:2020 until:2020-07-01")) == {*spring, *summer}
    assert set(found(corpus, "公民")) == {*spring, *summer, *undated}
    assert found(corpus, "公民 section:没有") == []


def test_a_query_that_only_narrows_lists_the_latest_first(corpus: Session, add_passages: AddPassages) -> None:
    undated = add_passages("甲。", collection="法律")
    old = add_passages("乙。", "丙。", collection="法律", date=dt.date(1999, 1, 1))
    new = add_passages("丁。", collection="法律", date=dt.date(2020, 1, 1))
    add_passages("戊。", collection="文学", date=dt.date(2021, 1, 1))
    add_passages("己。", collection="法律", visibility="public", visible=False)

    hits = find(corpus, "in:法律", limit=2)

    assert found(corpus, "in:法律") == [*new, *old, *undated]
    assert ([hit.passage_id for hit in hits.hits], hits.total, hits.documents) == ([*new, old[0]], 4, 3)
    assert find_passages(corpus, parse_query("in:法律 since:2000"), ("public",)) == {*new}


def test_by_date_the_latest_comes_first_and_the_undated_last(
    corpus: Session, add_passages: AddPassages
) -> None:
    undated = add_passages("水库修好了，水库放水。", title="水库")
    old = add_passages("水库要修。", "水库在修。", date=dt.date(2019, 1, 2))
    new = add_passages("去看水库。", date=dt.date(2021, 1, 2))

    assert found(corpus, "水库", order="date") == [*new, *old, *undated]
    assert found(corpus, "水库")[0] == undated[0]
    assert [
        find(corpus, "水库", limit=1, offset=page, order="date").hits[0].passage_id for page in range(4)
    ] == [*new, *old, *undated]


def test_a_reranker_puts_the_first_pages_in_its_own_order(corpus: Session, add_passages: AddPassages) -> None:
    ids = add_passages("水库修好了，水库放水。", "水库要修，很久了。", "去看水库。")
    seen: list[tuple[str, int]] = []

    def shortest(typed: str, texts: Sequence[str]) -> list[float]:
        seen.append((typed, len(texts)))
        return [-len(text) for text in texts]

    hits = search(corpus, parse_query("水库"), rerank=shortest)

    assert [hit.passage_id for hit in hits.hits] == [ids[2], ids[1], ids[0]]
    assert seen == [("水库", 3)]


def test_partial_answers_are_in_order_of_how_much_they_have(
    corpus: Session, add_passages: AddPassages
) -> None:
    most = add_passages("水库、灌溉、树苗、果园。", date=dt.date(2019, 1, 2))
    some = add_passages("去水库看灌溉和树苗。", date=dt.date(2021, 1, 2))

    assert found(corpus, "水库 灌溉 树苗 果园 望远镜", order="date") == [*most, *some]


def test_an_excluded_phrase_leaves_out_only_what_has_all_of_it(
    corpus: Session, add_passages: AddPassages
) -> None:
    kept = add_passages("水库的使命。", "水库：甲、乙、丙、丁、戊。")
    add_passages("水库的初心、使命。", "水库：甲、乙、丙、丁、戊、己、庚。")

    assert sorted(found(corpus, "水库 -“心、使命” -“甲、乙、丙、丁、戊、己、庚”")) == kept
