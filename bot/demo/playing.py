"""The demo at work: the documents are read, and the real bot runs on the scene's server and clock."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from bot.database import Database
from bot.demo.library import import_library
from bot.demo.scene import Scene
from bot.render.texts import LANGUAGES, Texts
from bot.schema import open_database
from bot.settings import Settings
from bot.sources import find_files
from content.samples import FOLDER


def demo_settings(settings: Settings, scene: Scene, folder: Path) -> Settings:
    """Return the settings for the demo: those that lead out of it are replaced."""
    return settings.model_copy(
        update={
            "telegram_bot_token": SecretStr(scene.api.token),
            "telegram_api_url": scene.api.url,
            "telegram_proxy": None,
            "database_url": SecretStr(f"sqlite:///{folder / 'rizhi.db'}"),
            "admin_ids": scene.admins,
            "access": "open",
            "default_plan": None,
        }
    )


async def play(scene: Scene, settings: Settings, documents: Path | None) -> None:
    """Read the samples, then run the bot until cancelled; the person's own documents are read beside it."""
    url = settings.resolved_database_url
    database = await asyncio.to_thread(open_database, url)
    try:
        await asyncio.gather(read_samples(scene, url), asyncio.to_thread(_load_telegram))
        await asyncio.gather(keep_running(scene, settings, database), read_documents(scene, url, documents))
    finally:
        database.close()


async def read_samples(scene: Scene, url: str) -> None:
    """Read the documents that ship, the Chinese ones and the English ones as two collections."""
    found = find_files([FOLDER])
    chinese, english = (Texts(language)("collection.default") for language in LANGUAGES)
    shelved = [(english if file.name.isascii() else chinese, file) for file in found]
    await import_library(scene, url, sorted(shelved, key=lambda pair: pair[0] == english))


async def read_documents(scene: Scene, url: str, path: Path | None) -> None:
    """Read the person's own file or folder, as a collection of its name."""
    if path:
        found = await asyncio.to_thread(find_files, [path])
        await import_library(scene, url, [(path.stem, file) for file in found])


def _load_telegram() -> None:
    import bot.app  # takes half a second, and the page is there already

    assert bot.app


async def keep_running(scene: Scene, settings: Settings, database: Database) -> None:
    """Run the bot whenever the page wants it to."""
    loop, wanted, stopped = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    wanted.set()

    def call(on: bool) -> None:
        (wanted if on else stopped).set()
        (stopped if on else wanted).clear()

    def call_from_any_thread(on: bool) -> None:
        loop.call_soon_threadsafe(call, on)

    scene.call_bot = call_from_any_thread
    while True:
        await wanted.wait()
        scene.set_bot("starting")
        await run_until(stopped, scene, settings, database)
        scene.set_bot("stopped")


async def run_until(stopped: asyncio.Event, scene: Scene, settings: Settings, database: Database) -> None:
    """Run the bot until it shall stop."""
    from bot.app import running

    async with running(settings, database, scene.clock) as application:
        scene.set_bot("running")
        polling = application.bot_data["services"].polling
        told = asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait({polling, told}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
    with suppress(asyncio.CancelledError):
        polling.result()
