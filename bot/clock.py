"""The one clock. Everything that asks for the time gets one of these; nothing else looks at the system's."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """The system's clock, shifted by `offset` (zero but in the demo and in tests)."""

    def __init__(self, offset: dt.timedelta = dt.timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC) + self.offset

    def seconds(self) -> float:
        """Return seconds to measure distances by: nothing but a move sets them back."""
        return time.monotonic() + self.offset.total_seconds()

    def move_to(self, moment: dt.datetime) -> None:
        """Shift the clock so that it shows `moment` now, and runs on from there."""
        self.offset = moment - dt.datetime.now(dt.UTC)
