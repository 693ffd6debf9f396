"""Picking: what comes next, whatever happens to the corpus meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from content.picking import Candidate, Catalogue, Position, Seen, Span

READER = "7 1"


def passages(
    document: int, article: int = 0, cuts: tuple[int, ...] = (0, 10, 20, 30), date: dt.date | None = None
) -> list[Candidate]:
    return [Candidate(document, article, start, stop, date) for start, stop in pairwise(cuts)]


class Reader:
    """Reads on, passage by passage, through catalogues that may change in between."""

    def __init__(self, order: str = "sequence", name: str = READER) -> None:
        self.order = order
        self.name = name
        self.seen = Seen()
        self.position: Position | None = None
        self.counts: list[str] = []

    def read(self, candidates: Iterable[Candidate], most: int = 1000) -> list[Span]:
        catalogue = Catalogue(candidates, self.order)
        spans: list[Span] = []
        while len(spans) < most and (pick := catalogue.pick(self.seen, self.position, self.name)):
            self.seen.add(pick.span)
            self.position = Position(*pick.span[:2], pick.span.stop)
            self.counts.append(f"{pick.ordinal}/{pick.total}")
            spans.append(pick.span)
        return spans


def test_a_plan_in_sequence_goes_through_documents_articles_and_passages() -> None:
    candidates = [*passages(2, cuts=(0, 9)), *passages(1, 1, (0, 5, 8)), *passages(1, 0, (0, 7))]
    reader = Reader()
    assert reader.read(candidates) == [(1, 0, 0, 7), (1, 1, 0, 5), (1, 1, 5, 8), (2, 0, 0, 9)]
    assert reader.counts == ["1/4", "2/4", "3/4", "4/4"]


def test_documents_that_a_plan_names_are_read_in_the_order_named() -> None:
    candidates = [Candidate(5, 0, 0, 9, None, rank=1), Candidate(8, 0, 0, 9, None, rank=0)]
    assert [span.document_id for span in Reader().read(candidates)] == [8, 5]


def test_a_plan_by_date_goes_from_old_to_new_and_ends_with_what_has_no_date() -> None:
    candidates = [
        *passages(1, 0, (0, 5)),
        *passages(1, 1, (0, 5), dt.date(2021, 5, 1)),
        *passages(2, 0, (0, 5, 9), dt.date(2019, 1, 1)),
        *passages(3, 0, (0, 5)),
        *passages(3, 1, (0, 5), dt.date(2019, 1, 1)),
    ]
    expected = [(2, 0, 0, 5), (2, 0, 5, 9), (3, 1, 0, 5), (1, 1, 0, 5), (1, 0, 0, 5), (3, 0, 0, 5)]
    assert Reader("date").read(candidates) == expected


def test_shuffled_picks_are_the_same_for_ever() -> None:
    candidates = passages(1, cuts=(0, 10, 20, 30, 40, 50, 60))
    assert [span.start for span in Reader("shuffled").read(candidates)] == [10, 40, 50, 30, 20, 0]


def test_every_subscription_and_every_round_is_shuffled_in_its_own_way() -> None:
    candidates = passages(1, cuts=tuple(range(0, 210, 10)))
    orders = {tuple(Reader("shuffled", name).read(candidates)) for name in ("7 1", "7 2", "8 1")}
    assert len(orders) == 3


def test_a_document_added_before_the_position_comes_after_the_end() -> None:
    reader = Reader()
    reader.read(passages(2), most=1)
    rest = reader.read([*passages(1, cuts=(0, 9)), *passages(2)])
    assert rest == [(2, 0, 10, 20), (2, 0, 20, 30), (1, 0, 0, 9)]


def test_a_document_removed_under_the_position_loses_nothing_that_is_left() -> None:
    reader = Reader()
    reader.read([*passages(1), *passages(2)], most=2)
    assert reader.read([*passages(2, cuts=(0, 9)), *passages(3, cuts=(0, 9))]) == [(2, 0, 0, 9), (3, 0, 0, 9)]


def test_after_longer_passages_are_wanted_the_rest_of_one_half_read_comes_first() -> None:
    reader = Reader()
    reader.read(passages(1, cuts=(0, 10, 20, 30, 40, 50, 60)), most=3)
    assert reader.read(passages(1, cuts=(0, 20, 40, 60))) == [(1, 0, 30, 40), (1, 0, 40, 60)]
    assert reader.counts == ["1/6", "2/6", "3/6", "2/3", "3/3"]


def test_after_shorter_passages_are_wanted_those_wholly_read_are_passed_over() -> None:
    reader = Reader()
    reader.read(passages(1, cuts=(0, 25, 50)), most=1)
    rest = [(1, 0, 25, 30), (1, 0, 30, 40), (1, 0, 40, 50)]
    assert reader.read(passages(1, cuts=(0, 10, 20, 30, 40, 50))) == rest


def test_a_hole_in_what_was_read_is_filled_after_the_end_is_reached() -> None:
    reader = Reader()
    reader.seen.add(Span(1, 0, 10, 20))
    reader.position = Position(1, 0, 20)
    assert reader.read(passages(1, cuts=(0, 30, 40))) == [(1, 0, 20, 30), (1, 0, 30, 40), (1, 0, 0, 10)]


def test_the_line_feed_between_two_passages_is_nothing_to_send() -> None:
    reader = Reader()
    apart = [Candidate(1, 0, 0, 10, None), Candidate(1, 0, 11, 20, None), Candidate(1, 0, 21, 30, None)]
    reader.read(apart, most=2)
    assert reader.read([Candidate(1, 0, 0, 20, None), Candidate(1, 0, 20, 30, None)]) == [(1, 0, 20, 30)]


def test_a_finished_plan_gives_nothing_until_something_is_added() -> None:
    reader = Reader()
    assert reader.read([]) == []
    reader.read(passages(1))
    assert reader.read(passages(1)) == []
    assert reader.read([*passages(1), *passages(3, cuts=(0, 4))]) == [(3, 0, 0, 4)]


documents = st.lists(
    st.lists(st.integers(1, 4), min_size=1, max_size=3), min_size=1, max_size=5
)  # documents of articles of so many passages
steps = st.lists(st.tuples(st.integers(1, 3), st.sets(st.integers(0, 4), max_size=2)), max_size=12)
dates = st.sampled_from([None, dt.date(2020, 1, 1), dt.date(2021, 1, 1)])


@given(
    documents=documents,
    steps=steps,
    order=st.sampled_from(["sequence", "date", "shuffled"]),
    dated=st.lists(dates, min_size=5, max_size=5),
)
def test_what_is_there_throughout_is_sent_exactly_once_whatever_comes_and_goes(
    documents: list[list[int]],
    steps: list[tuple[int, set[int]]],
    order: str,
    dated: list[dt.date | None],
) -> None:
    corpus = [
        [
            candidate
            for article, size in enumerate(articles)
            for candidate in passages(number, article, tuple(range(0, 10 * size + 1, 10)), dated[number])
        ]
        for number, articles in enumerate(documents)
    ]
    reader = Reader(order)
    sent: list[Span] = []
    for most, absent in steps:
        sent += reader.read((c for n, d in enumerate(corpus) if n not in absent for c in d), most)
    sent += reader.read(c for d in corpus for c in d)
    assert sorted(sent) == sorted(candidate[:4] for document in corpus for candidate in document)


cut_points = st.sets(st.integers(1, 9), max_size=8).map(
    lambda points: (0, *(3 * p for p in sorted(points)), 30)
)


@given(cuts=st.lists(cut_points, min_size=1, max_size=5), most=st.integers(1, 3))
def test_every_character_is_sent_exactly_once_through_changes_of_length(
    cuts: list[tuple[int, ...]], most: int
) -> None:
    reader = Reader()
    sent = [span for cut in cuts for span in reader.read(passages(1, cuts=cut), most)]
    sent += reader.read(passages(1, cuts=cuts[0]))
    covered = sorted((span.start, span.stop) for span in sent)
    assert [n for start, stop in covered for n in range(start, stop)] == list(range(30))


@given(
    order=st.sampled_from(["sequence", "date"]),
    cuts=cut_points,
    spans=st.lists(st.tuples(st.integers(0, 29), st.integers(1, 30))),
)
def test_counts_run_from_one_to_the_total_and_never_fall(
    order: str, cuts: tuple[int, ...], spans: list[tuple[int, int]]
) -> None:
    reader = Reader(order)
    for start, size in spans:
        reader.seen.add(Span(1, 0, start, start + size))
    total = len(cuts) - 1
    reader.read(passages(1, cuts=cuts))
    ordinals = [int(shown.split("/")[0]) for shown in reader.counts]
    assert ordinals == sorted(ordinals)
    assert all(1 <= ordinal <= total for ordinal in ordinals)
    assert not ordinals or ordinals[-1] == total
