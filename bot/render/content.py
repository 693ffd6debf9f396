"""What a row of the ledger stands for, as the message that is pushed."""

from __future__ import annotations

from bot.digest import Digest, Finished
from bot.render.digest import render_digest
from bot.render.message import Message
from bot.render.pausing import render_finished, render_shut
from bot.render.texts import Texts, as_language
from bot.render.values import Shut


def render_content(content: Digest | Finished | Shut, language: str) -> Message:
    """Return a digest, or a notice that takes its place, in the language that the target keeps."""
    texts = Texts(as_language(language))
    match content:
        case Digest():
            return render_digest(content, texts)
        case Finished():
            return render_finished(content, texts)
        case Shut():
            return render_shut(content, texts)
