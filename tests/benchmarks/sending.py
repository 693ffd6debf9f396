"""A process of the load benchmark: the local Telegram, a bare loop that sends, or Rizhi that sends.

    python -m tests.benchmarks.sending telegram READERS        prints {"url", "token", "chats"}
    python -m tests.benchmarks.sending bare URL TOKEN DATABASE
    python -m tests.benchmarks.sending rizhi URL TOKEN DATABASE   waits for a line before it begins

The senders print {"messages", "cpu", "wall"}, in seconds, for all that is due in the database but the first
`WARM_UP` messages, which find everything new. The bare loop sends the same messages, made beforehand.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from telegram import Bot, InlineKeyboardMarkup
from telegram.request import HTTPXRequest

from bot.clock import Clock
from bot.database import Database
from bot.delivery.budget import Budget
from bot.delivery.pace import Permit, Taken, Told
from bot.delivery.parcel import Packer, Parcel
from bot.delivery.push import Pusher
from bot.delivery.send import NO_PREVIEW, POOL_TIMEOUT, READ_TIMEOUT, keyboard
from bot.delivery.sending import IN_FLIGHT
from bot.demo.server import BotApiServer
from bot.models import Delivery
from bot.render.content import render_content
from bot.schedule.claim import claim_due, has_due
from tests.benchmarks.load import DUE
from tests.factories import READERS

WARM_UP = 100
CONNECTIONS = 16


class NoLimit:
    """A pace at which everything may go at once."""

    block = IN_FLIGHT
    tolerance = float("inf")
    is_paid = False

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    async def take(self, chats: Sequence[int], *, interactive: bool) -> Taken:
        """Grant all."""
        now = self._clock()
        return Taken(dict.fromkeys(chats, Permit(True, now)), now, now)

    async def told_to_wait(self, chat_id: int, seconds: float) -> Told:
        """Never: the local server has no limits here."""
        raise AssertionError(f"told to wait for {seconds} s")


class Stopwatch:
    """Counts processor time and time of all that is done since it was begun."""

    def __init__(self) -> None:
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def show(self, messages: int) -> None:
        """Print what it shows."""
        figures = {
            "messages": messages,
            "cpu": time.process_time() - self.cpu,
            "wall": time.perf_counter() - self.wall,
        }
        sys.stdout.write(json.dumps(figures) + "\n")
        sys.stdout.flush()


def make_bot(url: str, token: str) -> Bot:
    """Return a bot as both sides have it."""
    requests = [
        HTTPXRequest(connection_pool_size=CONNECTIONS, httpx_kwargs={"trust_env": False}) for _ in range(2)
    ]
    return Bot(token, base_url=f"{url}/bot", request=requests[0], get_updates_request=requests[1])


def telegram(readers: int) -> None:
    """Serve until standard input ends."""
    with BotApiServer() as api:
        people = [api.user(f"P{number}", "zh-hans") for number in range(readers)]
        for person in people:
            person.start()
        served = {"url": api.url, "token": api.token, "chats": [person.id for person in people]}
        sys.stdout.write(json.dumps(served) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


Ready = tuple[int, str, InlineKeyboardMarkup | None]


def make_all(database: Database) -> list[Ready]:
    """Return all messages that are due, ready to be sent."""
    packer = Packer(READERS)
    ids = database.run_write(lambda session: claim_due(session, DUE, "bare", 1_000_000, READERS))
    parcels = database.run_read(lambda session: packer.pack(session, ids, "bare", DUE))
    return [ready(parcel) for parcel in parcels]


def ready(parcel: Parcel) -> Ready:
    """Return the parcel's chat, text and buttons."""
    assert parcel.content is not None
    message = render_content(parcel.content, parcel.language)
    return parcel.chat_id, message.text, keyboard(message)


async def send_bare(bot: Bot, messages: Sequence[Ready]) -> None:
    """Send all, eight at a time."""
    rest = iter(messages)

    async def send() -> None:
        for chat_id, text, buttons in rest:
            await bot.send_message(
                chat_id,
                text,
                parse_mode="HTML",
                link_preview_options=NO_PREVIEW,
                reply_markup=buttons,
                read_timeout=READ_TIMEOUT,
                pool_timeout=POOL_TIMEOUT,
            )

    await asyncio.gather(*(send() for _ in range(IN_FLIGHT)))


async def bare(url: str, token: str, database: Database) -> None:
    """The least that can be done."""
    messages = make_all(database)
    async with make_bot(url, token) as bot:
        await send_bare(bot, messages[:WARM_UP])
        watch = Stopwatch()
        await send_bare(bot, messages[WARM_UP:])
        watch.show(len(messages) - WARM_UP)


async def rizhi(url: str, token: str, database: Database) -> None:
    """Send what is due as `rizhi run` does, with the ledger, and without limits."""
    clock = Clock(DUE - Clock().now())
    budget = Budget(NoLimit(clock.seconds), clock.seconds)
    owner = f"process-{os.getpid()}"
    async with make_bot(url, token) as bot:
        pusher = Pusher(database, bot, clock, budget, render_content, owner, READERS)
        await pusher.take(lambda session: claim_due(session, clock.now(), owner, WARM_UP, READERS))
        await pusher.wait()
        await asyncio.to_thread(sys.stdin.readline)
        watch = Stopwatch()
        while await database.read(lambda session: has_due(session, clock.now())):
            await pusher.tick()
            await pusher.wait()
        watch.show(database.run_read(lambda session: count_sent(session, owner)) - WARM_UP)
        await pusher.stop()


def count_sent(session: Session, owner: str) -> int:
    """Return how many messages the owner has sent."""
    rows = select(func.count()).where(Delivery.owner == owner, Delivery.state == "sent")
    return session.scalar(rows) or 0


def main(role: str, *arguments: str) -> None:
    """Play the role."""
    if role == "telegram":
        telegram(int(arguments[0]))
        return
    url, token, address = arguments
    database = Database(address)
    asyncio.run({"bare": bare, "rizhi": rizhi}[role](url, token, database))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
