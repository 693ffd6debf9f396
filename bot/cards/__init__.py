"""The card of the day: a passage as a picture that one would forward. Drawn by Pillow (extra `cards`)."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"


def can_draw() -> bool:
    """Return whether Pillow is installed."""
    return find_spec("PIL") is not None


@cache
def _characters() -> frozenset[str]:
    return frozenset((FONTS / "characters.txt").read_text(encoding="utf-8").rstrip("\n"))


def is_drawable(text: str) -> bool:
    """Return whether the font that comes with us has every character of the text."""
    return _characters().issuperset(text)
