"""What went wrong, in words for an operator."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError


def explain(error: Exception) -> str:
    """Return the failure in one line."""
    return " ".join(_words(error).split())


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
    if isinstance(error, DBAPIError):
        return f"the database cannot be used: {error.orig}"
    if isinstance(error, ArgumentError):
        return f"DATABASE_URL: {error}"
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL needs one thing more: pip install 'rizhi[postgres]'"
    return str(error) or type(error).__name__
