"""What `rizhi doctor` looks at: each check returns a finding, and never raises."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do where it is not."""

    well: bool
    seen: str
    remedy: str = ""
