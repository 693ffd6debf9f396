"""What a button does: short, versioned callback data, and nothing but numbers in it.

Whether the numbers still mean something, and whether the presser may use them, the edge looks up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ARGUMENTS: dict[str, tuple[str, ...]] = {
    # under a digest
    "read": ("delivery",),
    "next": ("delivery",),
    "context": ("delivery",),
    "word": ("delivery", "index"),  # search for the digest's keyword number `index`
    "card": ("delivery", "dark"),  # the passage as a picture; `dark` is 0 or 1
    # around a place in the corpus
    "place": ("document", "article", "start"),
    # a search: its session's id, pages from 0
    "results": ("search", "page"),
    "hit": ("search", "passage", "page"),  # `page` is where “back to the results” leads
    "page": ("page", "pages"),  # the pager's middle: only says where one is
    "suggestion": ("search", "index"),
    "by_document": ("search", "page"),  # what to narrow it to
    "by_year": ("search", "page"),
    "in_document": ("search", "document"),
    "any_document": ("search",),
    "in_year": ("search", "year"),  # 0 for articles without a date
    "any_year": ("search",),
    "in_order": ("search", "by_date"),  # 0 or 1
    "save": ("search", "page"),
    "unsave": ("search", "page"),
    # a reader's saved searches
    "searches": (),
    "saved": ("saved",),
    "tidy": (),
    "drop_saved": ("saved",),
    # subscribing
    "plans": ("page",),
    "subscribe": ("plan",),
    "undo": ("subscription",),
    # a reader's own plans; pages from 0
    "my_plans": (),
    "plan": ("subscription",),
    "switches": ("subscription", "page"),
    "switch": ("subscription", "plan"),
    # what is kept about a reader
    "export": (),
    "forget": (),
    "forget_now": (),
    "forget_not": (),
    # a document that an admin sent
    "upload_import": ("upload",),
    "upload_cancel": ("upload",),
    # documents and their articles, for admins; an article's id is another one after each change
    "docs": ("page",),
    "doc": ("document", "page", "doubtful"),  # 1 for only those articles that are in doubt
    "doc_article": ("document", "article"),
    "doc_merge": ("document", "article"),
    "doc_paragraphs": ("document", "article", "page"),
    "doc_split": ("document", "article", "paragraph"),  # the title is typed, or:
    "doc_split_here": ("document", "article", "paragraph"),
    "doc_retitle": ("document", "article"),  # the title is typed
    "doc_redate": ("document", "article"),  # the date is typed, or:
    "doc_undate": ("document", "article"),
    "doc_undo": ("document",),
    "doc_recut": ("document",),
    "doc_apply": ("proposal",),
    "doc_drop": ("proposal",),
    "doc_remove": ("document",),
    "doc_remove_now": ("document",),
    # commands, once it is clear for which subscription
    "today": ("subscription",),
    "ahead": ("subscription",),
    "settings": ("subscription",),
    "pause": ("subscription",),
    "stop": ("subscription",),
    # settings: the pages, and what is chosen on them
    "times": ("subscription",),
    "set_time": ("subscription", "minute"),
    "zones": ("subscription",),
    "set_zone": ("subscription", "index"),  # in moments.COMMON_ZONES
    "weekdays": ("subscription",),
    "set_weekdays": ("subscription", "mask"),  # all seven bits, so that two taps do what one does
    "lengths": ("subscription",),
    "set_length": ("subscription", "index"),  # in moments.LENGTH_NAMES
    "languages": ("subscription",),
    "set_language": ("subscription", "index"),  # in texts.LANGUAGES
    # pausing, stopping, the end of a plan
    "pause_days": ("subscription", "days"),
    "pause_date": ("subscription",),  # the date is typed
    "pause_until": ("subscription", "day"),  # proleptic Gregorian ordinal, as of datetime.date
    "pause_open": ("subscription",),  # until resumed
    "resume": ("subscription",),
    "stop_now": ("subscription",),
    "keep": ("subscription",),
    "again": ("subscription",),
}
"""Every action and what its numbers are, in order. A subscription of 0 means: of this chat, whichever."""

VERSION = "1"
MAX_DATA_BYTES = 64
"""Telegram's limit for callback data."""
MAX_NUMBER = 10**15 - 1
"""15 digits: three of them and the longest name stay within `MAX_DATA_BYTES`."""
DATA = re.compile(r"1:([a-z_]{1,14})((?::(?:0|[1-9][0-9]{0,14}))*)")


@dataclass(frozen=True)
class Action:
    """A button's meaning: a name of `ARGUMENTS` and its numbers. ValueError for anything else."""

    name: str
    numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not _is_known(self.name, self.numbers):
            raise ValueError(f"there is no action {self.name} with {len(self.numbers)} numbers")
        if not all(0 <= number <= MAX_NUMBER for number in self.numbers):
            raise ValueError("numbers in callback data have up to 15 digits")


def encode(action: Action) -> str:
    """Return the action as callback data: at most `MAX_DATA_BYTES` of ASCII."""
    return ":".join([VERSION, action.name, *map(str, action.numbers)])


def decode(data: str) -> Action | None:
    """Return the action that callback data stands for; None where an older or a foreign hand made it."""
    match = DATA.fullmatch(data)
    if match is None:
        return None
    numbers = tuple(int(number) for number in match[2].split(":")[1:])
    return Action(match[1], numbers) if _is_known(match[1], numbers) else None


def _is_known(name: str, numbers: tuple[int, ...]) -> bool:
    return name in ARGUMENTS and len(ARGUMENTS[name]) == len(numbers)
