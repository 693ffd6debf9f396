"""The five first documents against what a reader found in them: places and hashes, never text."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from content.passages import BOUNDS, split_passages
from content.reading import read_document
from content.structure import ArticleDraft, parse_articles

GOLD: dict[str, Any] = json.loads(Path(__file__).with_name("seeds_gold.json").read_text(encoding="utf-8"))
FALLBACK = "no title was found"


def parse(path: Path) -> list[ArticleDraft]:
    return parse_articles(read_document(path.name, path.read_bytes()), FALLBACK)


def fingerprint(text: str | None) -> str | None:
    """SHA-256 of the text without white space."""
    return None if text is None else hashlib.sha256("".join(text.split()).encode()).hexdigest()


def visible(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def test_each_seed_has_the_articles_that_a_reader_counts(seeds: list[Path]) -> None:
    assert [len(parse(seed)) for seed in seeds] == [5, 5, 1, 1, 44]


@pytest.mark.parametrize("name", GOLD)
def test_articles_begin_end_and_are_called_as_a_reader_says(seeds: list[Path], name: str) -> None:
    found = [
        {
            "first_line": article.first_line,
            "last_line": article.last_line,
            "title": fingerprint(article.title),
            "section": fingerprint(article.section),
            "date": article.date.isoformat() if article.date else None,
            "source": fingerprint(article.source),
        }
        for article in parse(seeds[list(GOLD).index(name)])
    ]
    assert found == GOLD[name]["articles"]


@pytest.mark.parametrize("name", GOLD)
def test_paragraphs_begin_where_a_reader_sees_them_begin(seeds: list[Path], name: str) -> None:
    articles = parse(seeds[list(GOLD).index(name)])
    starts = [paragraph.first_line for article in articles for paragraph in article.paragraphs]
    assert starts == GOLD[name]["paragraphs"]


def test_every_title_is_on_one_line_without_double_spaces(seeds: list[Path]) -> None:
    for article in (article for seed in seeds for article in parse(seed)):
        assert article.title == " ".join(article.title.split())


@pytest.mark.parametrize("name", GOLD)
def test_every_visible_character_is_in_a_title_a_paragraph_or_a_known_field(
    seeds: list[Path], name: str
) -> None:
    seed, gold = seeds[list(GOLD).index(name)], GOLD[name]
    articles = parse(seed)
    lines = seed.read_text(encoding="utf-8").split("\n")
    accounted: Counter[str] = Counter()
    for article in articles:
        accounted += visible(article.title + article.text + (article.closing or ""))
    for line in gold["field_lines"] + gold["section_lines"]:
        accounted += visible(lines[line - 1])
    assert accounted == visible("".join(lines))


@pytest.mark.parametrize("name", GOLD)
def test_stock_closing_lines_are_kept_apart_from_the_text(seeds: list[Path], name: str) -> None:
    articles = parse(seeds[list(GOLD).index(name)])
    assert sum(article.closing is not None for article in articles) == len(GOLD[name]["closing_lines"])


@pytest.mark.parametrize("length", BOUNDS)
def test_passages_of_the_seeds_keep_to_their_length_and_end_with_paragraphs(
    seeds: list[Path], length: str
) -> None:
    least, most = BOUNDS[length]
    at_paragraph, count = 0, 0
    for article in (article for seed in seeds for article in parse(seed)):
        passages = split_passages(article.paragraphs, length)
        assert all(least <= passage.units <= most for passage in passages) or len(passages) == 1
        at_paragraph += sum((article.text + "\n")[passage.stop] == "\n" for passage in passages)
        count += len(passages)
    assert at_paragraph >= {"short": 0.92, "standard": 0.98, "long": 0.98}[length] * count
