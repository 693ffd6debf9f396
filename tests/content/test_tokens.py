"""Folding keeps the way back to the original; cutting gives words with their places."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content import tokens
from content.fold_table import fold_table
from content.tokens import Token, fold, tokenize, word_share, word_tag

texts = (
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("漢字 \n１ａＡ㎡ﬁé\u0301\u200b한ᄒ")))
    | st.text()
)


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("中華人民共和國", "中华人民共和国"),
        ("ＰｙＴｈｏｎ３", "python3"),
        ("３０㎡", "30m2"),
        ("ﬁne", "fine"),
        ("e\u0301te\u0301 Été ǜ", "ete ete u"),
        ("Dvořák in der Straße", "dvorak in der strasse"),
        ("Ёлка Σίσυφος", "елка σισυφοσ"),
        ("⼭⾼⽔⻓，⻢⻋⻔", "山高水长,马车门"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("\u1112\u1161\u11ab", "한"),
        ("依\u200b法\ufeff治\u00ad国", "依法治国"),
        ("葛\U000e0100城", "葛城"),
        ("一\u3000二\t 三", "一 二 三"),
        ("一 \r\n\n 二", "一\n二"),
        ("一\n\n二", "一\n二"),
        ("一…\n\n二  三", "一...\n二 三"),
        ("𠀀𪚥", "𠀀𪚥"),
        ("坏\ud83d字", "坏 字"),
        ("\x00甲", " 甲"),
        ("", ""),
    ],
)
def test_forms_of_the_same_text_are_folded_into_one(original: str, folded: str) -> None:
    assert fold(original).text == folded


def test_a_folded_span_leads_back_to_the_original() -> None:
    folded = fold("面積３０㎡，cafe\u0301 開")

    def original(part: str) -> tuple[int, int]:
        at = folded.text.index(part)
        return folded.span(at, at + len(part))

    assert folded.text == "面积30m2,cafe 开"
    assert original("面积") == (0, 2)
    assert original("m2") == original("2") == (4, 5)
    assert original("e") == (9, 11)
    assert original("开") == (12, 13)


def test_no_form_of_a_character_has_another_form() -> None:
    """Two characters of a text would else be folded in an order that is left to chance."""
    simplified = fold_table().simplified

    assert simplified.keys().isdisjoint(simplified.values())
    assert fold("戱 薴").text == fold("戏 苧").text == "戏 苎"


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        fold("一二").span(1, 1)


@given(texts)
@example("Ａ\u0301")
def test_every_folded_character_comes_from_the_original_in_order(text: str) -> None:
    folded = fold(text)

    assert len(folded.text) == len(folded.starts) == len(folded.stops)
    assert all(
        0 <= start < stop <= len(text) for start, stop in zip(folded.starts, folded.stops, strict=True)
    )
    assert list(folded.starts) == sorted(folded.starts)
    assert "  " not in folded.text
    folded.text.encode()  # nothing that a database would refuse


@given(texts)
def test_words_lie_in_order_and_apart(text: str) -> None:
    words = tokenize(text)

    assert all(0 <= word.start < word.stop <= len(text) for word in words)
    assert all(one.start <= other.start for one, other in pairwise(words))
    assert not any(char.isspace() for word in words for char in word.term)


def test_words_have_their_folded_form_and_their_place_in_the_original() -> None:
    assert tokenize("圖書館，Ｗｉ-Ｆｉ！") == [Token("图书馆", 0, 3), Token("wi-fi", 4, 9)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我们在图书馆读书", ["我们", "在", "图书馆", "读书"]),
        ("covid-19 is not 3.14", ["covid-19", "is", "not", "3.14"]),
        ("naïve café", ["naive", "cafe"]),
        ("한국어", ["한국어"]),
        ("……！？", []),
    ],
)
def test_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert [word.term for word in tokenize(text)] == words


def test_both_cutters_cut_alike() -> None:
    """The extra `fast` brings rjieba; without it jieba cuts."""
    rjieba = tokens._rjieba()
    if rjieba is None:
        pytest.skip("rjieba is not installed: the extra `fast`")
    jieba = tokens._jieba()

    for text in (
        "欧阳修远住在河东的小院里",
        "农村电商带动了乡亲们增收",
        "学而时习之不亦说乎",
        "卷积神经网络的训练",
    ):
        assert list(rjieba(text)) == list(jieba(text))


def test_a_frequent_word_has_a_larger_share_than_a_rare_one() -> None:
    assert word_share("的") > word_share("图书馆") > word_share("欧阳修远") == 0


def test_many_threads_may_cut_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        cuts = list(pool.map(lambda _: tokenize("图书馆里读书"), range(64)))

    assert all(cut == cuts[0] for cut in cuts)


def test_the_first_search_does_not_wait_for_the_dictionary() -> None:
    """In a process of its own, as if rjieba were not installed: what is loaded here would hide it."""
    program = (
        "import sys, time; sys.modules['rjieba'] = None\n"
        "from content import tokens\n"
        "print(*[token.term for token in tokens.tokenize_now('灯塔的建造年代与图书馆')])\n"
        "print('jieba' in sys.modules and bool(tokens._loaded))\n"
        "while not tokens._loaded: time.sleep(0.05)\n"
        "print(*[token.term for token in tokens.tokenize_now('灯塔的建造年代与图书馆')])\n"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    first, was_loaded, then = printed.stdout.splitlines()
    assert first.split()[0] == "灯塔"
    assert was_loaded == "False"
    assert then.split() == ["灯塔", "的", "建造", "年代", "与", "图书馆"]


def test_loading_says_nothing_and_leaves_no_file(tmp_path: object) -> None:
    """Also with jieba itself: its cache in the shared temporary folder could be planted by anyone."""
    script = (
        "import logging, sys; logging.basicConfig(level=logging.DEBUG);"
        "from content import tokens;"
        "tokens._rjieba = lambda: None;"
        "tokens.warm_up(); print(len(tokens.tokenize('图书馆里读书')), logging.getLogger('jieba').level)"
    )

    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    )

    assert (ran.stdout, ran.stderr) == (f"3 {logging.WARNING}\n", "")
    assert not list(tmp_path.iterdir())  # type: ignore[attr-defined]


def test_given_terms_are_kept_whole_with_their_places() -> None:
    words = tokenize("讀三疊紀灰雲岩，ＡＢ－12與AB-123。", {"三叠纪灰云岩", "ab-12"})

    assert Token("三叠纪灰云岩", 1, 7) in words
    assert Token("ab-12", 8, 13) in words
    assert words[-1].term == "ab-123"


@given(texts, st.sets(st.text(max_size=4), max_size=3))
def test_words_lie_in_order_and_apart_whatever_terms_are_given(text: str, terms: set[str]) -> None:
    words = tokenize(text, terms)

    assert all(one.start <= other.start for one, other in pairwise(words))


def test_the_dictionary_tells_names_from_verbs() -> None:
    assert (word_tag("北京"), word_tag("学习"), word_tag("欧阳修远")) == ("ns", "v", "")
