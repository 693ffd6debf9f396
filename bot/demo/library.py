"""The demo's documents: imported in a child process, so that the chat answers at once meanwhile."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.pool import Pool

from bot.clock import Clock
from bot.demo.scene import Scene
from bot.imports import Found, Importer
from bot.schema import open_database

Read = tuple[str, str | None]
"""A document's name, and why it could not be read."""


@contextmanager
def child_process() -> Iterator[Pool]:
    """Yield a pool of one child, which is ended at the end, whatever it is at."""
    pool = multiprocessing.get_context("spawn").Pool(1, _leave_stopping_to_the_parent)
    try:
        yield pool
    finally:
        pool.terminate()
        pool.join()


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


async def import_library(scene: Scene, pool: Pool, url: str, collection: str, found: list[Found]) -> None:
    """Import the files into the collection, and note in the scene how it goes."""
    scene.expect(len(found))
    for file in found:
        scene.note_document(*await _in_child(pool, url, collection, file))


async def _in_child(pool: Pool, url: str, collection: str, file: Found) -> Read:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Read] = loop.create_future()
    pool.apply_async(
        import_one,
        (url, collection, file),
        callback=lambda read: loop.call_soon_threadsafe(done.set_result, read),
        error_callback=lambda error: loop.call_soon_threadsafe(done.set_result, (file.name, str(error))),
    )
    return await done


def import_one(url: str, collection: str, file: Found) -> Read:
    """Import one file, in the child."""
    database = open_database(url)
    try:
        outcome = Importer(database, collection, "public", Clock().now()).import_file(file)
        return outcome.name, outcome.error
    finally:
        database.close()
