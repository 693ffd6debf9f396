"""The catalogues: both languages say the same things, and the code says nothing but what is in them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot.demo.entities import parse_html
from bot.render.moments import LENGTH_NAMES
from bot.render.texts import FOLDER, LANGUAGES, Language, Text, Texts, language_of, read_catalogue
from content.models import LENGTHS

BOT = Path(__file__).parents[2] / "bot"
HAN = re.compile("[\u3400-\u9fff]")
CHINESE_IN_CODE = {
    BOT / "cards" / "drawing.py",  # the mark of the bot
    BOT / "typed.py",  # reads what people type
    BOT / "checks" / "machine.py",  # tries out the cutting of words
}
PLURALS = {"zh-Hans": {"other"}, "en": {"one", "other"}}


def _forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in [*BOT.rglob("*.py"), BOT.parent / "content" / "errors.py"]:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the string literals that are not docstrings."""
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node


def _unused_keys() -> set[str]:
    """Return the keys that no literal of the code is, nor could become (as in f"weekday.{n}")."""
    used: set[str] = set()
    patterns: list[str] = []
    for _, tree in _sources():
        used |= {node.value for node in _strings(tree) if isinstance(node.value, str)}
        joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        patterns += ["".join(map(_pattern, node.values)) for node in joined]
    keyed = [re.compile(pattern) for pattern in patterns if re.match(r"[a-z]+\\\.", pattern)]
    keys = set(read_catalogue("en")) - used
    return {key for key in keys if not any(pattern.fullmatch(key) for pattern in keyed)}


def _pattern(part: ast.expr) -> str:
    return (
        re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else "[^.]+"
    )


def _calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """Yield each call `texts("key", …)`, `render_notice(texts, "key", …)`, `toast(texts, "key", …)`."""
    for path, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (key := _key_of(node)):
                yield path, node, key


def _key_of(call: ast.Call) -> str | None:
    spoken = ast.unparse(call.func).removesuffix(".html").split(".")[-1]
    at = {"texts": 0, "render_notice": 1, "toast": 1, "toast_text": 1}.get(spoken)
    if at is None or len(call.args) <= at or not isinstance(call.args[at], ast.Constant):
        return None
    return str(ast.literal_eval(call.args[at]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_flat_sorted_and_has_its_languages_plural_forms(language: Language) -> None:
    raw = (FOLDER / f"{language.replace('-', '_')}.json").read_text(encoding="utf-8")
    catalogue = read_catalogue(language)

    assert raw == json.dumps(catalogue, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    for key, text in catalogue.items():
        assert re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)*", key), key
        assert all(_forms(text)), key
        assert isinstance(text, str) or set(text) == PLURALS[language], key


def test_both_languages_have_every_key_with_the_same_fields() -> None:
    chinese, english = read_catalogue("zh-Hans"), read_catalogue("en")

    assert set(chinese) == set(english)
    for key, text in chinese.items():
        fields = {frozenset(_fields(form)) for form in [*_forms(text), *_forms(english[key])]}
        without_count = {form - {"n"} for form in fields}
        assert len(without_count) == 1, key
        assert isinstance(text, str) is isinstance(english[key], str), key


def test_english_speaks_no_chinese() -> None:
    assert not [key for key, text in read_catalogue("en").items() if HAN.search("".join(_forms(text)))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_html_that_telegram_accepts(language: Language) -> None:
    for text in read_catalogue(language).values():
        for form in _forms(text):
            parse_html(form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_toast_fits_whatever_it_names(language: Language) -> None:
    longest = {"name": "𠮷" * 16, "page": 10**9, "pages": 10**9, "most": 10**9}
    toasts = [key for key in read_catalogue(language) if key.startswith("toast.")]

    assert toasts
    assert all(len(Texts(language)(key, **longest).encode("utf-16-le")) <= 2 * 200 for key in toasts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_the_cuts_say_their_length(language: Language) -> None:
    assert tuple(LENGTHS) == LENGTH_NAMES
    assert all(f" {units} " in Texts(language)(f"length.{name}") for name, units in LENGTHS.items())


def test_the_code_asks_for_keys_that_exist_with_the_fields_they_have() -> None:
    catalogue = read_catalogue("en")
    for path, call, key in _calls():
        where = f"{path.name}:{call.lineno} {key}"
        assert key in catalogue, where
        given = {keyword.arg for keyword in call.keywords}
        counted = set() if isinstance(catalogue[key], str) else {"n"}
        wanted = set().union(*map(_fields, _forms(catalogue[key]))) | counted
        assert None in given or given == wanted, where


def test_no_text_is_left_over() -> None:
    assert not _unused_keys()


def test_no_sentence_for_people_stands_in_the_code() -> None:
    for path, tree in _sources():
        han = [node.value for node in _strings(tree) if HAN.search(str(node.value))]
        assert path in CHINESE_IN_CODE or not han, (path, han)


@pytest.mark.parametrize(
    ("language_code", "language"),
    [
        ("zh", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("ZH-CN", "zh-Hans"),
        ("en", "en"),
        ("de", "en"),
        ("zha", "en"),
    ],
)
def test_a_reader_is_spoken_to_in_his_clients_language(language_code: str, language: Language) -> None:
    assert language_of(language_code, "zh-Hans") == language_of(language_code, "en") == language


@pytest.mark.parametrize("nothing", [None, ""])
def test_who_says_no_language_gets_the_default(nothing: str | None) -> None:
    assert language_of(nothing, "en") == "en"
    assert language_of(nothing, "zh-Hans") == "zh-Hans"


def test_counts_agree_with_their_number() -> None:
    english = Texts("en")

    assert [english("count.passages", n=n) for n in (0, 1, 2)] == ["0 passages", "1 passage", "2 passages"]
    assert Texts("zh-Hans")("count.passages", n=1) == "1 段"


def test_a_missing_key_or_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts("en")("no.such.key")
    with pytest.raises(KeyError):
        Texts("en")("count.passages")
    with pytest.raises(KeyError):
        Texts("en")("error.time")


def test_fields_are_escaped_in_html_and_left_alone_in_plain_text() -> None:
    texts = Texts("en")

    assert "<b>&amp;" not in texts("error.time", typed="<b>&")
    assert "“&lt;b&gt;&amp;”" in texts.html("error.time", typed="<b>&")
    assert "“<b>&”" in texts("error.time", typed="<b>&")
