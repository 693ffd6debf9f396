"""The ledger under any order of events: at most one digest a local date, and nothing lost.

The world is Telegram, as it is seen from the ledger: what was put into the chat is there, whether or not
anybody heard of it. Hypothesis chooses what happens: ticks, lost answers, crashes, sleeps, clocks that jump,
readers who change their hour, their zone, block, come back.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, Row, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from bot.asking import read_ahead, today
from bot.attempts import Attempt
from bot.delivery.doubt import (
    PATIENCE,
    Absent,
    Doubt,
    Found,
    Policy,
    Undecided,
    note_evidence,
    settle_doubt,
    take_doubts,
)
from bot.delivery.ledger import Fence, give_back, renew, take_over
from bot.delivery.outcomes import Blocked, Outcome, Retry, Sent, Unknown
from bot.models import EVERY_DAY, Delivery, Subscription
from bot.schedule.claim import claim_due
from bot.schedule.due import next_due
from bot.shut_out import mark_blocked, mark_unblocked
from bot.subscriptions import change_time, change_zone, pause, resume
from content.models import Base
from content.search import ensure_index
from tests.bot.delivery.conftest import DUE
from tests.factories import READERS, make_document, make_subscription
from tests.steps import mark_sending, record_outcome

CHAT = 1001
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu", "UTC")
OWNERS = ("one", "two")
OUTCOMES: tuple[Outcome, ...] = (
    Retry("busy"),
    Retry("too many requests", 30.0),
    Blocked("bot was blocked by the user"),
    Unknown("ReadTimeout"),
)


@cache
def template() -> Engine:
    """Return a database in memory with one subscription to a plan of twelve passages, due at `DUE`."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        ensure_index(session)
        make_document(session, articles=4)
        make_subscription(session)
    return engine


