"""What was meant is found, and it is said: slips of the hand, homophones, pinyin, absent phrases."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy.orm import Session

from content.search import Hits, parse_query, search
from content.search.nearest import find_nearest
from content.search.nearness import distance
from content.search.sounds import make_keys, read_typed, split_units
from content.search.spelling import has_as_words
from tests.content.search.conftest import AddPassages


def find(session: Session, query: str, **options: object) -> Hits:
    return search(session, parse_query(query), **options)  # type: ignore[arg-type]


@pytest.fixture
def farm(corpus: Session, add_passages: AddPassages) -> Session:
    add_passages("各地复工复产，秩序井然。", keywords=["复工复产", "秩序"])
    add_passages("農村電商帶動水果銷售。", keywords=["農村電商", "水果"])
    add_passages("用 Python 统计产量。", keywords=["Python", "产量"])
    add_passages("重庆的火锅。", keywords=["重庆"])
    return corpus


@pytest.mark.parametrize("title", ["-旧书铺", "in:旧书铺", "旧书铺 -新书"])
def test_a_title_that_would_be_read_as_syntax_is_not_suggested(
    corpus: Session, add_passages: AddPassages, title: str
) -> None:
    add_passages("掌柜在理书。", title=title)

    hits = find(corpus, "jiushupu")

    assert (hits.corrected, hits.total) == ("旧书铺", 1)
    assert title not in hits.suggestions


def test_letters_that_can_be_cut_into_syllables_in_many_ways_are_read_at_once() -> None:
    assert read_typed("xian" * 60 + "zz") == [("xian" * 60 + "zz",)]
    assert ("xi", "an") in read_typed("xian")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fgfc", "复工复产"),
        ("fugong fuchan", "复工复产"),
        ("FuGongFuChan", "复工复产"),
        ("fuyi fuchan", "复工复产"),
        ("副工副产", "复工复产"),
        ("農村电伤", "农村电商"),
        ("农电商", "农村电商"),
        ("村农电商", "农村电商"),
        ("xhuiguo", None),
        ("shuiguo", "水果"),
        ("shuig", None),
        ("pyhton", "Python"),
        ("pythn", "Python"),
        ("chongqing", "重庆"),
        ("cq", "重庆"),
        ("殖序", "秩序"),
        ("量子", None),
    ],
)
def test_what_was_meant_is_found_and_said(farm: Session, typed: str, meant: str | None) -> None:
    hits = find(farm, typed)

    assert hits.corrected == meant
    assert hits.suggestions[:1] == ((meant,) if meant else ())
    assert hits.total == (1 if meant else 0)
    assert hits.relaxed is bool(meant)
    assert all(hit.snippet.highlights for hit in hits.hits)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lishi", "历史"),
        ("bowuguan", "博物馆"),
        ("bo wu guan", "博物馆"),
        ("lishi bowuguan", "历史博物馆"),
        ("shigan", None),  # 事赶 in 同事赶去 is no word
        ("china", None),
        ("zhuming", "著名"),
        ("yanzhe", "沿着"),
    ],
)
def test_pinyin_of_a_word_that_is_no_keyword_finds_it(
    corpus: Session, add_passages: AddPassages, typed: str, meant: str | None
) -> None:
    add_passages(
        "同事赶去看歷史博物館的展览。", "保持内心的安静。", "沿著河走到著名的桥。", keywords=["展览"]
    )

    hits = find(corpus, typed)

    assert hits.corrected == meant
    assert hits.total == (1 if meant else 0)
    assert hits.suggestions == ((meant,) if meant else ())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lvse", "绿色"),
        ("lüse", "绿色"),
        ("LUSE", "绿色"),
        ("nver", "女儿"),
        ("nv'er", "女儿"),
        ("xi'an", "西安"),
        ("xian", "西安"),
        ("xi1 an1", "西安"),
        ("xī'ān lǜsè", "西安绿色"),
        ("celue", "策略"),
        ("绿se", "绿色"),
        ("西安lvse", "西安绿色"),
        ("fuzou", "福州"),
        ("hulan", "湖南"),
        ("yinhan", "银行"),
        ("suzihua", "数字化"),
        ("mp3", None),
    ],
)
def test_pinyin_is_read_however_it_is_typed(
    corpus: Session, add_passages: AddPassages, typed: str, meant: str | None
) -> None:
    add_passages("西安绿色出行。", "女儿的策略。", "福州和湖南的银行。", "數字化。", keywords=["数字化"])

    assert find(corpus, typed).corrected == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("立史博物馆", "历史博物馆"), ("脖物管", "博物馆"), ("丽使", None)]
)
def test_homophones_in_a_word_that_is_no_keyword_are_corrected(
    corpus: Session, add_passages: AddPassages, typed: str, meant: str | None
) -> None:
    add_passages("去看歷史博物館的展览。")

    assert find(corpus, typed).corrected == meant


def test_what_sounds_as_it_was_typed_comes_before_what_is_near(
    corpus: Session, add_passages: AddPassages
) -> None:
    add_passages("研究所在山下。", "研究植物的人。", "研究土壤的人。", keywords=["研究所", "嫣酒"])
    add_passages("嫣酒是一种酒。")

    assert find(corpus, "yanjiu").suggestions == ("研究", "嫣酒")


def test_a_character_is_first_taken_as_it_is_mostly_read(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("姓氏的来历。", "姓氏的写法。", "形式多样。", keywords=["姓氏", "形式"])

    assert find(corpus, "xingzhi").suggestions == ("姓氏",)
    assert find(corpus, "xingshi").suggestions == ("姓氏", "形式")
    add_passages("性质不同。")
    assert find(corpus, "xingzhi").suggestions == ("性质", "姓氏")


def test_pinyin_that_a_few_passages_have_as_letters_is_also_offered_in_chinese(
    corpus: Session, add_passages: AddPassages
) -> None:
    letters = add_passages("校刊叫 Běijīng Riji，每月一期。")
    add_passages("从北京坐火车来，路上读书。", "北京的秋天最长。")

    hits = find(corpus, "beijing")

    assert [hit.passage_id for hit in hits.hits] == letters
    assert (hits.relaxed, hits.corrected, hits.suggestions) == (False, None, ("北京",))
    assert find(corpus, "riji").suggestions == ()


def test_what_only_others_may_read_is_not_spelled(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("博物馆的展览。", visibility="admins", collection="内部")

    assert find(corpus, "bowuguan", visibilities=("public",)).suggestions == ()


@pytest.mark.parametrize(
    ("words", "spelled", "is_made"),
    [
        (["金融", "风险"], "金融风险", True),
        (["常委会"], "常委", True),
        (["发展", "区"], "发展区", True),
        (["学生", "会议"], "生会", False),
        (["尽", "隔"], "尽隔", False),
        (["前", "金融", "后"], "金融", True),
    ],
)
def test_a_word_ends_where_words_end(words: list[str], spelled: str, is_made: bool) -> None:
    assert has_as_words(words, spelled) is is_made


def test_the_rest_of_the_query_stays(farm: Session, add_passages: AddPassages) -> None:
    wanted = add_passages("复工复产与天气。")

    hits = find(farm, "fgfc 天气 -下雨 since:0001")
    assert hits.corrected is None  # articles without a date are left out

    hits = find(farm, "fgfc 天气 -下雨")
    assert ([hit.passage_id for hit in hits.hits], hits.corrected) == (wanted, "复工复产 天气 -下雨")


def test_pinyin_that_is_read_as_one_word_is_not_also_read_in_part(
    farm: Session, add_passages: AddPassages
) -> None:
    add_passages("今天复工。", keywords=["复工"])

    assert find(farm, "fugong fuchan").suggestions == ("复工复产",)


def test_a_word_that_is_there_is_found_beside_one_that_is_nowhere(
    corpus: Session, add_passages: AddPassages
) -> None:
    add_passages("云计算是新基建。")
    ids = add_passages(*[f"第{day}天，各地复工。" for day in range(1, 13)], *["别的事。"] * 9)

    hits = find(corpus, "量子计算机 复工")

    assert hits.hits[0].passage_id in ids[:12]
    assert hits.total == 12


def test_two_characters_of_an_unknown_word_within_other_words_are_no_answer(
    corpus: Session, add_passages: AddPassages
) -> None:
    add_passages("电子计时的方法。", "他子计都不管。")

    assert find(corpus, "量子计算机").total == 0


@pytest.mark.parametrize("typed", ["量子计算", "量紫计算机"])
def test_most_of_an_unknown_word_is_an_answer_and_said_to_be_the_nearest(
    corpus: Session, add_passages: AddPassages, typed: str
) -> None:
    (wanted,) = add_passages("造出了量子计算机。", "电子计时的方法。")[:1]

    hits = find(corpus, typed)

    assert [hit.passage_id for hit in hits.hits] == [wanted]
    assert hits.relaxed == (typed != "量子计算")


def test_a_slip_in_a_quotation_does_not_lose_it_among_what_has_one_word_of_it(
    corpus: Session, add_passages: AddPassages
) -> None:
    """The passage has the word, too, but no sign of being among the best of those that have it."""
    (wanted,) = add_passages("话虽如此，但是却要开始修路，" + "一里一里地修。" * 20)
    add_passages(*[f"第{day}天，开始下雨，又开始刮风，开始降温。" for day in range(60)])

    hits = find(corpus, "是但却要开始")

    assert hits.hits[0].passage_id == wanted
    assert hits.total == 61


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("清晨推开窗子忽见远山", "清晨推開窗子望見遠山"),
        ("清晨推开窗子见远山", "清晨推開窗子望見遠山"),
        ("清晨推推开窗子望见远山", "清晨推開窗子望見遠山"),
        ("今早推开窗子望见雪", "推開窗子望見"),
        ("山下的人", None),
        ("learning", "learn"),
        ("鲸鱼 大海", "鲸鱼"),
    ],
)
def test_the_nearest_of_a_quotation_with_a_slip_is_the_place_it_was_taken_from(
    typed: str, nearest: str | None
) -> None:
    assert find_nearest("清晨推開窗子望見遠山，learn. In age, 鲸鱼鲸", parse_query(typed)) == nearest


def test_what_is_found_as_it_was_typed_is_not_corrected(farm: Session, add_passages: AddPassages) -> None:
    (wanted,) = add_passages("副工副产是谁写错的？")

    hits = find(farm, "副工副产")

    assert ([hit.passage_id for hit in hits.hits], hits.corrected, hits.suggestions) == ([wanted], None, ())


def test_terms_of_what_one_may_not_read_are_not_suggested(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("薪酬方案在此。", keywords=["薪酬方案"], collection="管理", visibility="admins")
    add_passages("公开的话。", keywords=["公开"])

    assert find(corpus, "新酬方案").suggestions == ()
    assert find(corpus, "新酬方案", visibilities=("public", "admins")).corrected == "薪酬方案"


def test_the_part_of_a_phrase_that_is_there_is_named(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("人民當家作主的制度。", "制度不同。")

    hits = find(corpus, "“全体人民当家作主”")

    assert (hits.relaxed, hits.missing, hits.nearest) == (True, ("全体人民当家作主",), "人民當家作主")


def test_a_term_is_filed_under_each_of_its_readings() -> None:
    assert make_keys(split_units("重庆")) >= {"cq", "zq"}
    assert make_keys(split_units("5g网络")) == {"5wl"}
    assert make_keys(("字",) * 9) == make_keys(()) == set()
    assert ("fu", "gong") in read_typed("fugong")


def test_what_sounds_alike_is_nearer_than_what_is_misspelt() -> None:
    assert distance(split_units("复攻"), split_units("复工")) == 0
    assert distance(("fu", "gong", "cu"), split_units("复工处")) == 1
    assert distance(split_units("复工日"), split_units("复工率")) == 2
    assert distance(split_units("工复"), split_units("复工")) == 2
    assert distance(split_units("复习"), split_units("复工")) is None  # half of it is another word
    assert distance(split_units("今天"), split_units("复工")) is None
    assert distance(("abc",), ("abd",)) is None


def test_readings_are_not_loaded_before_they_are_needed() -> None:
    code = "import sys, content.search; sys.exit('pypinyin' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("typed", ["uinéen", "guiné"])
def test_a_piece_of_a_latin_word_finds_the_word(
    corpus: Session, add_passages: AddPassages, typed: str
) -> None:
    [wanted] = add_passages("歌手写了一首 Guinéen 民谣。", "另一首。")[:1]

    assert [hit.passage_id for hit in find(corpus, typed).hits] == [wanted]
    assert find(corpus, "inxxm").total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lometer", "kilometre"),
        ("ilomerte", "kilometre"),
        ("kil米metre", "kilometre"),
        ("用ikometer", None),
        ("用kilomtre", "用kilometre"),
        ("E和nviron", "Environment"),
        ("tr2000bx", "TR2000X"),
        ("tr2", "TR2000X"),
        ("steamengine", "Steam engine"),
        ("steamtrain", None),
        ("lom", None),
        ("b52", "B-52"),
        ("飞机f16", "飞机F-16"),
        ("c52", None),
    ],
)
def test_a_slip_within_a_latin_word_or_a_piece_of_it_is_corrected(
    corpus: Session, add_passages: AddPassages, typed: str, meant: str | None
) -> None:
    add_passages("用 kilometre 量路。", "TR2000X 是型号。", "Steam engine。", "Environment。", "Train。")
    add_passages("B-52 与飞机 F-16。", "C 字，第52页。")

    assert find(corpus, typed).corrected == meant


def test_a_long_row_of_letters_is_held_against_no_word(corpus: Session, add_passages: AddPassages) -> None:
    add_passages("a" * 60)

    assert find(corpus, "b" + "a" * 59).suggestions == ()
