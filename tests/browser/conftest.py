"""The demo with the real bot, and a browser that looks at it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.database import Database
from bot.demo.chat import ChatPage
from bot.demo.model import Message
from bot.demo.people import User
from bot.demo.playing import demo_settings, keep_running
from bot.demo.scene import Scene
from bot.demo.server import BotApiServer
from bot.settings import Settings
from tests.acceptance.conftest import journal
from tests.conftest import NOW

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

__all__ = ["journal"]

PATIENCE_MS = 30_000
"""For a slow machine."""
sync_api.expect.set_options(timeout=PATIENCE_MS)

CHROMIUM = Path("/usr/bin/chromium")
"""Debian's; playwright's own download is not needed."""
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
XIAO_LIN, ANN, CURATOR = 5100000001, 5100000002, 5100000003
"""The demo's people."""

Open = Callable[..., Any]


@contextmanager
def bot_beside(scene: Scene, settings: Settings, database: Database) -> Iterator[None]:
    """Run the bot in a thread, until the end of the block."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(keep_running(scene, settings, database))

    def run() -> None:
        loop.run_until_complete(asyncio.wait([task]))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


class Demo:
    """The demo as a test sees it: what the server knows, beside what the page shows."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.api = scene.api

    def user(self, number: int) -> User:
        """Return one of the people."""
        return self.scene.users[number]

    def said(self, number: int = XIAO_LIN) -> list[Message]:
        """Return what the bot said to this person."""
        return [message for message in self.api.transcript(self.user(number)) if message.by_bot]


@pytest.fixture
def demo(journal: Database, tmp_path: Path) -> Iterator[Demo]:
    """The demo on a Monday at 08:00 in Shanghai, with one plan of twelve passages."""
    with demo_over(journal, tmp_path) as demo:
        yield demo


@contextmanager
def demo_over(database: Database, folder: Path) -> Iterator[Demo]:
    """Run the demo over a database, on a Monday at 08:00 in Shanghai."""
    clock = Clock()
    clock.move_to(NOW)
    with BotApiServer(now=clock.now) as api:
        scene = Scene(api, clock, "Asia/Shanghai", "07:30")
        scene.enter()
    api.api.routes[:0] = ChatPage(scene).routes
    with api, bot_beside(scene, demo_settings(Settings(), scene, folder), database):
        api.wait_for(lambda: scene.bot == "running")
        yield Demo(scene)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium; it is gone before the next module, whose tests may want the event loop."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, demo: Demo) -> Iterator[Open]:
    """Open the demo's page, in a browser of this test's own; what the page complains of fails the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_page(address: str = "", *, beside: Any = None, **options: Any) -> Any:
        if beside is None:
            contexts.append(browser.new_context(**{"viewport": DESKTOP, "locale": "zh-CN"} | options))
        page = (beside.context if beside else contexts[-1]).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{demo.api.url}/{address}")
        page.wait_for_selector(".entry", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [said for said in complaints if "ERR_" not in said] == []
