"""A Bot API server on this machine: start it, point the bot at its `url`, and be its users.

with BotApiServer() as api:
    ann = api.user("Ann")
    ann.send("hello")
    print(api.wait_for_message(ann).text)
"""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType

import uvicorn

from bot.clock import Clock
from bot.demo.application import BotApi
from bot.demo.delivering import Delivering
from bot.demo.faults import Faults
from bot.demo.limits import Limits
from bot.demo.model import Call, ChatType, Json, Message, Person, Toast
from bot.demo.people import HasId, User
from bot.demo.profile import scope_key
from bot.demo.rooms import Room
from bot.demo.state import State
from bot.demo.waiting import Waiting

TOKEN = "7000000001:local-server-token-opens-nothing-else"
SHUTDOWN_SECONDS = 2
SYSTEM = Clock()


def _listen(port: int) -> socket.socket:
    """The protocol is named so that asyncio sees TCP and sends at once; without it an answer takes 40 ms."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


class BotApiServer(Waiting):
    """One bot's Telegram, in memory, on 127.0.0.1. Its verbs may be called from any thread.

    `now` dates the messages; `privacy` is the bot's privacy mode in groups; with `limits` it counts what is
    sent as Telegram does and answers 429. `faults` says what shall go wrong (see `bot.demo.faults`).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        username: str = "rizhi_bot",
        now: Callable[[], dt.datetime] = SYSTEM.now,
        privacy: bool = True,
        limits: bool = False,
    ) -> None:
        bot = Person(int(token.partition(":")[0]), "Rizhi", username=username, is_bot=True)
        self.state = State(bot, now, privacy)
        self.token = token
        self.faults = Faults()
        self.api = BotApi(self.state, token, self.faults, Limits() if limits else None)
        self.port = port
        self._thread: threading.Thread | None = None
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """Where the server listens; the Bot API is at {url}/bot<token>/, files at {url}/file/bot<token>/."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> BotApiServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, on a free port unless one was given, and serve in a thread. Raises OSError: port taken."""
        listener = _listen(self.port)
        self.port = listener.getsockname()[1]
        self.api.closing = asyncio.Event()
        self._server = uvicorn.Server(
            uvicorn.Config(
                self.api.asgi(),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        started = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, started)), name="bot-api", daemon=True
        )
        self._thread.start()
        started.wait()

    async def _serve(self, listener: socket.socket, started: threading.Event) -> None:
        assert self._server
        self._loop = asyncio.get_running_loop()
        delivering = asyncio.create_task(Delivering(self.state).run())
        started.set()
        await self._server.serve(sockets=[listener])
        delivering.cancel()
        await asyncio.wait({delivering})

    def stop(self) -> None:
        """End what waits, close all connections, and return when the thread is gone; the state stays."""
        if not (self._thread and self._server and self._loop):
            return
        self._loop.call_soon_threadsafe(self.api.closing.set)
        with self.state.lock:
            self.state.changed()
        self._server.should_exit = True
        self._thread.join()
        self._thread = self._server = self._loop = None

    def user(self, first_name: str, language_code: str | None = None, user_id: int | None = None) -> User:
        """Return a new user, who has not yet written to the bot."""
        with self.state.lock:
            return User(self.state, self.state.add_person(first_name, language_code, user_id))

    def group(
        self, title: str, members: Iterable[User], *, supergroup: bool = False, forum: bool = False
    ) -> Room:
        """Return a new group with the bot in it; the first member owns it. A forum is a supergroup."""
        kind: ChatType = "supergroup" if supergroup or forum else "group"
        room = self._room(kind, title, members, forum)
        room.add_bot()
        return room

    def channel(self, title: str, members: Iterable[User], *, username: str | None = None) -> Room:
        """Return a new channel with the bot as an admin; the first member owns it."""
        room = self._room("channel", title, members)
        room.chat.username = username
        room.add_bot(admin=True)
        return room

    def _room(self, kind: ChatType, title: str, members: Iterable[User], forum: bool = False) -> Room:
        with self.state.lock:
            chat = self.state.add_chat(kind, title, forum)
            chat.members = {user.id: "member" for user in members}
            for owner in list(chat.members)[:1]:
                chat.members[owner] = "creator"
            return Room(self.state, chat)

    def transcript(self, chat: HasId) -> list[Message]:
        """Return the messages of a chat as they now are, oldest first."""
        with self.state.lock:
            return self._messages(chat)

    def latest(self, message: Message) -> Message | None:
        """Return the message as it now is, None if it was deleted."""
        with self.state.lock:
            return self.state.chats[message.chat_id].messages.get(message.message_id)

    def toasts(self, user: User | None = None) -> list[Toast]:
        """Return how the bot answered presses, of one user or of all."""
        with self.state.lock:
            return [toast for toast in self.state.toasts if user is None or toast.user_id == user.id]

    def calls(self, method: str | None = None, chat: HasId | None = None) -> list[Call]:
        """Return the requests that the bot made, getUpdates left out; of one method, about one chat."""
        with self.state.lock:
            return [
                call
                for call in self.state.calls
                if (method is None or call.method.lower() == method.lower())
                and (chat is None or call.chat_id == chat.id)
            ]

    def commands(self, scope: Json | None = None, language: str = "") -> list[Json]:
        """Return the commands that the bot set for this scope and language."""
        with self.state.lock:
            return self.state.profile.commands.get((scope_key(scope or {"type": "default"}), language), [])
