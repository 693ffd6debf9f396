"""The webhook: what Telegram posts is stored before it is told that it arrived; nobody else gets in."""

from __future__ import annotations

import hmac
import json
import logging

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.inbox import Body, Inbox, NotStored
from bot.settings import Settings, derive

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"
MOST_BYTES = 1_000_000
"""An update has a few thousand; Telegram's longest text is 16 KB of JSON."""


def webhook_path(settings: Settings) -> str:
    """Return the path for updates: one that nobody comes upon, since it comes from the secret."""
    return f"/telegram/{derive(settings.resolved_webhook_secret, 'path')[:32]}"


class Webhook:
    """Takes updates in for the inbox."""

    def __init__(self, inbox: Inbox, secret: str) -> None:
        self._inbox = inbox
        self._secret = secret.encode()

    async def receive(self, request: Request) -> Response:
        """Store the update and answer 200; 400 to 415 where it is none of Telegram's; 503: come again."""
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(given, self._secret):
            log.warning("someone without the secret knocks at the webhook")
            return Response(status_code=403)
        if not request.headers.get("content-type", "").startswith("application/json"):
            return Response(status_code=415)
        try:
            body = await read_at_most(request, MOST_BYTES)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        update = parse_update(body)
        if update is None:
            return Response(status_code=400)
        try:
            await self._inbox.receive([update])
        except NotStored as error:
            log.warning("%s", error)
            return Response(status_code=503)
        return Response()


async def read_at_most(request: Request, limit: int) -> bytes | None:
    """Return the body; None where it is longer, whatever its header says, and no more of it is read."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)


def parse_update(body: bytes) -> Body | None:
    """Return the update; None where it is none."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    is_number = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 63
    return update if is_number else None
