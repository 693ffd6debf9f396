"""The HTTP side: addresses, tokens, long polling, faults, the log of calls. It knows nothing of messages."""

from __future__ import annotations

import asyncio
import re
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.demo.errors import ApiError, conflict
from bot.demo.faults import Fault, Faults
from bot.demo.limits import Limits
from bot.demo.methods import METHODS
from bot.demo.methods.webhooks import read_allowed_updates
from bot.demo.model import Call, Json
from bot.demo.parameters import Parameters, read_parameters
from bot.demo.state import State
from bot.demo.woken import wait_at_most, woken

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
GET_UPDATES = "getupdates"
MAX_UPDATES = 100
MAX_POLL_SECONDS = 50
LIMITED = re.compile("(?!sendchataction)(send|copy|forward|edit)")
"""Methods (in small letters) that count as sending, edits among them."""


class Answer(JSONResponse):
    """An answer of the Bot API; `description` says why, where it is a refusal."""

    def __init__(self, result: object = None, error: ApiError | None = None) -> None:
        self.description = error.description if error else None
        self.message_id = result.get("message_id") if isinstance(result, dict) else None
        body = error.as_json() if error else {"ok": True, "result": result}
        super().__init__(body, error.code if error else 200)


class Dropped(Response):
    """No answer: the connection is closed. Logged as status 0."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the connection, and come back when the server has noticed."""
        self.status_code = 0
        scope["abort"]()
        while (await receive())["type"] != "http.disconnect":
            pass


class BotApi:
    """The Bot API over one state, for one token."""

    def __init__(self, state: State, token: str, faults: Faults, limits: Limits | None) -> None:
        self.state = state
        self.token = token
        self.faults = faults
        self.limits = limits
        self.closing = asyncio.Event()
        """Set when the server stops: whoever waits shall stop waiting."""
        self.routes: list[BaseRoute] = [
            Route("/bot{token}/{method}", self._receive, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]

    def asgi(self) -> ASGIApp:
        """Return the application to serve."""
        handlers: Any = {404: _not_found, 405: _not_found}
        return _WithAbort(Starlette(routes=self.routes, exception_handlers=handlers))

    async def _receive(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            self._check_address(request.path_params["token"], method)
            given = await read_parameters(request)
        except ApiError as error:
            return self._logged(method, {}, Answer(error=error))
        fault = self.faults.take(method, given.number("chat_id")) or Fault()
        if fault.after:
            done = await self._perform(method, given)
            answer = self._logged(method, given.values, _spoilt(fault) or done, done.message_id)
            await self._pause(fault.delay)
            return answer
        await self._pause(fault.delay)
        answer = _spoilt(fault) or await self._perform(method, given)
        return self._logged(method, given.values, answer, getattr(answer, "message_id", None))

    def _check_address(self, token: str, method: str) -> None:
        known = method.lower() in METHODS or method.lower() == GET_UPDATES
        if not TOKEN.fullmatch(token) or (token == self.token and not known):
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    async def _perform(self, method: str, given: Parameters) -> Answer:
        name = method.lower()
        try:
            if name == GET_UPDATES:
                return Answer(await self._get_updates(given))
            with self.state.lock:
                if self.limits and LIMITED.match(name):
                    may_cost = given.flag("allow_paid_broadcast")
                    self.limits.check(given.number("chat_id") or 0, may_cost=may_cost)
                return Answer(METHODS[name](self.state, given))
        except ApiError as error:
            return Answer(error=error)

    async def _pause(self, seconds: float) -> None:
        if seconds:
            await wait_at_most(seconds, self.closing)

    def _logged(self, method: str, values: Json, answer: Response, made: int | None = None) -> Response:
        if method.lower() != GET_UPDATES:
            status = 0 if isinstance(answer, Dropped) else answer.status_code
            description = getattr(answer, "description", None)
            with self.state.lock:
                self.state.calls.append(Call(method, values, status, description, self.state.now(), made))
                self.state.changed()
        return answer

    async def _get_updates(self, given: Parameters) -> list[Json]:
        state, loop = self.state, asyncio.get_running_loop()
        with state.lock:
            if state.updates.webhook:
                raise conflict(
                    "can't use getUpdates method while webhook is active; "
                    "use deleteWebhook to delete the webhook first"
                )
            read_allowed_updates(state, given)
            poll = state.updates.start_poll()
            state.changed()
        deadline = loop.time() + min(given.number("timeout") or 0, MAX_POLL_SECONDS)
        with woken(state) as wake:
            while True:
                wake.clear()
                batch = self._batch(poll, given)
                if batch or self.closing.is_set() or loop.time() >= deadline:
                    return batch
                await wait_at_most(deadline - loop.time(), wake)

    def _batch(self, poll: int, given: Parameters) -> list[Json]:
        limit = given.number("limit") or MAX_UPDATES
        with self.state.lock:
            if not self.state.updates.is_current(poll):
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            self.state.updates.confirm(given.number("offset") or 0)
            return self.state.updates.waiting[: min(limit, MAX_UPDATES)]

    async def _download(self, request: Request) -> Response:
        path = request.path_params["path"]
        try:
            self._check_address(request.path_params["token"], "getFile")
        except ApiError as error:
            return Answer(error=error)
        with self.state.lock:
            for file in self.state.files.values():
                if file.path == path:
                    return Response(file.body, media_type="application/octet-stream")
        return await _not_found(request)


def _spoilt(fault: Fault) -> Response | None:
    if fault.drop:
        return Dropped()
    if isinstance(fault.body, ApiError):
        return Answer(error=fault.body)
    return Response(fault.body, fault.status, media_type="text/html") if fault.body else None


async def _not_found(request: Request, reason: Exception | None = None) -> Response:
    return Answer(error=ApiError(404, "Not Found"))


class _WithAbort:
    """Hands the way to cut the connection down to the endpoints, which ASGI itself does not offer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["abort"] = cast(Any, send).__self__.transport.abort
        await self.app(scope, receive, send)