def copy_of(original: Engine) -> Engine:
    """Return another database in memory that holds the same."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    source, target = original.raw_connection(), engine.raw_connection()
    source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]  # sqlite3's own
    source.close()
    target.close()
    return engine


@dataclass
class Flight:
    """A request under way; `arrived` is the number of its message, where it came to be one."""

    fence: Fence
    arrived: int | None


class Ledger(RuleBasedStateMachine):
    """One subscription, two processes, one chat."""

    policy: Policy = "resend"
    probing = True

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(copy_of(template()))
        self.subscription = self.session.scalars(select(Subscription)).one()
        self.now = self.latest = DUE
        self.number = 10
        self.undecided: set[int] = set()
        """Rows of which nobody could find out: with two in doubt in one chat, none is looked for."""
        self.answers: set[int] = set()
        """Numbers of messages that are no digests."""
        self.chat: dict[int, int] = {}
        """Number of the message: row of the ledger."""
        self.let_be: set[int] = set()
        """Rows in doubt whose passage he was shown when he asked for it."""
        self.doubted: set[int] = set()
        """Rows that were sent again after a doubt."""
        self.claimed: dict[str, list[Fence]] = {owner: [] for owner in OWNERS}
        """What each process believes to hold: nobody tells it when it does no more."""
        self.flights: dict[str, list[Flight]] = {owner: [] for owner in OWNERS}
        self.probes: list[Doubt] = []
        """What is being looked for."""
        self.answer()

    @rule()
    def answer(self) -> None:
        """Somebody is answered: a number is known."""
        self.number += 1
        self.answers.add(self.number)
        self.session.add(
            Attempt(
                owner="one",
                chat_id=2,
                counter=0,
                started_at=self.now,
                ended_at=self.now,
                outcome="sent",
                message_id=self.number,
            )
        )
        self.session.flush()

    # what the processes do

    @rule(owner=st.sampled_from(OWNERS))
    def tick(self, owner: str) -> None:
        """Claim what is due."""
        held = [*self.claimed[owner], *(flight.fence for flight in self.flights[owner])]
        others = self._leases(owner)
        renew(self.session, owner, [fence.delivery_id for fence in held], self.now)
        assert self._leases(owner) == others, "it has lengthened a lease of somebody else's"
        had = self.subscription.last_local_date
        taken = claim_due(self.session, self.now, owner, 5, READERS)
        alive = {key for key, until in others if until is not None and until >= self.now}
        assert not alive & set(taken), "it has taken what somebody who is alive holds"
        self.claimed[owner] += map(self._fence, taken)
        self.session.refresh(self.subscription)
        if self.subscription.last_local_date != had:
            self._check_date()

    def _leases(self, owner: str) -> set[tuple[int, dt.datetime | None]]:
        """Return the rows that others hold, and until when."""
        held = select(Delivery.id, Delivery.lease_until).where(
            Delivery.state.in_(("claimed", "sending")), Delivery.owner != owner
        )
        return {(key, until) for key, until in self.session.execute(held)}

    def _fence(self, key: int) -> Fence:
        row = self.session.get_one(Delivery, key, populate_existing=True)
        assert row.owner is not None
        return Fence(key, row.owner, row.attempts)

    def _check_date(self) -> None:
        """Assert that the date which was settled has a row, and that the next one follows upon it."""
        reader = self.subscription
        rows = select(Delivery.local_date).where(Delivery.slot == 0)
        assert reader.last_local_date in self.session.scalars(rows).all(), "a date is lost"
        if reader.next_due_at is not None:
            zone, last = ZoneInfo(reader.target.timezone), reader.last_local_date
            assert reader.next_due_at == next_due(self.now, reader.local_minute, EVERY_DAY, zone, last)[1]

    @rule(owner=st.sampled_from(OWNERS), arrives=st.booleans())
    def send(self, owner: str, arrives: bool) -> None:
        """Begin a request for each claimed row: it comes into the chat, or never will."""
        for fence in self.claimed[owner]:
            if self._fenced(fence, partial(mark_sending, self.session, fence, CHAT, self.now)):
                number = self._arrive(fence.delivery_id) if arrives else None
                self.flights[owner].append(Flight(fence, number))
                assert not mark_sending(self.session, fence, CHAT, self.now), "a try has begun twice"
                row = self.session.get_one(Delivery, fence.delivery_id, populate_existing=True)
                assert row.again or row.id not in self.doubted, "it does not say that it comes again"
        self.claimed[owner] = []

    def _fenced(self, fence: Fence, step: Callable[[], bool]) -> bool:
        """Take the step and return whether the row was ours; who has lost it must not change anything."""
        before = self._row(fence)
        ours = step()
        if before is None or (before.owner, before.attempts) != (fence.owner, fence.attempts):
            assert not ours
            assert self._row(fence) == before, "it has changed a row that was not its own any more"
        return ours

    def _row(self, fence: Fence) -> Row[str | None, int, str, dt.datetime] | None:
        columns = (Delivery.owner, Delivery.attempts, Delivery.state, Delivery.not_before)
        return self.session.execute(select(*columns).where(Delivery.id == fence.delivery_id)).first()

    def _arrive(self, key: int) -> int:
        self.number += 1
        self.chat[self.number] = key
        return self.number

    @rule(owner=st.sampled_from(OWNERS), outcome=st.sampled_from(OUTCOMES), most=st.sampled_from([1, 9]))
    def hear(self, owner: str, outcome: Outcome, most: int) -> None:
        """Hear of some of the requests under way, the oldest first: what arrived was sent, or the answer is
        lost; the rest came to `outcome`."""
        heard, self.flights[owner] = self.flights[owner][:most], self.flights[owner][most:]
        for flight in heard:
            came = flight.arrived is not None and not isinstance(outcome, Unknown)
            is_so: Outcome = Sent(flight.arrived) if came and flight.arrived else outcome
            record = partial(record_outcome, self.session, flight.fence, is_so, self.now)
            ours = self._fenced(flight.fence, record)
            if isinstance(is_so, Sent):
                self._check_sent(flight.fence, ours=ours)
            assert not mark_sending(self.session, flight.fence, CHAT, self.now), "a try has begun twice"

    def _check_sent(self, fence: Fence, *, ours: bool) -> None:
        """Assert that what arrived is on record, where nobody else has tried it since; and the place in the
        plan with it."""
        row = self.session.get(Delivery, fence.delivery_id, populate_existing=True)
        if row is None or (row.owner, row.attempts) != (fence.owner, fence.attempts):
            return
        assert row.state == "sent"
        if ours and row.start is not None and row.round == self.subscription.round:
            place = self.subscription.position_article, self.subscription.position_stop
            assert place == (row.article, row.stop)

    @rule(owner=st.sampled_from(OWNERS), arrives=st.booleans(), days=st.sampled_from([0, 0, 1]))
    def lose(self, owner: str, arrives: bool, days: int) -> None:
        """What is due is sent, and its answer is lost; then somebody is answered, and nothing happens for
        some minutes."""
        self.wait(days * 86_400)
        self.tick(owner)
        self.send(owner, arrives)
        self.answer()
        self.hear(owner, Unknown("ReadTimeout"), 9)
        self.now += PATIENCE

    @rule(owner=st.sampled_from(OWNERS), arrives=st.booleans(), minute=st.sampled_from([None, 451]))
    def lose_again(self, owner: str, arrives: bool, minute: int | None) -> None:
        """What is sent once more after a doubt is lost as well; or before that he wants another hour."""
        self.lose(owner, arrives, 1)
        self.reconcile()
        if minute is not None:
            self.change_hour(minute)
        self.lose(owner, arrives, 0)
        self.reconcile()

    @rule(owner=st.sampled_from(OWNERS), outcome=st.sampled_from(OUTCOMES))
    def hang(self, owner: str, outcome: Outcome) -> None:
        """A request hangs until its message was looked for, and the same process sends it once more."""
        [other] = {*OWNERS} - {owner}
        self.tick(owner)
        self.send(owner, False)
        hanging = len(self.flights[owner])
        self.wait(61)
        self.tick(other)
        self.now += PATIENCE
        self.reconcile()
        self.tick(owner)
        self.send(owner, True)
        self.hear(owner, outcome, hanging)

    @rule(owner=st.sampled_from(OWNERS), begins=st.booleans(), goes_on=st.booleans())
    def oversleep(self, owner: str, begins: bool, goes_on: bool) -> None:
        """The process sleeps past its lease, at work; the other one takes over, and then it goes on."""
        [other] = {*OWNERS} - {owner}
        self.tick(owner)
        if begins:
            self.send(owner, True)
        self.wait(61)
        self.tick(other)
        if goes_on:
            self.reconcile()
            self.tick(other)
        self.send(owner, True)
        self.hear(owner, OUTCOMES[0], 9)

    @rule(owner=st.sampled_from(OWNERS))
    def crash(self, owner: str) -> None:
        """The process forgets everything, and nobody tells the ledger."""
        self.claimed[owner], self.flights[owner] = [], []

    @rule(owner=st.sampled_from(OWNERS), begins=st.booleans(), waits=st.booleans())
    def stop(self, owner: str, begins: bool, waits: bool) -> None:
        """The process ends in order, perhaps at work; what hangs it does not wait for."""
        self.tick(owner)
        if begins:
            self.send(owner, True)
        if waits:
            self.hear(owner, OUTCOMES[0], 9)
        give_back(self.session, owner, self.now)
        self.crash(owner)

    @rule()
    def start_alone(self) -> None:
        """Both crash; one of them starts again, and knows that it is alone."""
        for owner in OWNERS:
            self.crash(owner)
        take_over(self.session, "new", self.now)

    @rule()
    def reconcile(self) -> None:
        """Look for what is in doubt, and settle it."""
        self.look()
        self.find()

    @rule()
    def look(self) -> None:
        """Begin to look for what is in doubt; nobody's keyboard but its own may be touched."""
        self.answer()
        for doubt in take_doubts(self.session, self.now, 5):
            met = {self.chat.get(number, doubt.delivery_id) for number in doubt.candidates or ()}
            assert met <= {doubt.delivery_id}, "it would change another digest"
            assert not self.answers & {*(doubt.candidates or ())}, "it would change an answer"
            self.probes.append(doubt)

    @rule()
    def find(self) -> None:
        """Settle by what was found, perhaps long after another process has begun to look as well."""
        probes, self.probes = self.probes, []
        for doubt in probes:
            there = [n for n in doubt.candidates or () if self.chat.get(n) == doubt.delivery_id]
            verdict: Found | Absent | Undecided = Found(there[0]) if there else Absent()
            if doubt.candidates is None or not self.probing:
                verdict = Undecided()
                self.undecided.add(doubt.delivery_id)
            row = self.session.get(Delivery, doubt.delivery_id, populate_existing=True)
            current = row is not None and (row.state, row.reconcile_at) == ("unknown", doubt.token)
            assert settle_doubt(self.session, doubt, verdict, self.policy, self.now) == current
            if current and row is not None and row.state == "pending":
                self.doubted.add(row.id)

    # what the world does

    @rule(seconds=st.sampled_from([1, 61, 200, 6 * 3_600, 24 * 3_600]))
    def wait(self, seconds: int) -> None:
        """Time passes. A process may sleep through it, and hear of its requests only then."""
        self.now += dt.timedelta(seconds=seconds)

    @rule(seconds=st.sampled_from([-3_600, -60, 60, 3_600]))
    def jump(self, seconds: int) -> None:
        """The clock is set."""
        self.latest = max(self.latest, self.now)
        self.now += dt.timedelta(seconds=seconds)

    # what the reader does

    @rule(minute=st.sampled_from([0, 450, 451, 1_439]))
    def change_hour(self, minute: int) -> None:
        """He wants another hour."""
        change_time(self.session, self.subscription, minute, self.now)

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: str) -> None:
        """He goes elsewhere."""
        change_zone(self.session, self.subscription.target, zone, self.now)

    @rule(days=st.sampled_from([0, 1]))
    def rest(self, days: int) -> None:
        """He rests for some time; what is at work goes on."""
        pause(self.session, self.subscription, None, self.now)
        self.tick("one")
        self.wait(days * 86_400)
        resume(self.session, self.subscription, self.now)

    @rule(is_shut=st.booleans())
    def come_back(self, is_shut: bool) -> None:
        """He lets the bot write again, perhaps after he has just shut it out."""
        if is_shut:
            mark_blocked(self.session, CHAT, self.now)
        mark_unblocked(self.session, CHAT, self.now)

    @rule(owner=st.sampled_from(OWNERS), ahead=st.booleans())
    def ask(self, owner: str, ahead: bool) -> None:
        """He asks for today's passage, or for the next."""
        ask = read_ahead if ahead else today
        asked = ask(self.session, self.subscription, self.now, owner, READERS)
        if asked.kind == "send" and asked.delivery_id is not None:
            self.claimed[owner].append(self._fence(asked.delivery_id))
        if asked.kind == "show" and asked.delivery_id is not None:
            self.let_be.add(asked.delivery_id)

    @precondition(lambda self: self.chat)
    @rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        """He presses a button under what came."""
        number = data.draw(st.sampled_from(sorted(self.chat)))
        note_evidence(self.session, self.chat[number], CHAT, number, self.now)

    @rule()
    def forge(self) -> None:
        """Somebody presses a digest's button where it is not: under a known message, or in another chat."""
        waiting = select(Delivery.id).where(Delivery.state.in_(("unknown", "pending", "claimed")))
        for key in self.session.scalars(waiting).all():
            others = Attempt.message_id.is_not(None), Attempt.delivery_id.is_distinct_from(key)
            for number in self.session.scalars(select(Attempt.message_id).where(*others)).all():
                assert number is not None
                assert not note_evidence(self.session, key, CHAT, number, self.now)
            assert not note_evidence(self.session, key, CHAT + 1, self.number + 1, self.now)

    # what must hold

    @invariant()
    def no_digest_comes_twice(self) -> None:
        """A row comes once; once more only where nobody could know, and then it is marked."""
        for key, copies in Counter(self.chat.values()).items():
            row = self.session.get(Delivery, key)
            assert row is not None, "a row of which a message is in the chat is gone"
            assert copies <= (2 if key in self.undecided else 1), (key, copies)
            assert copies == 1 or row.again

    @invariant()
    def no_date_has_two_digests(self) -> None:
        """Of the day's digests there is one a local date."""
        keys = set(self.chat.values())
        rows = self.session.execute(select(Delivery.local_date, Delivery.slot).where(Delivery.id.in_(keys)))
        assert max(Counter(map(tuple, rows)).values(), default=1) == 1

    @invariant()
    def no_passage_comes_twice(self) -> None:
        """What came in one digest does not come in another of the same round."""
        keys = set(self.chat.values())
        spans = select(Delivery.round, Delivery.document_id, Delivery.article, Delivery.start)
        rows = self.session.execute(spans.where(Delivery.id.in_(keys), Delivery.start.is_not(None)))
        assert max(Counter(map(tuple, rows)).values(), default=1) == 1

    @invariant()
    def what_is_settled_is_so(self) -> None:
        """What the ledger calls sent is in the chat; what it calls unsent is not."""
        came = set(self.chat.values())
        for row in self.session.scalars(select(Delivery)):
            if row.state == "sent":
                assert row.id in came
                assert self.chat.get(row.message_id or 0) == row.id
            if row.state in ("skipped", "expired", "failed"):
                assert row.id not in came, row.state

    def teardown(self) -> None:
        """In the end, with one process at work, the clock right, and nothing going wrong, nothing is open."""
        self.now = max(self.latest, self.now)
        self.probes = []
        for owner in OWNERS:
            self.crash(owner)
        mark_unblocked(self.session, CHAT, self.now)
        for _ in range(8):
            self.now += dt.timedelta(minutes=4)
            self.reconcile()
            self.tick("one")
            self.send("one", True)
            self.hear("one", OUTCOMES[0], 9)
        states = Counter(self.session.scalars(select(Delivery.state)).all())
        assert not states.keys() & {"pending", "claimed", "sending"}, states
        if self.probing:
            lost = select(Delivery.id).where(Delivery.state == "unknown")
            assert {*self.session.scalars(lost)} <= self.undecided | self.let_be
        self.no_digest_comes_twice()
        self.session.close()


class Probed(Ledger):
    """Where the chat can be looked into."""


class Resent(Ledger):
    """Where it cannot, and what is in doubt is sent once more."""

    probing = False


class Held(Ledger):
    """Where it cannot, and what is in doubt is not sent again."""

    probing = False
    policy: Policy = "hold"


CHEAP = settings(
    max_examples=settings().max_examples // 14,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestProbed = Probed.TestCase
TestProbed.settings = CHEAP
TestResent = Resent.TestCase
TestResent.settings = CHEAP
TestHeld = Held.TestCase
TestHeld.settings = CHEAP
