"""The one clock. Everything that asks for the time gets one of these; nothing else looks at the system's."""

from __future__ import annotations

import datetime as dt


class Clock:
    """The system's clock, shifted by `offset` (zero but in the demo and in tests)."""

    def __init__(self, offset: dt.timedelta = dt.timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC) + self.offset

    def move_to(self, moment: dt.datetime) -> None:
        """Shift the clock so that it shows `moment` now, and runs on from there."""
        self.offset = moment - dt.datetime.now(dt.UTC)
