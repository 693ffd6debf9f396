"""What every peer gets: the passages under their titles, whole and cut into words by jieba."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from content.tokens import fold, tokenize

Search = Callable[[str], list[int]]
"""From a query to the places of the first ten passages, best first."""
TOP = 10

_WORD = re.compile(r"[^\W_]+")


class NotInstalled(Exception):
    """A library that a peer needs is not there; its name is the message."""


@dataclass(frozen=True)
class Material:
    """Passages and their titles, in order: the place of each is its name."""

    texts: Sequence[str]
    titles: Sequence[str]

    @cached_property
    def written(self) -> Sequence[str]:
        """Each passage's text under its title."""
        return [f"{title}\n{text}" for title, text in zip(self.titles, self.texts, strict=True)]

    @cached_property
    def words(self) -> Sequence[Sequence[str]]:
        """The words of each."""
        return [cut(each) for each in self.written]


def cut(text: str) -> list[str]:
    """Return jieba's words of the text as it is written, in lower case, without marks."""
    tokens = (text[token.start : token.stop] for token in tokenize(text))
    return [word.lower() for token in tokens for word in _WORD.findall(token)]


def cut_folded(text: str) -> list[str]:
    """Return jieba's words of the folded text."""
    return cut(fold(text).text)


def need(library: str) -> Any:
    """Return the library; raises NotInstalled."""
    try:
        return import_module(library)
    except ImportError as error:
        raise NotInstalled(library) from error
