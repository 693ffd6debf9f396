"""`rizhi …`: the commands, and what a failure looks like.

A failed command says why in one line on standard error and exits with 1; one called wrongly exits with 2.
No traceback reaches a person unless LOG_LEVEL=DEBUG asks for it.
"""

from __future__ import annotations

import logging
import sys

import click
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.commands.allow import allow
from bot.commands.database import db
from bot.commands.doctor import doctor
from bot.commands.import_ import import_
from bot.commands.plan import plan
from bot.commands.preview import preview
from bot.commands.run import run
from bot.commands.search import search
from bot.logs import redact, set_up_logging
from bot.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rizhi")
@click.pass_context
def rizhi(context: click.Context) -> None:
    """Rizhi (日知): a passage a day, with keywords, and a search of the corpus, in Telegram."""
    context.obj = Settings()
    set_up_logging(context.obj.log_level)


for command in (run, import_, search, preview, plan, allow, db, doctor):
    rizhi.add_command(command)


def main() -> None:
    """Run the command line; exit with 0, 1 (failed) or 2 (called wrongly)."""
    try:
        rizhi(prog_name="rizhi")
    except Exception as error:
        logging.getLogger(__name__).debug("failed", exc_info=True)
        sys.stderr.write(f"rizhi: {redact(explain(error))}\n")
        sys.exit(1)


def explain(error: Exception) -> str:
    """Return the failure in words for an operator."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
    if isinstance(error, DBAPIError):
        return f"the database cannot be used: {error.orig}"
    if isinstance(error, ArgumentError):
        return f"DATABASE_URL: {error}"
    return str(error) or type(error).__name__
