"""`rizhi …`: the commands, and what a failure looks like.

A failed command says why in one line on standard error and exits with 1; one called wrongly exits with 2.
No traceback reaches a person unless LOG_LEVEL=DEBUG asks for it.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module

import click

from bot.failures import explain
from bot.logs import redact, set_up_logging
from bot.settings import Settings

COMMANDS = {
    "demo": "demo",
    "run": "run",
    "web": "web",
    "worker": "worker",
    "import": "import_",
    "feed": "feed",
    "search": "search",
    "preview": "preview",
    "docs": "docs",
    "words": "words",
    "plan": "plan",
    "allow": "allow",
    "reindex": "reindex",
    "db": "db",
    "backup": "backup",
    "restore": "restore",
    "doctor": "doctor",
}
"""The commands, in the order of the help; each is the function of this name in the file of this name."""


class Commands(click.Group):
    """Imports a command when it is asked for, so that `run` starts without what only the others need."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return the command; None where there is none of that name."""
        if name not in COMMANDS:
            return None
        module = import_module(f"bot.commands.{COMMANDS[name]}")
        command: click.Command = getattr(module, COMMANDS[name])
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rizhi")
@click.pass_context
def rizhi(context: click.Context) -> None:
    """Rizhi (日知): a passage a day, with keywords, and a search of the corpus, in Telegram."""
    context.obj = Settings()
    set_up_logging(context.obj.log_level, context.obj.log_format, context.obj.secrets)


def main() -> None:
    """Run the command line; exit with 0, 1 (failed) or 2 (called wrongly)."""
    try:
        rizhi(prog_name="rizhi")
    except Exception as error:
        logging.getLogger(__name__).debug("failed", exc_info=True)
        sys.stderr.write(f"rizhi: {redact(explain(error))}\n")
        sys.exit(1)
