"""`rizhi feed add|list|remove|poll`."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import closing

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from bot.child import Child, ChildFailed
from bot.clock import Clock
from bot.commands import opened
from bot.commands.fetcher import pass_fetcher
from bot.database import Database
from bot.feeds.models import Feed
from bot.feeds.polled import describe_poll
from bot.feeds.polling import Look, look_at
from bot.feeds.schedule import poll_now
from bot.feeds.store import add_feed, all_feeds, count_entries, find_feed, remove_feed
from bot.fetching import Fetcher
from bot.render.texts import Texts
from bot.settings import Settings
from bot.web_names import show_url

LOOK_SECONDS = 120
FIRST = "The newest come with the first poll: within minutes while rizhi run runs, or now: rizhi feed poll"
NONE = "There is no feed yet: rizhi feed add URL"


@click.group()
def feed() -> None:
    """Have feeds (RSS, Atom) polled: their new entries become documents."""


@feed.command("add")
@click.argument("url")
@click.option("--collection", help="The collection for its entries; made where there is none.")
@click.pass_obj
@pass_fetcher
def add_command(fetcher: Fetcher, settings: Settings, url: str, collection: str | None) -> None:
    """Add the feed at URL. It is polled once an hour while `rizhi run` runs."""
    look = look_once(url, fetcher)
    name = collection or Texts(settings.default_language)("collection.default")
    with opened(settings) as database:
        database.run_write(lambda session: add_new_feed(session, look, name, Clock().now()))
    click.echo(f"“{look.title or show_url(look.url)}” goes into “{name}”; entries: {look.entries}.")
    click.echo(FIRST)


@feed.command("list")
@click.pass_obj
def list_command(settings: Settings) -> None:
    """List the feeds, and what went wrong with them."""
    with opened(settings) as database:
        rows = database.run_read(lambda session: [describe(session, row) for row in all_feeds(session)])
    if not rows:
        click.echo(NONE)
        return
    shown = Table("Feed", "Collection", "Entries", "Last poll (UTC)", "Next poll (UTC)", "Trouble")
    for cells in rows:
        shown.add_row(*map(escape, cells))
    Console().print(shown)


@feed.command("remove")
@click.argument("url")
@click.pass_obj
def remove_command(settings: Settings, url: str) -> None:
    """Poll the feed at URL no longer. Its documents stay."""
    with opened(settings) as database:
        database.run_write(lambda session: remove_feed(session, known_feed(session, url).id))
    click.echo(f"{show_url(url)} is polled no longer; its documents stay.")


@feed.command("poll")
@click.argument("url", required=False)
@click.pass_obj
@pass_fetcher
def poll_command(fetcher: Fetcher, settings: Settings, url: str | None) -> None:
    """Poll the feed at URL now, or all feeds."""
    with opened(settings) as database:
        feeds = database.run_read(lambda session: [known_feed(session, url)] if url else all_feeds(session))
        if not feeds:
            click.echo(NONE)
        well = [poll(database, each, fetcher) for each in feeds]
    sys.exit(0 if all(well) else 1)


def look_once(url: str, fetcher: Fetcher) -> Look:
    """Return what is at the address, read in a child process; ClickException where it is no feed."""
    with closing(Child()) as child:
        try:
            look = child.call(LOOK_SECONDS, look_at, url, fetcher)
        except ChildFailed as error:
            raise click.ClickException(f"{show_url(url)} cannot be read: {error}") from error
    if look.error:
        raise click.ClickException(look.error)
    return look


def add_new_feed(session: Session, look: Look, collection: str, now: dt.datetime) -> None:
    """Add the feed; ClickException where it is there already."""
    if any(row.url == look.url for row in all_feeds(session)):
        raise click.ClickException(f"{show_url(look.url)} is polled already; see: rizhi feed list")
    add_feed(session, look.url, collection, look.title, now)


def known_feed(session: Session, url: str) -> Feed:
    """Return the feed; ClickException where there is none of that address."""
    found = find_feed(session, url)
    if found is None:
        raise click.ClickException(f"no feed {show_url(url)} is polled; see: rizhi feed list")
    return found


def poll(database: Database, row: Feed, fetcher: Fetcher) -> bool:
    """Poll the feed, say what it brought, and return whether all went well."""
    polled = poll_now(database, row.id, Clock().now(), fetcher)
    click.echo(describe_poll(row.url, polled), err=polled.error is not None)
    failed = [outcome for outcome in polled.outcomes if outcome.status == "failed"]
    for outcome in failed:
        click.echo(f"  {outcome.name}: {outcome.error}", err=True)
    return not failed and polled.error is None


def describe(session: Session, row: Feed) -> tuple[str, ...]:
    """Return the feed's line in the list, its times in UTC."""
    following = f"{row.next_at:%m-%d %H:%M}" if row.next_at else "never"
    last = f"{row.checked_at:%m-%d %H:%M}" if row.checked_at else "not yet"
    name = f"{row.title}\n{show_url(row.url)}".strip()
    return name, row.collection, str(count_entries(session, row.id)), last, following, row.error or ""
