"""Webhooks: where updates go instead of waiting for getUpdates. `bot.demo.delivering` sends them there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.demo.errors import bad_request
from bot.demo.model import Json
from bot.demo.parameters import Parameters
from bot.demo.state import State

DEFAULT_CONNECTIONS, MOST_CONNECTIONS = 40, 100
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
HERE = ("127.0.0.1", "localhost", "::1")
"""Where plain HTTP will do, as it does for whoever runs a Bot API server of his own."""


def set_webhook(state: State, given: Parameters) -> bool:
    """Remember where updates should go; an empty address removes the webhook."""
    url = given.text("url")
    if not url:
        return delete_webhook(state, given)
    if urlsplit(url).scheme.lower() != "https" and urlsplit(url).hostname not in HERE:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = given.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = min(given.number("max_connections") or DEFAULT_CONNECTIONS, MOST_CONNECTIONS)
    state.updates.webhook = {"url": url, "max_connections": connections}
    state.updates.secret = secret
    read_allowed_updates(state, given)
    _drop_pending(state, given)
    return True


def delete_webhook(state: State, given: Parameters) -> bool:
    """Forget the webhook, and with `drop_pending_updates` what waits."""
    state.updates.webhook, state.updates.secret = {}, ""
    _drop_pending(state, given)
    return True


def get_webhook_info(state: State, given: Parameters) -> Json:
    """Return the webhook and how many updates wait."""
    shown: Json = {"url": "", "has_custom_certificate": False, **state.updates.webhook}
    shown["pending_update_count"] = len(state.updates.waiting)
    return shown | ({"allowed_updates": sorted(state.updates.allowed)} if state.updates.allowed else {})


def read_allowed_updates(state: State, given: Parameters) -> None:
    """Note which kinds of update the bot wants, if the call says so."""
    wanted = given.json("allowed_updates", "allowed updates")
    if wanted is not None:
        state.updates.allowed = frozenset(wanted)


def _drop_pending(state: State, given: Parameters) -> None:
    if given.flag("drop_pending_updates"):
        state.updates.waiting.clear()
    state.changed()


def log_out(state: State, given: Parameters) -> bool:
    """Say yes: there is no other server to move to."""
    return True


METHODS = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": log_out,
    "close": log_out,
}
