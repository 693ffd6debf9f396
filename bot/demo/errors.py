"""Refusals, in Telegram's words."""

from __future__ import annotations


class ApiError(Exception):
    """The server refuses a call: `code` and `description` as in the answer, `parameters` if there are any."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, object]:
        """Return the answer's body."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> ApiError:
    """400; Telegram writes its own sentences small, and leaves CODES as they are."""
    small = reason if reason[1:2].isupper() else reason[:1].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {small}")


def forbidden(reason: str) -> ApiError:
    """403: the bot may not."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: two receivers of updates."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """429: wait for so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
