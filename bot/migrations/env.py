"""Alembic's environment: it gets its connection from `run.py`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import bot.attempts
import bot.feeds.models
import bot.operations
from content.models import Base, UtcDateTime

assert all((bot.attempts, bot.feeds.models, bot.operations))  # their tables and `bot.models` are the schema


def is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Migrations leave alone what `content.search` and `bot.queue_schema` look after."""
    return not (kind == "table" and (name or "").startswith(("search_", "procrastinate_")))


def render_plainly(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """New migrations name SQLAlchemy's own types, so that they outlive ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_object=is_ours,
    render_item=render_plainly,
)
with context.begin_transaction():
    context.run_migrations()
