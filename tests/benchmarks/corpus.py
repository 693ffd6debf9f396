"""A large corpus made of sentences of the public passages; it is kept for the next run.

It is loaded as the docstring of `content.search.search` says, without the pipeline of documents.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.schema import upgrade
from content.candidates import find_candidates
from content.keywords import extract_keywords
from content.models import STANDARD, Article, Collection, Document, Passage
from content.tokens import tokenize
from tests.benchmarks.quality import read_lines, read_passages
from tests.benchmarks.query_sets import SEED, shared_words, split_sentences
from tests.conftest import NOW

FOLDER = Path(os.environ.get("RIZHI_BENCH_DIR", Path(tempfile.gettempdir()) / "rizhi-benchmarks"))
"""Where corpora and indexes are kept."""
DOCUMENTS, PASSAGES_OF_ARTICLE = 1_000, 5
PASSAGE_CHARS = 300
COMMON_WORDS, COMMON_SHARE = 10, 0.2
"""So many of the commonest words of the questions are each in at least this share of the passages."""
SEARCHABLE = 0.23
"""Chance that a passage is given a sentence with one of the common words: a little above that share."""
COLLECTIONS = {"百科": "public", "丛书": "public", "年鉴": "public", "内部": "members"}
SECTIONS = ("地理", "人物", "科技", "历史", "艺术")
FIRST_DAY, DAYS = dt.date(2000, 1, 1), 9_000
ALL = ("public", "members", "admins")
"""The visibilities under which everything is found."""


@dataclass(frozen=True)
class Sentences:
    """What passages are made of: sentences with their keywords, and those that have a common word."""

    all: Sequence[str]
    keywords: Mapping[str, Sequence[str]]
    with_word: Mapping[str, Sequence[str]]
    titles: Sequence[str]


def common_words(most: int) -> list[str]:
    """Return the words that most often stand in a question and its passage, commonest first."""
    passages = {line["id"]: line["text"] for line in read_lines("retrieval-passages.jsonl")}
    counts = Counter(
        word
        for line in read_lines("retrieval-queries.jsonl")
        for word in shared_words(line["q"], passages[line["gold"][0]])
    )
    return [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]]


def read_sentences() -> Sentences:
    """Return the sentences of the public passages and abstracts."""
    passages = read_passages()
    texts = [
        *(line["text"] for line in passages),
        *(line["text"] for line in read_lines("keywords-dev.jsonl")),
    ]
    sentences = split_sentences(texts)
    with_word = {
        word: [each for each in sentences if word in each and len(each) < PASSAGE_CHARS / 4]
        for word in common_words(COMMON_WORDS)
    }
    return Sentences(
        sentences,
        {each: _keywords(each) for each in sentences},
        with_word,
        [line["title"] for line in passages],
    )


def _keywords(sentence: str) -> list[str]:
    return [term for term, _ in extract_keywords(find_candidates(sentence, tokenize(sentence)))[:2]]


def make_passage(sentences: Sentences, random: Random) -> list[str]:
    """Return sentences of about `PASSAGE_CHARS` characters, each common word among them by chance."""
    made = [random.choice(found) for found in sentences.with_word.values() if random.random() < SEARCHABLE]
    while sum(map(len, made)) < PASSAGE_CHARS:
        made.append(random.choice(sentences.all))
    random.shuffle(made)
    return made


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """Return the file or folder of that name where it was kept; what is not there is made first."""
    path, unfinished = FOLDER / name, FOLDER / f"unfinished-{name}"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        for left in FOLDER.glob(f"{unfinished.name}*"):
            left.unlink()
        make(unfinished)
        unfinished.rename(path)
    return path


def prepare_corpus(passages: int) -> Path:
    """Return an SQLite file with so many passages that are not indexed yet."""

    def make(path: Path) -> None:
        with closing(Database(f"sqlite:///{path}")) as database:
            upgrade(database)
            load(database, passages)
            into_one_file(database)

    return kept(f"corpus-{passages}.db", make)


def into_one_file(database: Database) -> None:
    """Leave all of an SQLite database in its one file, to be copied or renamed."""
    with database.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def load(database: Database, passages: int) -> None:
    """Insert the rows of so many passages, in a transaction for each document."""
    sentences, random = read_sentences(), Random(SEED)
    database.run_write(_insert_collections)
    articles = passages // PASSAGES_OF_ARTICLE // DOCUMENTS
    assert articles, f"at least {DOCUMENTS * PASSAGES_OF_ARTICLE} passages are made"
    for document in range(1, DOCUMENTS + 1):
        first = (document - 1) * articles + 1
        rows = [
            _make_article(sentences, random, document, article) for article in range(first, first + articles)
        ]
        database.run_write(partial(_insert, document=document, rows=rows))


def _insert_collections(session: Session) -> None:
    rows = [{"name": name, "visibility": who, "created_at": NOW} for name, who in COLLECTIONS.items()]
    session.execute(insert(Collection), rows)


def _insert(
    session: Session, document: int, rows: Sequence[tuple[dict[str, Any], list[dict[str, Any]]]]
) -> None:
    collection = 4 if document % 10 == 0 else 1 + document % 3
    session.execute(
        insert(Document),
        {
            "id": document,
            "collection_id": collection,
            "name": f"第{document}卷",
            "sha256": str(document),
            "encoding": "utf-8",
            "visible": True,
            "added_at": NOW,
        },
    )
    session.execute(insert(Article), [article for article, _ in rows])
    session.execute(insert(Passage), [passage for _, passages in rows for passage in passages])


def _make_article(
    sentences: Sentences, random: Random, document: int, article: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    made = [make_passage(sentences, random) for _ in range(PASSAGES_OF_ARTICLE)]
    texts = ["".join(passage) for passage in made]
    starts = [0, *accumulate(len(each) + 1 for each in texts)]
    row = {
        "id": article,
        "document_id": document,
        "ordinal": article,
        "title": random.choice(sentences.titles),
        "section": random.choice(SECTIONS),
        "date": FIRST_DAY + dt.timedelta(random.randrange(DAYS)),
        "text": "\n".join(texts),
        "first_line": 1,
        "last_line": len(texts),
    }
    passages = [
        {
            "id": (article - 1) * PASSAGES_OF_ARTICLE + number,
            "article_id": article,
            "document_id": document,
            "length": STANDARD,
            "start": start,
            "stop": start + len(text),
            "text": text,
            "keywords": [[word, 1.0] for sentence in passage[:4] for word in sentences.keywords[sentence]],
            "units": len(text),
            "first_line": number,
            "last_line": number,
        }
        for number, (passage, text, start) in enumerate(zip(made, texts, starts, strict=False), 1)
    ]
    return row, passages


def read_written(path: Path) -> Iterator[str]:
    """Yield the passages of an SQLite file under their titles, in the order of their ids."""
    written = select(Article.title, Passage.text).join(Article).order_by(Passage.id)
    with closing(Database(f"sqlite:///{path}")) as database, Session(database.reader) as session:
        for title, body in session.execute(written.execution_options(yield_per=1_000)):
            yield f"{title}\n{body}"


def copy_rows(path: Path, to: Session) -> None:
    """Insert the collections, documents, articles and passages of an SQLite file into another database."""
    with closing(Database(f"sqlite:///{path}")) as database, Session(database.reader) as session:
        for table in (Collection, Document, Article, Passage):
            rows = session.execute(select(*table.__table__.c).execution_options(yield_per=1_000)).mappings()
            for some in rows.partitions():
                to.execute(insert(table), [dict(row) for row in some])


def shares(session: Session, words: Sequence[str], most: int = 20_000) -> Iterator[float]:
    """Yield for each word the share of the first passages whose text has it."""
    most = min(most, session.scalar(select(func.max(Passage.id))) or 0)
    for word in words:
        found = select(func.count()).where(Passage.id <= most, Passage.text.contains(word))
        yield (session.scalar(found) or 0) / most
