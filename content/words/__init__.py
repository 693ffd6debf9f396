"""Lists of words that carry no meaning of their own, written for this project: one file a use."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load_words(name: str) -> frozenset[str]:
    """Return the words of `name`.txt in this folder: blank-separated, `#` begins a comment line."""
    return frozenset(word for line in load_lines(name) for word in line.split())


def load_lines(name: str) -> list[str]:
    """Return the lines of `name`.txt in this folder that are no comments."""
    lines = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
