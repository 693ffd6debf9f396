"""What an engine is asked, in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Found(NamedTuple):
    """A statement that finds passages: SQL with one column, `id`, and its parameters."""

    sql: str
    values: Mapping[str, Any]
