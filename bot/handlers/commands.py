"""The one list of commands: it registers them, fills Telegram's menus, and feeds /help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.handlers.context import Asker, Context
from bot.handlers.docs import docs_command
from bot.handlers.export import export_command
from bot.handlers.help import help_command
from bot.handlers.pausing import pause_command, stop_command
from bot.handlers.plans import plan_command
from bot.handlers.privacy import forget_command, privacy_command
from bot.handlers.report import report_command
from bot.handlers.search import search_command
from bot.handlers.settings import settings_command
from bot.handlers.start import start_command
from bot.handlers.today import next_command, today_command

Handle = Callable[[Context, Asker, str], Awaitable[None]]
"""What a command does; the text is what follows its name."""


@dataclass(frozen=True)
class Command:
    """A command; the text `command.<name>` says what it does."""

    name: str
    handle: Handle
    in_groups: bool = False
    is_listed: bool = True
    """Whether it stands in the menu and in the help."""
    for_admins: bool = False
    is_personal: bool = False
    """About what is kept of the person: answered in private whoever may use the bot."""


COMMANDS = (
    Command("start", start_command, is_listed=False),
    Command("today", today_command, in_groups=True),
    Command("next", next_command),
    Command("search", search_command, in_groups=True),
    Command("plan", plan_command),
    Command("settings", settings_command),
    Command("pause", pause_command),
    Command("stop", stop_command),
    Command("export", export_command, is_personal=True),
    Command("privacy", privacy_command, is_personal=True),
    Command("forget", forget_command, is_listed=False, is_personal=True),
    Command("docs", docs_command, for_admins=True),
    Command("report", report_command, for_admins=True),
    Command("help", help_command, in_groups=True),
)
