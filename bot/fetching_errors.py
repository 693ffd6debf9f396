"""What can go wrong when something is fetched from the web.

    FetchError
    ├── BadAddress
    ├── RefusedAddress
    ├── Unreachable
    ├── TooSlow
    ├── TooLarge
    ├── TooManyRedirects
    ├── WrongKind
    ├── NotAFeed
    └── BadAnswer               the server answered, but not with what was asked for
        ├── NotFound
        └── Gone

The docstring of each class is its message. No message holds a query, where addresses carry their secrets.
"""

from __future__ import annotations

PASSING = (408, 425, 429)
"""Statuses that say “not now”, besides the server's own failures from 500 on."""


class FetchError(Exception):
    """It cannot be fetched."""

    is_lasting = True
    """Whether another try would go the same way."""

    def __init__(self, **fields: object) -> None:
        super().__init__((self.__doc__ or "").split("\n")[0].format(**fields))


class BadAddress(FetchError):
    """“{url}” is no address of a web page: write http:// or https://, a host, and no user name."""


class RefusedAddress(FetchError):
    """{host} is not on the public internet; addresses of this machine and of private networks are refused."""


class Unreachable(FetchError):
    """{host} cannot be reached ({reason}); check the address, and the network."""

    is_lasting = False


class TooSlow(FetchError):
    """{host} did not send all of it within {seconds:.0f} s."""

    is_lasting = False


class TooLarge(FetchError):
    """What {host} sends is larger than {limit_mb} MB."""


class TooManyRedirects(FetchError):
    """{host} leads on more than {limit} times."""


class WrongKind(FetchError):
    """What is there is of a kind that is not read ({kind})."""


class NotAFeed(FetchError):
    """What is at {url} is no feed; {hint}."""


class BadAnswer(FetchError):
    """{host} answers with status {status}."""

    def __init__(self, *, retry_after: str | None = None, **fields: object) -> None:
        super().__init__(**fields)
        status = fields["status"]
        self.is_lasting = isinstance(status, int) and 400 <= status < 500 and status not in PASSING
        self.retry_after = retry_after
        """When the server wants to be asked again: the header, seconds or a date."""


class NotFound(BadAnswer):
    """There is nothing at that address (status {status}); check it."""


class Gone(BadAnswer):
    """What was at that address is gone for good (status {status})."""
