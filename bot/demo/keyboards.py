"""What may hang under a message: checks a reply markup as Telegram does and returns it as Telegram stores it.

Stricter in one thing: of a button with two actions Telegram silently takes one, which would hide a mistake.
"""

from __future__ import annotations

from bot.demo.errors import ApiError, bad_request
from bot.demo.model import Json
from bot.demo.parameters import Parameters
from bot.demo.urls import UrlError, checked_url

MAX_BUTTONS = 100
MAX_BUTTONS_PER_ROW = 8
MAX_CALLBACK_BYTES = 64
MAX_COPY_CHARS = 256
ACTIONS = (
    "url",
    "callback_data",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)
MAY_BE_EMPTY = ("switch_inline_query", "switch_inline_query_current_chat")


def read_markup(given: Parameters) -> Json | None:
    """Return the call's reply markup, None where there is none or it is empty. Raises ApiError."""
    markup = given.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    return markup or None


def _inline(rows: object) -> Json | None:
    field = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array'
    if not isinstance(rows, list):
        raise bad_request(field)
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f"{field} of Arrays")
    checked = [[_checked(button) for button in row] for row in rows if row]
    longest = max((len(row) for row in checked), default=0)
    if longest > MAX_BUTTONS_PER_ROW or sum(len(row) for row in checked) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _checked(button: object) -> Json:
    if not isinstance(button, dict):
        raise _unparsable("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _unparsable('Can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if "pay" in button or "callback_game" in button:
        raise bad_request("BUTTON_TYPE_INVALID")
    actions = [name for name in ACTIONS if button.get(name) or (name in MAY_BE_EMPTY and name in button)]
    if not actions:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsable(f"exactly one action is needed, not {' and '.join(actions)}")
    return button | _action(actions[0], button[actions[0]])


def _action(name: str, value: object) -> Json:
    match name:
        case "callback_data" if len(str(value).encode()) > MAX_CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        case "copy_text":
            return {"copy_text": {"text": _copy_text(value)}}
        case "url":
            return {"url": _url("inline keyboard button URL", str(value))}
        case "web_app":
            address = str(value.get("url", "")) if isinstance(value, dict) else ""
            if not address.lower().startswith("https://"):
                reason = "Only HTTPS links are allowed"
                raise bad_request(f"inline keyboard button Web App URL '{address}' is invalid: {reason}")
    return {}


def _copy_text(value: object) -> str:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_CHARS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return text


def _url(what: str, address: str) -> str:
    try:
        return checked_url(address)
    except UrlError as error:
        raise bad_request(f"{what} '{address}' is invalid: {error}") from None
