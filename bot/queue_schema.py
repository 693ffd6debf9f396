"""procrastinate's tables, functions and triggers, on PostgreSQL: made and brought up to date beside our own.

Up to which of its steps they are is the comment of its first table. The library itself is not imported: what
it ships is read from its folder.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

PACKAGE = "procrastinate"
LATER = "_post_"
"""In the name of a step that the program before it cannot live with, by procrastinate's rules."""


def is_queue_current(session: Session) -> bool:
    """Return whether the queue has all that the installed library asks for."""
    applied = _applied(session)
    return applied is not None and all(LATER in name for name in _steps() if name > applied)


def ensure_queue(session: Session) -> bool:
    """Bring the queue to what the installed library asks for; return whether anything changed."""
    applied, steps = _applied(session), _steps()
    if applied is None:
        _run(session, _folder() / "schema.sql")
        _note(session, steps[-1])
        return True
    due = due_steps(applied, steps)
    for name in due:
        _run(session, _folder() / "migrations" / name)
        _note(session, name)
    return bool(due)


def due_steps(applied: str, steps: list[str]) -> list[str]:
    """Return the steps to take now, in order.

    Those at the end that the program before could not live with are left to the upgrade after this one, when
    nothing runs it any more.
    """
    left = [name for name in steps if name > applied]
    needed = [position for position, name in enumerate(left, 1) if LATER not in name]
    return left[: needed[-1]] if needed else left


def _folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named '{PACKAGE}'", name=PACKAGE)
    return Path(spec.origin).parent / "sql"


def _steps() -> list[str]:
    return sorted(path.name for path in (_folder() / "migrations").glob("*.sql"))


def _applied(session: Session) -> str | None:
    comment = text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")
    applied: str | None = session.execute(comment).scalar()
    return applied


def _note(session: Session, name: str) -> None:
    assert name.replace("_", "").replace(".", "").isalnum()
    session.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{name}'"))  # takes no parameters


def _run(session: Session, script: Path) -> None:
    statements = script.read_text(encoding="utf-8")
    session.connection().exec_driver_sql(statements, execution_options={"no_parameters": True})
