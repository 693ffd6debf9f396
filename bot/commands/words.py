"""`rizhi words list|add|remove`: a collection's own dictionary and its stop words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TextIO

import click
from sqlalchemy.orm import Session

from bot.backgrounds import UnfitWord, add_words, find_collection, own_words, remove_words
from bot.commands import count, opened
from bot.settings import Settings
from content.models import Collection

APPLIES = "This holds for what comes in; for what is there: rizhi docs recut --collection {name}"

collection_argument = click.argument("collection")
terms_argument = click.argument("terms", metavar="TERM...", nargs=-1)
file_option = click.option("--file", type=click.File(encoding="utf-8-sig"), help="Of this file each line.")


@click.group()
def words() -> None:
    """Say which terms a collection's keywords are to keep whole and prefer, and which words are none."""


@words.command("list")
@collection_argument
@click.pass_obj
def list_command(settings: Settings, collection: str) -> None:
    """List a collection's own terms and stop words."""
    with opened(settings) as database:
        lists = database.run_read(lambda session: own_words(known_collection(session, collection)))
    if not (lists.terms or lists.stop_words):
        click.echo(f"“{collection}” has no words of its own; add some: rizhi words add")
    for title, some in (("Terms", lists.terms), ("Stop words", lists.stop_words)):
        if some:
            click.echo("\n  ".join([f"{title}:", *some]))


@words.command("add")
@collection_argument
@terms_argument
@click.option("--stop", is_flag=True, help="As stop words: never keywords, nor at the edge of one.")
@file_option
@click.pass_obj
def add_command(
    settings: Settings, collection: str, terms: tuple[str, ...], stop: bool, file: TextIO | None
) -> None:
    """Add terms to a collection's dictionary, or stop words; simplified or traditional is one."""
    wanted = named(terms, file)
    with opened(settings) as database:
        try:
            new = database.run_write(
                lambda session: add_words(known_collection(session, collection), wanted, stop=stop)
            )
        except UnfitWord as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{count(new, 'stop word' if stop else 'term')} added to “{collection}”.")
    click.echo(APPLIES.format(name=quote(collection)))


@words.command("remove")
@collection_argument
@terms_argument
@file_option
@click.pass_obj
def remove_command(settings: Settings, collection: str, terms: tuple[str, ...], file: TextIO | None) -> None:
    """Take terms out of a collection's dictionary, or stop words."""
    wanted = named(terms, file)
    with opened(settings) as database:
        unknown = database.run_write(
            lambda session: remove_words(known_collection(session, collection), wanted)
        )
    if unknown:
        click.echo(f"Not among the words of “{collection}”: {', '.join(unknown)}", err=True)
    click.echo(f"{count(len(wanted) - len(unknown), 'word')} removed from “{collection}”.")
    click.echo(APPLIES.format(name=quote(collection)))


def named(terms: Sequence[str], file: TextIO | None) -> list[str]:
    """Return the terms that were given, and those of the file; UsageError where there is none."""
    try:
        lines = file.read().splitlines() if file else []
    except UnicodeDecodeError:
        raise click.ClickException(f"{Path(file.name).name if file else ''} is not in UTF-8") from None
    wanted = [*terms, *filter(str.strip, lines)]
    if not wanted:
        raise click.UsageError("give at least one TERM, or a --file that has one on each line")
    return wanted


def known_collection(session: Session, name: str) -> Collection:
    """Return the collection of that name; ClickException where there is none."""
    collection = find_collection(session, name)
    if collection is None:
        raise click.ClickException(
            f"there is no collection “{name}”; the first import makes it: rizhi import --collection"
        )
    return collection
