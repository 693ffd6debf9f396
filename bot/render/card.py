"""What stands around a card: the button that makes it, and the caption it goes out with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render.citation import titled
from bot.render.digest import HEADING_UNITS
from bot.render.links import PlaceLink, link_url
from bot.render.markup import bold, join, shorten
from bot.render.message import Message, press
from bot.render.texts import Texts

if TYPE_CHECKING:
    from bot.digest import Digest


def offer_card(message: Message, digest: Digest, texts: Texts, can_draw: bool) -> Message:
    """Return the digest's message, with a button for its card once it is read: then one may pass it on."""
    if not (digest.is_read and can_draw):
        return message
    return Message(
        message.text, (*message.buttons, (press(texts("button.card"), "card", digest.delivery_id, 0),))
    )


def render_caption(
    digest: Digest, place: PlaceLink, username: str, texts: Texts, *, is_dark: bool
) -> Message:
    """Return the caption: the title and a link to read on, and a button for the other colours."""
    title = titled(shorten(digest.title, HEADING_UNITS), texts)
    link = texts("card.link", url=link_url(place, username))
    other = texts("button.card_light" if is_dark else "button.card_dark")
    return Message(
        join("\n", [bold(title), link]), ((press(other, "card", digest.delivery_id, 0 if is_dark else 1),),)
    )
