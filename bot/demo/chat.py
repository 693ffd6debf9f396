"""The chat page's HTTP: its files, one stream of news for every open page, and what a person does there.

Only pages that came from this server may ask for anything: other sites' are told apart by Host and Origin.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.demo.actions import ACTIONS, chat_of, user_of
from bot.demo.model import Json
from bot.demo.scene import Scene
from bot.demo.shown import Shown
from bot.demo.woken import wait_at_most, woken

PAGE = Path(__file__).with_name("page")
MAX_FILE_BYTES = 50_000_000
BEAT_SECONDS = 15
"""A stream that has nothing to say says so this often: a connection that is gone is noticed."""
RULES = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
"""Headers of all that the page is made of."""

Endpoint = Callable[[Request], Awaitable[Response]]


class PageFiles(StaticFiles):
    """The page's files, with the headers that keep other people's scripts out."""

    async def get_response(self, path: str, scope: Any) -> Response:
        """Return the file."""
        response = await super().get_response(path, scope)
        response.headers.update(RULES)
        return response


class ChatPage:
    """The page over one scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.routes = [
            Route("/", self._page),
            Mount("/page", PageFiles(directory=PAGE)),
            Route("/chat/news", self._own(self._news)),
            Route("/chat/files/{file_id}", self._own(self._download)),
            Route("/chat/upload", self._own(self._upload), methods=["POST"]),
            Route("/chat/{action}", self._own(self._act), methods=["POST"]),
        ]

    def _own(self, endpoint: Endpoint) -> Endpoint:
        """Let only this server's own pages through, whatever name a foreign page gives this machine."""

        async def checked(request: Request) -> Response:
            port = self.scene.api.port
            hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
            origin = request.headers.get("origin", "").removeprefix("http://")
            if request.headers.get("host") not in hosts or (origin and origin not in hosts):
                return JSONResponse({"error": "not this page's"}, 403)
            return await endpoint(request)

        return checked

    async def _page(self, request: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers=RULES)

    async def _news(self, request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        closing, shown, event = self.scene.api.api.closing, Shown(self.scene), "everything"
        yield "retry: 500\n\n"
        with woken(self.scene.api.state) as wake:
            while not closing.is_set():
                wake.clear()
                news = shown.news()
                yield f"event: {event}\ndata: {json.dumps(news, ensure_ascii=False)}\n\n" if news else ":\n\n"
                event = "news"
                await wait_at_most(BEAT_SECONDS, wake)

    async def _act(self, request: Request) -> Response:
        action = ACTIONS.get(request.path_params["action"])
        if action is None or not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "no such action"}, 404)
        try:
            asked: Json = await request.json()
            with self.scene.api.state.lock:
                return JSONResponse(action(self.scene, asked))
        except (LookupError, ValueError, TypeError, AttributeError, OverflowError) as error:
            return JSONResponse({"error": str(error)}, 400)

    async def _upload(self, request: Request) -> Response:
        async with request.form() as form:
            file = form.get("file")
            if file is None or isinstance(file, str):
                return JSONResponse({"error": "a file is missing"}, 400)
            if (file.size or 0) > MAX_FILE_BYTES:
                return JSONResponse({"error": "the file is too large"}, 413)
            body, asked = await file.read(), dict(form)
        try:
            with self.scene.api.state.lock:
                sent = user_of(self.scene, asked).send_document(
                    file.filename or "file", body, chat_of(self.scene, asked)
                )
        except (LookupError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"message": sent.message_id})

    async def _download(self, request: Request) -> Response:
        with self.scene.api.state.lock:
            file = self.scene.api.state.files.get(request.path_params["file_id"])
        if file is None:
            return JSONResponse({"error": "no such file"}, 404)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
        return Response(file.body, media_type=file.mime_type, headers=headers)
