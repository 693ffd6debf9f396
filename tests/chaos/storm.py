"""One storm: everyone's digest is due at once, the bot is killed again and again, and copies are counted."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.clock import Clock
from bot.database import Database
from bot.delivery.attempts import begin_attempt, settle_attempt
from bot.delivery.outcomes import Sent
from bot.demo.people import User
from bot.demo.server import BotApiServer
from bot.models import Delivery, Plan, Subscription, Target
from bot.render.actions import decode
from bot.schema import upgrade
from tests.chaos.herd import Herd
from tests.chaos.processes import starting
from tests.chaos.weather import Weather
from tests.factories import make_document, make_plan

ZONE = ZoneInfo("Asia/Shanghai")
CHATTERS = 5
"""People without a subscription who write meanwhile: their messages use up numbers."""
TALK = 0.1
"""How likely one writes each time that the storm looks up."""
SETTLING = 1.0
"""Seconds in which who was frozen last may do what he should not."""
BLOCKED = 0.01
"""The share of subscribers who have blocked the bot without its knowing."""


@dataclass
class Verdict:
    """What the judge counted."""

    subscribers: int
    struck: dict[str, int]
    """How often which blow fell."""
    seconds: float
    faults: dict[str, int]
    in_flight: list[int]
    """Rows in `sending` at each blow."""
    lost: int
    """Subscribers without a digest, those left out who have blocked the bot."""
    extra: int
    """Digests beyond the first."""
    again: int
    """Digests that were sent once more, for the first had not arrived."""
    probes: int
    by_workers: int
    """Attempts that were not made by a `rizhi run`."""
    states: dict[str, int] = field(default_factory=dict)


class Storm:
    """The world of one storm: a server, a database in `folder`, and processes to kill."""

    def __init__(
        self, folder: Path, url: str, subscribers: int, seed: int, severity: float, lease: float = 20
    ) -> None:
        self.lease = lease
        self.random = Random(seed)
        self.api = BotApiServer()
        self.weather = Weather(seed, severity)
        self.api.faults = self.api.api.faults = self.weather
        self.folder, self.url = folder, url
        self.database = Database(url)
        upgrade(self.database)
        self.users = [self.api.user(f"R{number}") for number in range(subscribers)]
        self.chatters = [self.api.user(f"C{number}") for number in range(CHATTERS)]
        self.readers = {user.id for user in self.users}
        self.in_flight: list[int] = []
        for user in self.users:
            user.person.started = True
        for user in self.users[:: round(1 / BLOCKED)]:
            user.person.blocked = True
        self.database.run_write(self._subscribe)
        self.database.run_write(self._know_a_number)

    def _know_a_number(self, session: Session) -> None:
        """Everyone came by writing to the bot, which answered: some number of a message is known."""
        now, chatter = Clock().now(), self.chatters[0]
        attempt = begin_attempt(session, chatter.id, "before", now)
        settle_attempt(session, attempt, Sent(chatter.send("/start").message_id), now)

    def _subscribe(self, session: Session) -> None:
        make_document(session)
        plan: Plan = make_plan(session)
        now = Clock().now()
        local = now.astimezone(ZONE).replace(second=0, microsecond=0)
        minute = local.hour * 60 + local.minute
        for user in self.users:
            target = Target(
                chat_id=user.id,
                kind="private",
                language="zh-Hans",
                timezone=ZONE.key,
                created_at=now,
                thread_id=0,
            )
            subscription = Subscription(
                target=target,
                plan=plan,
                local_minute=minute,
                next_due_at=local.astimezone(dt.UTC),
                created_at=now,
            )
            session.add_all([target, subscription])

    def sends(self) -> int:
        """Return how often a digest was asked to be sent by now."""
        calls = self.api.state.calls
        return sum(call.method == "sendMessage" and call.chat_id in self.readers for call in calls)

    def chat(self) -> None:
        """Let somebody write to the bot now and then, which answers."""
        if self.random.random() < TALK:
            self.random.choice(self.chatters).send("/help")

    def is_over(self) -> bool:
        """Return whether nothing is left to send, or to find out."""
        return self.database.run_read(lambda session: session.scalar(_left())) == 0

    def note_in_flight(self) -> None:
        """Remember how many messages a blow has left in doubt."""
        sending = select(func.count()).where(Delivery.state == "sending")
        self.in_flight.append(self.database.run_read(lambda session: session.scalar(sending)) or 0)

    def judge(self, herd: Herd, seconds: float) -> Verdict:
        """Count what is in the chats."""
        copies = [digests(self.api, user) for user in self.users]
        reachable = [count for user, count in zip(self.users, copies, strict=True) if not user.person.blocked]
        states, again = self.database.run_read(_ledger)
        return Verdict(
            subscribers=len(self.users),
            struck=herd.struck,
            seconds=seconds,
            faults=self.weather.happened,
            in_flight=self.in_flight,
            lost=reachable.count(0),
            extra=sum(count - 1 for count in copies if count > 1),
            again=again,
            probes=len(self.api.calls("editMessageReplyMarkup")),
            by_workers=self.database.run_read(lambda session: not_by(session, herd.spared)),
            states=states,
        )

    def close(self) -> None:
        """End all of it."""
        self.api.stop()
        self.database.close()


def digests(api: BotApiServer, user: User) -> int:
    """Return how many digests came to the user."""
    return sum(any(map(is_read_button, message.buttons)) for message in api.transcript(user))


def is_read_button(row: object) -> bool:
    """Return whether a row of buttons is that of a digest."""
    assert isinstance(row, tuple)
    actions = [decode(button.data or "") for button in row]
    return any(action is not None and action.name == "read" for action in actions)


def not_by(session: Session, numbers: list[int]) -> int:
    """Return how many digests were tried by other processes than these."""
    owners = session.scalars(select(Attempt.owner).where(Attempt.delivery_id.is_not(None)))
    return sum(int(owner.split("-")[-2]) not in numbers for owner in owners)


def _left() -> Select[int]:
    in_doubt = and_(Delivery.state == "unknown", Delivery.reconcile_at.is_not(None))
    open_rows = or_(Delivery.state.in_(("pending", "claimed", "sending")), in_doubt)
    rows = select(func.count(Delivery.id)).where(open_rows).scalar_subquery()
    due = Subscription.next_due_at <= Clock().now()
    return select(rows + select(func.count(Subscription.id)).where(due).scalar_subquery())


def _ledger(session: Session) -> tuple[dict[str, int], int]:
    states = Counter(session.scalars(select(Delivery.state)).all())
    again = select(func.count(Delivery.id)).where(Delivery.again)
    return dict(states), session.scalar(again) or 0


def run_storm(storm: Storm, blows: Counter[str], limit: float, workers: int = 0) -> Verdict:
    """Strike so often, spread over the push, let the last processes finish, and judge; `limit` is in seconds.

    With workers it is they who are struck, beside a `rizhi run`.
    """
    began = time.monotonic()
    left = list(blows.elements())
    storm.random.shuffle(left)
    each = len(storm.users) / (len(left) + 1)
    storm.api.start()
    with starting(storm.folder, storm.api, storm.lease) as starter:
        herd = Herd(storm.url, starter, workers, storm.lease, storm.random)
        try:
            while left and rage(storm, herd, each, began + limit):
                herd.strike(left)
                storm.note_in_flight()
            calm(storm, herd, began + limit)
        finally:
            herd.end()
    return storm.judge(herd, time.monotonic() - began)


def rage(storm: Storm, herd: Herd, each: float, deadline: float) -> bool:
    """Wait until some messages more were asked for; return whether they were before all was over."""
    goal = storm.sends() + max(1, round(storm.random.uniform(0.5, 1.1) * each))
    while storm.sends() < goal and time.monotonic() < deadline:
        if storm.is_over():
            return False
        herd.heal()
        storm.chat()
        time.sleep(storm.random.uniform(0.02, 0.15))
    return time.monotonic() < deadline


def calm(storm: Storm, herd: Herd, deadline: float) -> None:
    """Wait until all is over, and nobody is left who might go on with what he was at."""
    while (not herd.is_whole or not storm.is_over()) and time.monotonic() < deadline:
        herd.heal()
        storm.chat()
        time.sleep(0.1)
    time.sleep(SETTLING)


def attempts(storm: Storm) -> Counter[str]:
    """Return how many attempts came to what."""
    outcomes = select(Attempt.outcome)
    return Counter(storm.database.run_read(lambda session: session.scalars(outcomes).all()))
