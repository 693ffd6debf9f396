"""What the bot says, by key and language: the only reader of `bot/locales/*.json`.

A catalogue is one flat object: dotted key → text with {named} fields, or an object of plural forms that the
field `n` chooses from. A key or field that is missing is a mistake in the code and raises KeyError.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Literal

from bot.render.markup import Html, escape

Language = Literal["zh-Hans", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-Hans", "en")
FOLDER = Path(__file__).parents[1] / "locales"
Text = str | dict[str, str]


@cache
def read_catalogue(language: Language) -> dict[str, Text]:
    """Return the texts of a language: key → text, or key → plural form → text."""
    path = FOLDER / f"{language.replace('-', '_')}.json"
    catalogue: dict[str, Text] = json.loads(path.read_text(encoding="utf-8"))
    return catalogue


class Texts:
    """The texts of one language: `texts("count.passages", n=3)`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalogue = read_catalogue(language)

    def __call__(self, key: str, **fields: object) -> str:
        """Return the text as plain text: for buttons, toasts and copies."""
        return self._form(key, fields).format(**fields)

    def html(self, key: str, **fields: object) -> Html:
        """Return the text as HTML: its own tags stay, its fields are escaped unless they are Html."""
        return Html(self._form(key, fields).format(**{name: escape(value) for name, value in fields.items()}))

    def _form(self, key: str, fields: dict[str, object]) -> str:
        text = self._catalogue[key]
        return text if isinstance(text, str) else text[plural_form(self.language, fields["n"])]


def plural_form(language: Language, n: object) -> str:
    """Return the plural form for `n`: “one” for 1 in English, otherwise “other” (Unicode CLDR's rules)."""
    return "one" if language == "en" and n == 1 else "other"


def as_language(name: str) -> Language:
    """Return the language of that name, as the database keeps it; ValueError where there is none."""
    return LANGUAGES[LANGUAGES.index(name)]


def language_of(language_code: str | None, default: Language) -> Language:
    """Return our language for Telegram's `language_code` (an IETF tag, which clients may leave out)."""
    if not language_code:
        return default
    return "zh-Hans" if language_code.lower().split("-")[0] == "zh" else "en"
