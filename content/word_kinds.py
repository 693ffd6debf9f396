"""Which words can be terms, or stand at the edge of one, by the word alone."""

from __future__ import annotations

import re
from functools import lru_cache

from content.tokens import word_share, word_tag
from content.words import load_words

BARRED = ("r", "p", "c", "u")
"""Tags of words with which no term begins or ends: pronouns, prepositions, conjunctions, particles."""
LINK = "的"
"""A recurring term may hold it: 新型冠状病毒感染的肺炎疫情."""
WORDS_KEPT = 65_536
"""Words of which is remembered what they are."""

_LETTERS = re.compile(r"[^\W\d_]")
_PARTICLE = re.compile("[了着得不这那每各]|[起出下过上回][来去]$")
_COMPLEMENT = re.compile("[了着得不这那每各起来去出住]")
"""Characters by which a phrase that is no term is told: 不听话; if the dictionary lacks it, 卡住."""
_STRUCTURE = re.compile(
    r"第?[一二三四五六七八九十百千万亿两几零〇半数]+"
    r"[是条章节次个项款年月日号来大届轮级间件句本册根页竖只颗块样户天种张位名家座所场片段首篇套批群层株棵头匹辆艘架台把支枝枚粒滴朵"
    r"束串双对副遍回趟步声眼口尺寸里斤两分秒刻]?"
)
"""Ordinals, and numerals with their measure words: 第三条, 一本, 三十天."""


@lru_cache(maxsize=WORDS_KEPT)
def is_general(term: str) -> bool:
    """Return whether no term begins or ends with this word."""
    return term == LINK or term in load_words("general") or word_tag(term)[:1] in BARRED


@lru_cache(maxsize=WORDS_KEPT)
def is_content(term: str) -> bool:
    """Return whether the word has a meaning of its own."""
    function = load_words("function")
    if term in function or _LETTERS.search(term) is None or _STRUCTURE.fullmatch(term):
        return False
    if term.isascii():
        return True
    # Words that jieba's model made up are often a word and a particle: 胜则, 更见.
    if not word_share(term):
        return not {term[0], term[-1]} & function and not _COMPLEMENT.search(term)
    return not (_PARTICLE.search(term) and word_tag(term)[:1] in "valid")
