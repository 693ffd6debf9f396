"""One siege: people write without end, `rizhi web` is killed again and again, and answers are counted.

The long form: python -m tests.chaos.siege --kills 100
"""

from __future__ import annotations

import socket
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
from sqlalchemy import func, select

from bot.attempts import Attempt
from bot.database import Database
from bot.demo.people import User
from bot.demo.server import BotApiServer
from bot.operations import ReceivedUpdate
from bot.schema import upgrade
from tests.chaos.processes import end, start, starting
from tests.chaos.weather import Weather

PAUSE = (0.03, 0.08)
"""Seconds between two commands: about 18 a second, as many as may be answered."""
LEASE = 20
"""Seconds that rows of the ledger, of which there are none here, belong to a process."""
MOST_OPEN = 40
"""Commands that wait for an answer before people write no more."""


@dataclass
class Verdict:
    """What was counted."""

    kills: int
    commands: int
    seconds: float
    in_flight: list[int]
    """Answers that a kill fell upon between the request and its record, at each kill."""
    lost: int
    """Commands without an answer."""
    extra: int
    """Answers beyond the first."""
    unexplained: int
    """Such answers to people upon whose answers no kill fell."""


class Siege:
    """A Telegram, a database in `folder`, and people each of whom sends one command."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, Random(seed)
        self.api = BotApiServer()
        self.api.faults = self.api.api.faults = Weather(seed, 0)  # calls take their time, and none fails
        self.database = Database(f"sqlite:///{folder / 'rizhi.db'}")
        upgrade(self.database)
        self.people: list[User] = []
        self.in_flight: list[int] = []

    def environment(self) -> dict[str, str]:
        """Return what makes `rizhi web` serve here."""
        with socket.socket() as spare:
            spare.bind(("127.0.0.1", 0))
            port = spare.getsockname()[1]
        return {"PORT": str(port), "WEBHOOK_URL": f"http://127.0.0.1:{port}"}

    def write(self) -> None:
        """Let somebody new send a command, unless many wait for their answers."""
        if len(self.people) - self.answers() < MOST_OPEN:
            person = self.api.user(f"P{len(self.people)}", "en")
            person.send("/help")
            self.people.append(person)
        time.sleep(self.random.uniform(*PAUSE))

    def answers(self) -> int:
        """Return how many commands have had an answer."""
        return len({call.chat_id for call in self.api.calls("sendMessage")})

    def interrupted(self) -> Counter[int]:
        """Return how many answers to each chat nobody knows to have arrived."""
        chats = select(Attempt.chat_id).where(Attempt.outcome == "open")
        return Counter(self.database.run_read(lambda session: session.scalars(chats).all()))

    def note_kill(self) -> None:
        """Note how many answers this kill fell upon."""
        self.in_flight.append(self.interrupted().total() - sum(self.in_flight))

    def waiting(self) -> int:
        """Return how many updates are taken and not on record as answered."""
        query = select(func.count()).where(ReceivedUpdate.body.is_not(None))
        return self.database.run_read(lambda session: session.scalar(query)) or 0

    def is_over(self) -> bool:
        """Return whether nothing is left to be answered."""
        return not self.api.state.updates.waiting and not self.waiting()

    def judge(self, kills: int, seconds: float) -> Verdict:
        """Count the answers."""
        interrupted = self.interrupted()
        counts = {person.id: sum(m.by_bot for m in self.api.transcript(person)) for person in self.people}
        extra = {chat: count - 1 for chat, count in counts.items() if count > 1}
        unexplained = sum(max(count - interrupted[chat], 0) for chat, count in extra.items())
        lost = list(counts.values()).count(0)
        total = sum(extra.values())
        return Verdict(kills, len(self.people), seconds, self.in_flight, lost, total, unexplained)

    def close(self) -> None:
        """End all of it."""
        self.api.stop()
        self.database.close()


def run_siege(siege: Siege, kills: int, limit: float, most: int = 40) -> Verdict:
    """Kill so often, each time after `most` answers or fewer, let the last process end it, and judge.

    `limit` is in seconds.
    """
    began, done = time.monotonic(), 0
    siege.api.start()
    with starting(siege.folder, siege.api, LEASE, **siege.environment()) as starter:
        while time.monotonic() - began < limit and done <= kills:
            number = start(starter, "web", siege.database.url)
            goal = siege.answers() + siege.random.randint(3, most)
            while siege.answers() < goal and time.monotonic() - began < limit:
                siege.write()
            if done == kills:
                wait_until_over(siege, began + limit)
            end(number)
            siege.note_kill()
            done += 1
    return siege.judge(done - 1, time.monotonic() - began)


def wait_until_over(siege: Siege, deadline: float) -> None:
    """Wait until nothing is left to be answered."""
    while not siege.is_over() and time.monotonic() < deadline:
        time.sleep(0.05)


@click.command()
@click.option("--kills", default=100, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--seconds", default=1800.0, show_default=True, help="When to give up.")
def main(kills: int, seed: int, seconds: float) -> None:
    """Kill `rizhi web` again and again while people write, and count the answers."""
    with tempfile.TemporaryDirectory(prefix="rizhi-siege-") as folder:
        siege = Siege(Path(folder), seed)
        try:
            verdict = run_siege(siege, kills, seconds)
            for name, value in vars(verdict).items():
                click.echo(f"{name}: {value}")
            raise SystemExit(bool(verdict.lost or verdict.unexplained))
        finally:
            siege.close()


if __name__ == "__main__":
    main()
