"""Moving up: all of an SQLite file into an empty PostgreSQL database, in one transaction there.

Either everything is over there, each row compared with the old one, or nothing is: what breaks off is begun
again. Nobody can write into the old file meanwhile, so that no digest is sent of which the copy is ignorant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Session

from bot.database import Database
from bot.operations import ChatBudget, RateBudget
from bot.schema import SchemaBehind, is_current, schema_version, upgrade
from content.models import Base
from content.search import rebuild_index

PACE = [Base.metadata.tables[each.__tablename__] for each in (RateBudget, ChatBudget)]
"""Who sends from there has written it, as a bot that was tried out does; an SQLite file has no use for it."""
TABLES = [table for table in Base.metadata.sorted_tables if table not in PACE]
BATCH = 1_000
"""Rows that are read, written and compared at a time."""

Tell = Callable[[str, int, int], None]
"""Told what is being done, how far it has come, and of how many."""


class NotEmpty(Exception):
    """Somebody's data is there already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the target is not empty: its table {name} has rows; make a new database")


class NotTheSame(Exception):
    """The copy is not what was copied; it was taken back."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the table {name} came out otherwise than it went in; nothing was copied")


def move(source: Database, target: Database, tell: Tell) -> dict[str, int]:
    """Copy all tables but those of the pace, build the search index anew, and return how many rows each has.

    Raises NotEmpty, NotTheSame, SchemaBehind and SchemaAhead; the target holds no row then.
    """
    if not is_current(source.run_read(schema_version)):
        raise SchemaBehind
    target.run_read(refuse_rows)
    upgrade(target)
    return target.run_write(lambda there: source.run_write(lambda here: _copy(here, there, tell)))


def refuse_rows(session: Session) -> None:
    """Raise NotEmpty where a table that is copied has a row; no table need be there."""
    there = inspect(session.connection()).get_table_names()
    for table in TABLES:
        if table.name in there and session.execute(select(table).limit(1)).first():
            raise NotEmpty(table.name)


def _copy(source: Session, target: Session, tell: Tell) -> dict[str, int]:
    refuse_rows(target)
    counts = {table.name: _count(source, table) for table in TABLES}
    for table in TABLES:
        _copy_rows(source, target, table, tell, counts[table.name])
        _go_on_counting(source, target, table)
    for table in TABLES:
        _compare(source, target, table, tell, counts[table.name])
    for done, total in rebuild_index(lambda work: work(target)):
        tell("Indexing", done, total)
    return counts


def _count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _copy_rows(source: Session, target: Session, table: Table, tell: Tell, total: int) -> None:
    writable, done = _with_nulls(table), 0
    for rows in _read(source, table):
        target.execute(insert(writable), [dict(row._mapping) for row in rows])
        done += len(rows)
        tell(f"Copying {table.name}", done, total)


def _with_nulls(table: Table) -> Table:
    """Return the table with columns of JSON in which nothing is a null, and not JSON's own."""
    writable = table.to_metadata(MetaData())
    for column in writable.columns:
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)
    return writable


def _go_on_counting(source: Session, target: Session, table: Table) -> None:
    """Let the rows' numbers go on: none that was given once comes again, also where its row is gone."""
    column = table.autoincrement_column
    if column is None:
        return
    given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    ever = source.scalar(given, {"name": table.name}) or source.scalar(select(func.max(column)))
    if ever:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        target.execute(select(func.setval(sequence, ever)))


def _compare(source: Session, target: Session, table: Table, tell: Tell, total: int) -> None:
    done = 0
    for ours, theirs in zip_longest(_read(source, table), _read(target, table)):
        if ours != theirs:
            raise NotTheSame(table.name)
        done += len(ours)
        tell(f"Comparing {table.name}", done, total)


def _read(session: Session, table: Table) -> Iterator[list[Row[Any]]]:
    """Yield the rows in the order of their keys, so many at a time that both sides yield the same."""
    order = map(_bytewise, table.primary_key)
    rows = session.execute(select(table).order_by(*order), execution_options={"yield_per": BATCH})
    for together in rows.partitions():
        yield list(together)


def _bytewise(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what both databases order alike: PostgreSQL orders text as its locale says."""
    return cast(column, LargeBinary) if isinstance(column.type, String) else column
