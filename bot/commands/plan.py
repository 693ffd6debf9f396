"""`rizhi plan list|add|edit|remove`."""

from __future__ import annotations

import datetime as dt
import sys
from shlex import quote

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.catalogues import count_passages
from bot.clock import Clock
from bot.commands import count, opened
from bot.models import ORDERS, Plan, Subscription
from bot.plans import add_plan, all_plans, edit_plan, find_plan, remove_plan
from bot.render.template import BLOCKS, TemplateError
from bot.settings import Settings
from content.models import Collection, Document
from content.search import parse_query


@click.group()
def plan() -> None:
    """Say what can be subscribed to, and in which order it comes."""


@plan.command("list")
@click.pass_obj
def list_command(settings: Settings) -> None:
    """List the plans."""
    shown = Table("Plan", "Collection", "Order", "Passages", "Subscribers")
    with opened(settings) as database:
        rows = database.run_read(lambda session: [describe(session, row) for row in all_plans(session)])
    if not rows:
        click.echo("There is no plan yet; an import makes one: rizhi import FOLDER")
        return
    for cells in rows:
        shown.add_row(*map(escape, cells))
    Console().print(shown)


@plan.command("add")
@click.argument("name")
@click.option("--collection", required=True, help="The collection to choose from.")
@click.option("--order", type=click.Choice(ORDERS), default="sequence", show_default=True)
@click.option(
    "--document", "documents", multiple=True, help="Only this document (its name); may be repeated."
)
@click.option("--query", help="Only passages that match this search.")
@click.pass_obj
def add_command(
    settings: Settings, name: str, collection: str, order: str, documents: tuple[str, ...], query: str | None
) -> None:
    """Add a plan: a choice of passages and an order."""
    now = Clock().now()

    def add(session: Session) -> int:
        made = make_plan(session, name, collection, order, documents, query, now)
        return count_passages(session, made)

    with opened(settings) as database:
        passages = database.run_write(add)
    click.echo(f"“{name}” is a plan of {count(passages, 'passage')}.")
    if not passages:
        click.echo("Nothing matches it yet; readers are offered it once something does.", err=True)


@plan.command("edit")
@click.argument("name")
@click.option("--header", help="A line above each digest, such as “{plan} {n}/{total}”; empty for none.")
@click.option("--footer", help="A line below each digest; empty for none.")
@click.option("--blocks", help="What a digest holds, in order; the usual: " + ",".join(BLOCKS))
@click.pass_obj
def edit_command(
    settings: Settings, name: str, header: str | None, footer: str | None, blocks: str | None
) -> None:
    """Change how a plan's digests look; `rizhi preview --plan NAME` shows them."""
    if header is footer is blocks is None:
        raise click.UsageError("Nothing to change: give --header, --footer or --blocks.")
    names = None if blocks is None else [block.strip() for block in blocks.split(",")]

    def edit(session: Session) -> None:
        edit_plan(session, known_plan(session, name), header=header, footer=footer, blocks=names)

    with opened(settings) as database:
        try:
            database.run_write(edit)
        except TemplateError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"“{name}” is changed; see: rizhi preview --plan {quote(name)}")


@plan.command("remove")
@click.argument("name")
@click.pass_obj
def remove_command(settings: Settings, name: str) -> None:
    """Remove a plan, and with it the subscriptions to it. Documents stay."""

    with opened(settings) as database:
        subscribers = count(database.run_read(lambda session: subscribers_of(session, name)), "subscription")
        if sys.stdin.isatty():
            click.confirm(f"Remove “{name}”, and {subscribers} with it?", abort=True)
        database.run_write(lambda session: remove_plan(session, known_plan(session, name)))
    click.echo(f"“{name}” is removed; {subscribers} went with it.")


def known_plan(session: Session, name: str) -> Plan:
    """Return the plan of that name; ClickException where there is none."""
    found = find_plan(session, name)
    if found is None:
        raise click.ClickException(f"there is no plan “{name}”; see: rizhi plan list")
    return found


def subscribers_of(session: Session, name: str) -> int:
    """Return how many subscriptions the plan of that name has; ClickException where there is none."""
    return count_subscribers(session, known_plan(session, name))


def make_plan(
    session: Session,
    name: str,
    collection: str,
    order: str,
    documents: tuple[str, ...],
    query: str | None,
    now: dt.datetime,
) -> Plan:
    """Return the new plan; ClickException where a name is taken or unknown, QueryError for an empty query."""
    if find_plan(session, name) is not None:
        raise click.ClickException(f"there is a plan “{name}” already; see: rizhi plan list")
    collection_id = session.scalar(select(Collection.id).where(Collection.name == collection))
    if collection_id is None:
        known = "”, “".join(session.scalars(select(Collection.name)))
        raise click.ClickException(f"there is no collection “{collection}”; there are: “{known}”")
    if query is not None:
        parse_query(query)
    document_ids = [find_document_id(session, collection_id, document) for document in documents]
    return add_plan(session, name, collection_id, now, order=order, document_ids=document_ids, query=query)


def find_document_id(session: Session, collection_id: int, name: str) -> int:
    """Return the id of the collection's document of that name; ClickException where there is none."""
    chosen = select(Document.id).where(Document.collection_id == collection_id, Document.name == name)
    document_id = session.scalar(chosen.where(Document.visible))
    if document_id is None:
        raise click.ClickException(f"there is no document “{name}” in that collection")
    return document_id


def describe(session: Session, row: Plan) -> tuple[str, ...]:
    """Return the plan's line in the list."""
    passages = count_passages(session, row)
    return row.name, row.collection.name, row.order, str(passages), str(count_subscribers(session, row))


def count_subscribers(session: Session, row: Plan) -> int:
    """Return how many subscriptions the plan has, stopped ones included."""
    return session.scalar(select(func.count()).where(Subscription.plan_id == row.id)) or 0
