"""The card of the day: the passage of a digest as a picture."""

from __future__ import annotations

import asyncio

from sqlalchemy.orm import Session

from bot.cards import can_draw
from bot.digest import Digest, make_digest
from bot.handlers.context import Context, Tap, texts_for
from bot.handlers.replies import say_photo, toast
from bot.handlers.subscription import expired
from bot.handlers.today import readable_delivery
from bot.render.card import render_caption
from bot.render.links import PlaceLink


async def card_button(context: Context, tap: Tap, delivery_id: int, dark: int) -> None:
    """Send the digest's card. It is drawn in a thread: the loop goes on meanwhile."""
    services, texts = context.services, await texts_for(context.services, tap.asker)

    def read(session: Session) -> tuple[Digest, PlaceLink] | None:
        row = readable_delivery(session, services, tap.asker, delivery_id)
        digest = make_digest(session, delivery_id) if row else None
        if row is None or not isinstance(digest, Digest):
            return None
        return digest, PlaceLink(row.document_id or 0, row.article or 0, row.start or 0)

    found = await services.database.read(read) if can_draw() else None
    if found is None:
        await expired(context, tap)
        return
    digest, place = found
    await toast(tap)
    body = await asyncio.to_thread(draw, digest, bool(dark))
    caption = render_caption(digest, place, context.bot.username, texts, is_dark=bool(dark))
    await say_photo(context, tap.asker, body, caption)


def draw(digest: Digest, is_dark: bool) -> bytes:
    """Return the digest's card as a PNG."""
    from bot.cards.card import make_card
    from bot.cards.drawing import draw_card  # Pillow may be missing, and takes its time

    return draw_card(make_card(digest), "dark" if is_dark else "light")
