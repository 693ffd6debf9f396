"""The check of the Bot API that sends something: `rizhi doctor --live`."""

from __future__ import annotations

import asyncio

from bot.attempts import Conformance
from bot.checks import Finding
from bot.clock import Clock
from bot.commands import opened
from bot.settings import Settings

NO_CHAT = (
    "Put the Telegram ids of one or two people in ADMIN_IDS who have pressed Start: they get the messages."
)
FALLBACK = (
    "Until it passes, AMBIGUOUS alone decides about messages in doubt. Mend what it says, and try again."
)


def check_live_api(settings: Settings) -> Finding:
    """Try out in two admins' chats whether messages in doubt can be looked for, and remember the answer."""
    from bot.delivery.live import LiveCheckFailed, check_live  # python-telegram-bot costs 0.5 s

    admins = sorted(settings.admin_ids)[:2]
    if not admins:
        return Finding(False, "The live check needs a chat to write to.", NO_CHAT)
    try:
        asyncio.run(check_live(settings, admins))
    except LiveCheckFailed as error:
        remember(settings, passed=False)
        return Finding(False, f"Messages in doubt cannot be looked for: {error}.", FALLBACK)
    except Exception as error:
        return Finding(False, f"The live check broke off ({type(error).__name__}).", FALLBACK)
    remember(settings, passed=True)
    return Finding(True, f"Messages in doubt can be looked for (tried with {len(admins)} of the admins).")


def remember(settings: Settings, *, passed: bool) -> None:
    """Store what was found out about this bot."""
    bot_id = int(settings.telegram_bot_token.get_secret_value().partition(":")[0])
    found = Conformance(bot_id=bot_id, passed=passed, checked_at=Clock().now())
    with opened(settings) as database:
        database.run_write(lambda session: session.merge(found))
