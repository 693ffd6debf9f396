"""What a row of the ledger stands for, as the message that is pushed."""

from __future__ import annotations

from bot.digest import Digest, Finished
from bot.render.digest import render_digest
from bot.render.message import Message
from bot.render.pausing import render_finished
from bot.render.texts import Texts, as_language


def render_content(content: Digest | Finished, language: str) -> Message:
    """Return a digest or the notice of a finished plan, in the language that the target keeps."""
    texts = Texts(as_language(language))
    return render_digest(content, texts) if isinstance(content, Digest) else render_finished(content, texts)
