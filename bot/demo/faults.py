"""Failures on demand: what shall go wrong with the next calls, before or after they are carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.demo.errors import ApiError, forbidden, too_many_requests

ANY = "*"
"""Stands for every method but getUpdates."""


@dataclass(frozen=True)
class Fault:
    """One way to go wrong: wait `delay` seconds, then drop the connection, or answer so, or go on as usual.

    `after`: the call is carried out first, and only its answer suffers.
    """

    delay: float = 0.0
    status: int = 0
    body: ApiError | str | None = None
    drop: bool = False
    after: bool = False


def refuse(code: int, description: str, **parameters: int) -> Fault:
    """Answer with this error."""
    return Fault(status=code, body=ApiError(code, description, **parameters))


def flood(retry_after: int) -> Fault:
    """Answer 429: come back in so many seconds."""
    error = too_many_requests(retry_after)
    return Fault(status=error.code, body=error)


def blocked() -> Fault:
    """Answer 403: the user has blocked the bot."""
    error = forbidden("bot was blocked by the user")
    return Fault(status=error.code, body=error)


def bad_gateway(*, after: bool = False) -> Fault:
    """Answer 502 with a page that is not JSON, as a proxy would, whether or not the call was carried out."""
    return Fault(status=502, body="<html><h1>502 Bad Gateway</h1></html>", after=after)


def slow(seconds: float) -> Fault:
    """Wait, then do the work."""
    return Fault(delay=seconds)


def drop() -> Fault:
    """Close the connection without doing anything."""
    return Fault(drop=True)


def drop_after() -> Fault:
    """Do the work, then close the connection without an answer."""
    return Fault(drop=True, after=True)


def hang_after(seconds: float) -> Fault:
    """Do the work, then keep the client waiting for the answer."""
    return Fault(delay=seconds, after=True)


@dataclass(frozen=True)
class _Plan:
    method: str
    chat_id: int | None
    fault: Fault
    times: int


class Faults:
    """The failures that still have to happen, in order."""

    def __init__(self) -> None:
        self._plans: list[_Plan] = []

    def add(self, method: str, fault: Fault, *, times: int = 1, chat_id: int | None = None) -> None:
        """Let the next calls of a method (or of `ANY`) go wrong, those about one chat if it is named."""
        self._plans.append(_Plan(method.lower(), chat_id, fault, times))

    def is_planned(self, fault: Fault) -> bool:
        """Whether this fault still has to happen."""
        return any(plan.fault is fault for plan in self._plans)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._plans.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return what shall befall this call, and count it; None: nothing."""
        for at, plan in enumerate(self._plans):
            named = plan.method == method.lower() or (plan.method == ANY and method.lower() != "getupdates")
            if named and plan.chat_id in (None, chat_id):
                rest = [replace(plan, times=plan.times - 1)] if plan.times > 1 else []
                self._plans[at : at + 1] = rest
                return plan.fault
        return None
