"""The demo's documents: imported in a child process, so that the chat answers at once meanwhile."""

from __future__ import annotations

from bot.child import ChildFailed, run_in_child
from bot.clock import Clock
from bot.demo.scene import Scene
from bot.imports import Importer
from bot.limits import prepare_bounded
from bot.schema import open_database
from bot.sources import Found

Shelved = tuple[str, Found]
"""A file, and before it the collection that it goes into."""
Read = tuple[str, str | None]
"""A document's name, and why it could not be read."""

FILES_A_CHILD = 10
"""Files that one child reads: after each lot the page says how far it has come."""
SECONDS_A_CHILD = 600.0
"""How long a lot may take."""


async def import_library(scene: Scene, url: str, found: list[Shelved]) -> None:
    """Import the files into their collections, in this order, and note in the scene how it goes."""
    scene.expect(len(found))
    for first in range(0, len(found), FILES_A_CHILD):
        for name, problem in await _read_lot(url, found[first : first + FILES_A_CHILD]):
            scene.note_document(name, problem)


async def _read_lot(url: str, lot: list[Shelved]) -> list[Read]:
    try:
        return await run_in_child(SECONDS_A_CHILD, import_lot, url, lot)
    except ChildFailed as error:
        return [(file.name, str(error)) for _, file in lot]


def import_lot(url: str, lot: list[Shelved]) -> list[Read]:
    """Import some files, in the child."""
    database = open_database(url)
    try:
        now = Clock().now()
        outcomes = [
            Importer(database, shelf, "public", now, prepare_bounded).import_file(file) for shelf, file in lot
        ]
        return [(outcome.name, outcome.error) for outcome in outcomes]
    finally:
        database.close()
