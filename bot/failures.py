"""What went wrong, in words for an operator."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import ArgumentError, DBAPIError

OF_OUR_OWN = "Value error, "
"""What pydantic puts before the words of a validator."""


def explain(error: Exception) -> str:
    """Return the failure in one line."""
    return " ".join(_words(error).split())


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(map(_wrong_setting, error.errors()))
    if isinstance(error, DBAPIError):
        return f"the database cannot be used: {error.orig}"
    if isinstance(error, ArgumentError):
        return f"DATABASE_URL: {error}"
    if isinstance(error, ModuleNotFoundError) and error.name in ("psycopg", "procrastinate"):
        return "PostgreSQL needs one thing more: pip install 'rizhi[postgres]'"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__


def _wrong_setting(error: ErrorDetails) -> str:
    name = ".".join(map(str, error["loc"])).upper()
    return f"{name}: {error['msg'].removeprefix(OF_OUR_OWN)}"
