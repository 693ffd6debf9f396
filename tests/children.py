"""Child processes that begin at once: forked from one that has imported what they need.

A new interpreter with it all takes two seconds; `tests/bot/test_child.py` begins some so, as the bot does.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext

import pytest

import bot.child

NEEDED = ["bot.uploads", "bot.proposals", "bot.feeds.schedule", "bot.limits", "tests.warm"]


@contextmanager
def begun_by(context: BaseContext) -> Iterator[None]:
    """Let children be begun in this way until the end of the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.child, "SPAWN", context)
        yield


def quick_context() -> BaseContext:
    """Return the way that is quick."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(NEEDED)
    return context
