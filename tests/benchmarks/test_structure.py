"""How well paragraphs and articles come back from wrapped text, beside naive rules; prints tables.

Run with: pytest -m benchmark tests/benchmarks/test_structure.py -s
The made texts are in our own words; the others are the seeds and public passages beside the repository.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from content.marks import ends_sentence
from content.reading import read_document
from content.reading.blocks import Block, RawDocument
from content.structure import parse_articles
from content.structure.lines import make_lines
from content.structure.paragraphs import restore_paragraphs
from tests.conftest import SHARED
from tests.content.hard_wrap import Setting, dialogue, english, hard_wrap, report
from tests.content.made_texts import essay, interview, mixed, speech, statute
from tests.content.newsletter import any_style, newsletter, start_scores

pytestmark = pytest.mark.benchmark

DOCUMENTS = 60
NEWSLETTERS = 150
SHORT_LINE = 4
Maker = Callable[[Random, int], list[str]]
Rule = Callable[[RawDocument], list[str]]


def show(line: str) -> None:
    print(line)  # noqa: T201  # the table is what this is run for


def any_setting(random: Random) -> Setting:
    return Setting(
        width=random.randint(18, 40),
        indent=random.choice(("kept", "lost", "none")),
        blanks=random.choice(("none", "all", "some", "paragraph")),
        trailing=random.random() < 0.5,
        pages=random.choice(("none", "number", "feed", "head")),
        page_lines=random.randint(18, 40),
        kinsoku=random.choice(("hang", "carry", "off")),
    )


def ours(raw: RawDocument) -> list[str]:
    return [piece.text for piece in restore_paragraphs(raw)]


def at_full_stops(raw: RawDocument) -> list[str]:
    return joined(unnumbered(raw), lambda before, after: ends_sentence(before.text))


def at_short_lines(raw: RawDocument) -> list[str]:
    widest = sorted(len(block.text) for block in raw.blocks)[len(raw.blocks) * 9 // 10]
    return joined(
        unnumbered(raw),
        lambda before, after: ends_sentence(before.text) and len(before.text) < widest - SHORT_LINE,
    )


def at_empty_lines(raw: RawDocument) -> list[str]:
    return joined(unnumbered(raw), lambda before, after: after.blanks_before > 0)


def unnumbered(raw: RawDocument) -> list[Block]:
    """Return the blocks without page numbers and running heads: the naive rules are spared these."""
    return [line.block for line in make_lines(raw.blocks)]


def joined(blocks: Sequence[Block], ends: Callable[[Block, Block], bool]) -> list[str]:
    paragraphs = [blocks[0].text]
    for before, after in pairwise(blocks):
        if ends(before, after):
            paragraphs.append(after.text)
        else:
            paragraphs[-1] += after.text
    return paragraphs


RULES: dict[str, Rule] = {
    "Rizhi": ours,
    "final mark": at_full_stops,
    "and short line": at_short_lines,
    "empty lines": at_empty_lines,
}


def slices(paragraphs: list[str]) -> Maker:
    def make(random: Random, count: int) -> list[str]:
        start = random.randrange(len(paragraphs) - count)
        return paragraphs[start : start + count]

    return make


def public_passages() -> list[str]:
    path = SHARED / "data" / "retrieval-passages.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there; set RIZHI_SHARED to the folder that holds data/")
    return [json.loads(line)["text"].strip() for line in path.read_text(encoding="utf-8").splitlines()]


def boundaries(paragraphs: list[str]) -> set[int]:
    ends, total = set(), 0
    for paragraph in paragraphs:
        total += len("".join(paragraph.split()))
        ends.add(total)
    return ends


def paragraph_scores(make: Maker, count: int) -> dict[str, float]:
    """Return the F1 of paragraph boundaries of each rule over documents in settings of all kinds."""
    totals = {name: [0, 0] for name in RULES}
    for number in range(DOCUMENTS):
        random = Random(number)
        setting = any_setting(random)
        paragraphs = make(random, count)
        raw = read_document("a.txt", hard_wrap(paragraphs, setting, random).encode())
        wanted = boundaries(paragraphs)
        for name, rule in RULES.items():
            found = boundaries(rule(raw))
            totals[name][0] += 2 * len(found & wanted)
            totals[name][1] += len(found) + len(wanted)
    return {name: right / both for name, (right, both) in totals.items()}


def test_paragraphs(seeds: list[Path]) -> None:
    documents = [read_document(seed.name, seed.read_bytes()) for seed in seeds]
    articles = [article for document in documents for article in parse_articles(document, "")]
    of_seeds = [paragraph.text for article in articles for paragraph in article.paragraphs]
    kinds: dict[str, tuple[Maker, int, float]] = {
        "reports (made)": (report, 24, 0.99),
        "reports (seeds)": (slices(of_seeds), 24, 0.99),
        "dialogue": (dialogue, 70, 0.98),
        "essays": (essay, 40, 0.98),
        "questions, answers": (interview, 40, 0.98),
        "statutes": (statute, 40, 0.97),
        "speeches": (speech, 30, 0.97),
        "mixed": (mixed, 30, 0.97),
        "English": (english, 20, 0.94),
        "encyclopedia": (slices(public_passages()), 12, 0.93),
    }
    show(f"\n{'paragraph F1':20}" + "".join(f"{name:>16}" for name in RULES))
    for kind, (make, count, least) in kinds.items():
        scores = paragraph_scores(make, count)
        show(f"{kind:20}" + "".join(f"{score:16.4f}" for score in scores.values()))
        assert scores["Rizhi"] >= least, kind


def test_articles() -> None:
    right = found = wanted = titles = 0
    by_confidence: dict[bool, list[bool]] = {True: [], False: []}
    for number in range(NEWSLETTERS):
        random = Random(number)
        made = newsletter(random, any_style(random))
        articles = parse_articles(read_document("a.txt", made.text.encode()), "")
        scores = start_scores([article.first_line for article in articles], made.first_lines)
        right, found, wanted = right + scores[0], found + scores[1], wanted + scores[2]
        expected = dict(zip(made.first_lines, made.titles, strict=True))
        for article in articles:
            exact = expected.get(article.first_line) == "".join(article.title.split())
            titles += exact
            by_confidence[article.confidence >= 0.8].append(exact)
    score = 2 * right / (found + wanted)
    show(f"\narticle starts: P {right / found:.4f} R {right / wanted:.4f} F1 {score:.4f}")
    show(f"titles exact: {titles / wanted:.4f}")
    for relied_on, cases in by_confidence.items():
        share = sum(cases) / max(1, len(cases))
        show(f"confidence {'>=' if relied_on else '< '} 0.8: {len(cases):4} articles, {share:.4f} right")
    assert score >= 0.98
