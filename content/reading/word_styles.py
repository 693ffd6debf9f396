"""How a Word file says that a paragraph looks: its own properties, and those of the styles it follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from content.reading.archive import attribute, child, children
from content.reading.markup import Element

DEEPEST = 20
"""Styles build on each other; a chain that is longer runs in a circle."""

HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
TITLE_NAME = re.compile(r"title|标题|標題", re.IGNORECASE)
CONTENTS_NAME = re.compile(r"(?:toc|目录|目錄)(?:\s*(?:\d|heading|标题))?", re.IGNORECASE)
OFF = ("0", "false", "none", "off")
BODY_LEVEL = 9
"""The outline level of what is no heading."""

LEVELS = 6


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a paragraph besides its text."""

    level: int
    """1 to 6 for a heading, otherwise 0."""
    is_title: bool
    """True for the title of the whole document."""
    is_contents: bool
    """True for a line of the table of contents."""
    centred: bool
    bold: bool
    size: float
    """In points; 0 where it is not told."""
    number: tuple[str, int] | None
    """The list and the depth in it, from 0."""


class Styles:
    """The styles of a document, by id."""

    def __init__(self, root: Element | None) -> None:
        self.styles = {attribute(style, "styleId") or "": style for style in children(root, "style")}
        paragraphs = (each for each in self.styles.values() if attribute(each, "type") == "paragraph")
        self.usual = next((e for e in paragraphs if attribute(e, "default") in ("1", "true")), None)

    def lists(self) -> dict[str, str]:
        """Return the list that each style for lists stands for."""
        found = {
            name: attribute(child(style, "pPr", "numPr", "numId"), "val")
            for name, style in self.styles.items()
        }
        return {name: list_id for name, list_id in found.items() if list_id}

    def look(self, properties: Element | None) -> Look:
        """Return how a paragraph with these properties looks."""
        chain = [properties, *self._chain(attribute(child(properties, "pStyle"), "val"))]
        names = [attribute(child(style, "name"), "val") or "" for style in chain[1:] if style is not None]
        runs = [child(style, "rPr") for style in chain[1:]]
        paragraphs = [properties, *(child(style, "pPr") for style in chain[1:])]
        return Look(
            level=_level(paragraphs, names),
            is_title=bool(names) and TITLE_NAME.fullmatch(names[0]) is not None,
            is_contents=bool(names) and CONTENTS_NAME.fullmatch(names[0]) is not None,
            centred=_first(paragraphs, "jc") == "center",
            bold=_is_on(runs, "b"),
            size=_size(runs),
            number=_number(paragraphs),
        )

    def _chain(self, name: str | None) -> Iterator[Element]:
        """Yield the style and those that it builds on."""
        style = self.styles.get(name or "", self.usual)
        for _ in range(DEEPEST):
            if style is None:
                return
            yield style
            style = self.styles.get(attribute(child(style, "basedOn"), "val") or "")


def run_look(properties: Element | None) -> Mapping[str, float | bool | None]:
    """Return what a run's own properties say: bold (None where nothing), size in points, hidden."""
    own = [properties]
    return {
        "bold": None if child(properties, "b") is None else _is_on(own, "b"),
        "size": _size(own),
        "hidden": _is_on(own, "vanish"),
    }


def _first(chain: list[Element | None], *path: str) -> str | None:
    """Return the value at the path of the first in the chain that has one."""
    values = (attribute(child(each, *path), "val") for each in chain)
    return next((value for value in values if value is not None), None)


def _is_on(chain: list[Element | None], name: str) -> bool:
    switch = next((found for each in chain if (found := child(each, name)) is not None), None)
    return switch is not None and attribute(switch, "val") not in OFF


def _size(chain: list[Element | None]) -> float:
    halves = _first(chain, "sz") or ""
    return float(halves) / 2 if re.fullmatch(r"\d{1,4}(?:\.\d+)?", halves) else 0.0


def _level(chain: list[Element | None], names: list[str]) -> int:
    stated = _first(chain, "outlineLvl")
    if stated is not None and re.fullmatch(r"\d", stated):
        return min(int(stated) + 1, LEVELS) if int(stated) < BODY_LEVEL else 0
    named = next((found for name in names if (found := HEADING_NAME.fullmatch(name))), None)
    return min(int(named[1]), LEVELS) if named else 0


def _number(chain: list[Element | None]) -> tuple[str, int] | None:
    """Return the list and the depth; the number 0 takes a paragraph out of the list of its style."""
    list_id = _first(chain, "numPr", "numId")
    depth = _first(chain, "numPr", "ilvl") or "0"
    if list_id in (None, "0") or not re.fullmatch("[0-8]", depth):
        return None
    return str(list_id), int(depth)
