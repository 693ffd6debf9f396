"""The queue on PostgreSQL: batches of claimed rows as jobs of procrastinate's, in the ledger's own database.

The job is written in the transaction that claims the rows: there is none without the other.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from uuid import uuid4

from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from bot.access import Readers
from bot.clock import Clock
from bot.database import KEEPALIVE, Database
from bot.delivery.batches import BATCH, claim_batch, take_batch
from bot.delivery.ledger import give_back
from bot.delivery.push import Pusher, look

log = logging.getLogger(__name__)

TASK = QUEUE = "deliver"
HEARTBEAT_SECONDS = 5.0
"""How often a worker says that it is alive."""
DEAD_SECONDS = 20.0
"""A worker that has said nothing for so long is taken for dead: its jobs are another's."""
LOOK_SECONDS = 5.0
"""How often a worker looks for a job of which no notice came."""
AGAIN_SECONDS = 2.0
"""How long a worker waits before it begins anew, where the database was away."""
ALIVE = text(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :dead)"
)
COUNT_WAITING = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = :queue")

EMPTY = text("DELETE FROM procrastinate_jobs WHERE queue_name = :queue RETURNING args ->> 'batch'")


def count_workers(session: Session) -> int:
    """Return how many workers are alive."""
    return int(session.execute(ALIVE, {"dead": DEAD_SECONDS}).scalar_one())


def count_batches(session: Session) -> int:
    """Return how many batches wait for a worker."""
    return int(session.execute(COUNT_WAITING, {"queue": QUEUE}).scalar_one())


def take_back(session: Session, now: dt.datetime) -> None:
    """Empty the queue, and let its rows be anybody's: nobody will fetch them."""
    for batch in session.scalars(EMPTY, {"queue": QUEUE}).all():
        give_back(session, batch, now)


class QueueEngine:
    """Puts what is due into the queue; where no worker is alive, it is sent from here."""

    def __init__(self, database: Database, clock: Clock, pusher: Pusher) -> None:
        self._database = database
        self._clock = clock
        self._pusher = pusher
        self._jobs = App(connector=SyncPsycopgConnector()).configure_task
        """Never opened: it writes with our own connections."""

    async def tick(self) -> None:
        """Queue a batch for each worker that has none to come; any number of processes may do so at once."""
        if await self._database.read(count_workers):
            await self._pusher.renew()
            while not self._pusher.is_held_up and await self._fill():
                pass
            return
        if await self._database.read(count_batches):
            await self._database.write(lambda session: take_back(session, self._clock.now()))
        await self._pusher.tick()

    async def _fill(self) -> bool:
        """Queue one batch; return whether there may be more to queue."""
        now, readers = self._clock.now(), self._pusher.readers
        if not await self._database.read(lambda session: self._prepare(session, now)):
            return False
        return await self._database.write(lambda session: self._queue(session, now, readers)) == BATCH

    def _prepare(self, session: Session, now: dt.datetime) -> bool:
        """Return whether a worker will soon have nothing to do, and there is something."""
        return count_batches(session) < count_workers(session) and look(session, now, BATCH)

    def _queue(self, session: Session, now: dt.datetime, readers: Readers) -> int:
        batch = f"batch-{uuid4().hex}"
        ids = claim_batch(session, batch, now, readers)
        if ids:
            connection = session.connection().connection.driver_connection
            job = self._jobs(TASK, allow_unknown=True, queue=QUEUE, connection=connection)
            job.defer(batch=batch, ids=[*ids])
        return len(ids)


class Worker:
    """Takes batches from the queue, and has their rows sent."""

    def __init__(self, database: Database, clock: Clock, pusher: Pusher) -> None:
        self._database = database
        self._clock = clock
        self._pusher = pusher
        conninfo = _conninfo(database.url)
        connector = PsycopgConnector(conninfo=conninfo, kwargs=KEEPALIVE, min_size=1, max_size=2)
        self._app = App(connector=connector)
        retry = RetryStrategy(max_attempts=10, wait=1)
        self._app.task(name=TASK, queue=QUEUE, retry=retry)(self._deliver)

    async def run(self) -> None:
        """Work until cancelled, also while the database is away at times; then let the last job end."""
        while True:
            try:
                async with self._app.open_async():
                    await self._work()
            except Exception as error:  # whatever it is, a worker that only seems to be at work helps nobody
                log.warning("the queue is out of reach: %s", type(error.__cause__ or error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)

    async def sweep(self) -> None:
        """Let the jobs of dead workers be done by others."""
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD_SECONDS):
            try:
                await jobs.retry_job(job)
                log.info("job %s of a worker that is gone is done by another", job.id)
            except ConnectorException:
                log.debug("job %s is swept by another", job.id)

    async def _work(self) -> None:
        await self._app.run_worker_async(
            queues=[QUEUE],
            fetch_job_polling_interval=LOOK_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=DEAD_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    async def _deliver(self, batch: str, ids: list[int]) -> None:
        """Have the batch sent. It is the pusher's from then on; the job ends when there is room for more."""
        owner, now = self._pusher.owner, self._clock.now()
        if not await self._pusher.take(lambda session: take_batch(session, batch, ids, owner, now)):
            await self._database.write(lambda session: give_back(session, batch, now))


def _conninfo(url: str) -> str:
    """Return the database's address as libpq reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
