"""/export: all that is kept about the asker, as a file."""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from bot.export import Json, gather
from bot.handlers.context import Asker, Context, Tap, texts_for
from bot.handlers.replies import say_file, toast
from bot.personal import count_kept
from bot.render.privacy import export_caption
from bot.render.values import Kept

FILE_NAME = "rizhi-export.json"


async def export_command(context: Context, asker: Asker, words: str) -> None:
    """Send the file."""
    services, texts = context.services, await texts_for(context.services, asker)
    now = services.clock.now()

    def work(session: Session) -> tuple[Kept, Json]:
        return count_kept(session, asker.user_id), gather(session, asker.user_id, now)

    kept, gathered = await services.database.read(work)
    body = json.dumps(gathered, ensure_ascii=False, indent=2).encode()
    await say_file(context, asker, FILE_NAME, body, export_caption(kept, texts))


async def export_button(context: Context, tap: Tap) -> None:
    """Do what /export does."""
    await toast(tap)
    await export_command(context, tap.asker, "")
