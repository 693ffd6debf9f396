"""Fetching from the web for documents: the one place that does, and the one that says what may be fetched.

An address that is given may lead anywhere. So the host's addresses are looked up, all of them must be public,
and the connection goes to one of these and to no other that a second look-up would give; each redirect is
looked at in the same way. Time and size have limits; environments' proxies are not used, since they would
look up the host themselves.
"""

from __future__ import annotations

import asyncio
import re
import socket
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import httpx

from bot.addresses import Address, is_public, parse_address
from bot.fetching_errors import (
    BadAddress,
    BadAnswer,
    Gone,
    NotFound,
    RefusedAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    WrongKind,
)
from bot.web_names import is_url, show_url, suffix_of

MEGABYTE = 1_000_000
LIMIT_BYTES = 20 * MEGABYTE
"""Also what Telegram lets a bot receive."""
SECONDS = 30.0
REDIRECTS = 5
URL_CHARS = 2_000
HEADER_CHARS = 1_000
HEADERS = {
    "User-Agent": "rizhi (a reader of documents and feeds)",
    "Accept": "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, */*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
FOREVER = (301, 308)
STATUSES = {404: NotFound, 410: Gone}
ONE_USE = httpx.Limits(max_keepalive_connections=0)
"""Connections are kept by address: one whose certificate is of another host must not serve this one."""
BAD_CERTIFICATE = re.compile(r"certificate verify failed: (.*?)\.? \(_ssl")
PACKED = ("gzip", "x-gzip", "deflate")


@dataclass(frozen=True)
class Seen:
    """What is known of an earlier answer; the server sends only what is newer."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """What was at an address."""

    url: str
    """Where it was found, after all redirects."""
    permanent_url: str
    """The address to ask next time: the first one, or where it has moved for good."""
    body: bytes
    suffix: str
    """Of the kind of file it is, as `.html`; empty where that cannot be told."""
    seen: Seen
    is_new: bool = True
    """False where the server says that nothing has changed; the body is empty then."""


@dataclass(frozen=True)
class Fetcher:
    """Fetches from addresses that are allowed: those of the public internet.

    Another `is_allowed` is for tests, which have their servers on this machine. It is an argument, and no
    setting, so that nobody can open an instance by mistake. Both are plain functions: a fetcher goes into
    child processes.
    """

    is_allowed: Callable[[Address], bool] = is_public
    seconds: float = SECONDS
    limit_bytes: int = LIMIT_BYTES
    pause_seconds: float = 1.0
    """To wait between two pages, for whoever asks for several."""

    def fetch(self, url: str, seen: Seen | None = None) -> Fetched:
        """Return what is at the address. Raises FetchError. Not for use within an event loop."""
        return asyncio.run(self._fetch_in_time(check_url(url), seen or Seen()))

    async def _fetch_in_time(self, url: httpx.URL, seen: Seen) -> Fetched:
        try:
            async with asyncio.timeout(self.seconds):
                return await self._follow(url, seen)
        except (TimeoutError, httpx.TimeoutException):
            raise TooSlow(host=url.host, seconds=self.seconds) from None

    async def _follow(self, first: httpx.URL, seen: Seen) -> Fetched:
        url = permanent = first
        async with httpx.AsyncClient(
            trust_env=False, timeout=self.seconds, headers=HEADERS, limits=ONE_USE
        ) as client:
            for _ in range(REDIRECTS + 1):
                answer = await self._ask(client, url, seen)
                if isinstance(answer, Fetched):
                    return replace(answer, permanent_url=str(permanent))
                status, following = answer
                permanent = following if status in FOREVER and permanent == url else permanent
                url = following
        raise TooManyRedirects(host=first.host, limit=REDIRECTS)

    async def _ask(
        self, client: httpx.AsyncClient, url: httpx.URL, seen: Seen
    ) -> Fetched | tuple[int, httpx.URL]:
        """Return what is there, or the status of a redirect and where it leads."""
        reason = "it has no address"
        for address in await self._look_up(url):
            request = _request(client, url, address, seen)
            try:
                answer = await client.send(request, stream=True)
            except httpx.ConnectError as error:
                reason = _reason(error)
                continue
            except httpx.TimeoutException:
                raise
            except httpx.HTTPError as error:
                raise Unreachable(host=url.host, reason=_reason(error)) from error
            try:
                return await self._read(answer, url, seen)
            except httpx.TransportError as error:
                raise Unreachable(host=url.host, reason=_reason(error)) from error
            finally:
                await answer.aclose()
        raise Unreachable(host=url.host, reason=reason)

    async def _look_up(self, url: httpx.URL) -> list[Address]:
        """Return the host's addresses, all of which are allowed."""
        host = url.raw_host.decode("ascii")
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, _port(url), type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(parse_address(str(each[4][0])) for each in found))
        except (OSError, UnicodeError, ValueError):
            raise Unreachable(host=url.host, reason="there is no such host") from None
        if not all(map(self.is_allowed, addresses)):
            raise RefusedAddress(host=url.host)
        return addresses

    async def _read(
        self, answer: httpx.Response, url: httpx.URL, seen: Seen
    ) -> Fetched | tuple[int, httpx.URL]:
        status, headers = answer.status_code, answer.headers
        if status in (301, 302, 303, 307, 308) and "location" in headers:
            return status, check_url(headers["location"], url)
        known = Seen(_kept(headers.get("etag")), _kept(headers.get("last-modified")))
        if status == 304:
            kept = Seen(known.etag or seen.etag, known.last_modified or seen.last_modified)
            return Fetched(str(url), "", b"", "", kept, is_new=False)
        if status != 200:
            error = STATUSES.get(status, BadAnswer)
            raise error(host=url.host, status=status, retry_after=headers.get("retry-after"))
        body = await self._unpack(answer, url)
        return Fetched(str(url), "", body, suffix_of(body, headers.get("content-type", ""), str(url)), known)

    async def _unpack(self, answer: httpx.Response, url: httpx.URL) -> bytes:
        """Return the body, unpacked as far as the limit: a small packet may unfold to gigabytes."""
        body = bytearray()
        async for piece in _unpacked(answer, self.limit_bytes + 1):
            body += piece
            if len(body) > self.limit_bytes:
                raise TooLarge(host=url.host, limit_mb=round(self.limit_bytes / MEGABYTE, 1))
        return bytes(body)


def check_url(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """Return the address, which is of the web and names nobody; BadAddress for others.

    `base` is the address of the page that leads there.
    """
    try:
        parsed = base.join(url) if base is not None else httpx.URL(url.strip())
        host = parsed.raw_host
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise BadAddress(url=show_url(url)) from None
    if not is_url(str(parsed)) or not host or parsed.userinfo or len(str(parsed)) > URL_CHARS:
        raise BadAddress(url=show_url(str(parsed)))
    return parsed.copy_with(fragment=None)


async def _unpacked(answer: httpx.Response, most: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes, unpacked, in pieces of at most `most` bytes."""
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing in PACKED:
        try:
            async for piece in _members(answer, most):
                yield piece
        except zlib.error:
            raise WrongKind(kind=f"damaged {packing}") from None
    elif packing in ("identity", ""):
        async for packet in answer.aiter_raw():
            yield packet
    else:
        raise WrongKind(kind=f"packed as {packing}")


async def _members(answer: httpx.Response, most: int) -> AsyncIterator[bytes]:
    """Yield what the packed streams hold, of which gzip may have several in a row, and zeros behind them.

    Raises zlib.error, and httpx.ReadError where the last one is cut off.
    """
    unpacker = None
    async for packet in answer.aiter_raw():
        while packet := packet if unpacker else packet.lstrip(b"\0"):
            unpacker = unpacker or zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, as it begins
            yield unpacker.decompress(packet, most)
            packet, unpacker = unpacker.unused_data, None if unpacker.eof else unpacker
    if unpacker is not None:
        raise httpx.ReadError("what it sends breaks off")


def _request(client: httpx.AsyncClient, url: httpx.URL, address: Address, seen: Seen) -> httpx.Request:
    """Return the request to this address, which names the host and asks for its certificate."""
    headers = {"Host": url.netloc.decode("ascii")}
    if seen.etag:
        headers["If-None-Match"] = seen.etag
    if seen.last_modified:
        headers["If-Modified-Since"] = seen.last_modified
    extensions = {"sni_hostname": url.raw_host.decode("ascii")}
    return client.build_request(
        "GET", url.copy_with(host=str(address)), headers=headers, extensions=extensions
    )


def _kept(header: str | None) -> str | None:
    """Return the header; None where it cannot be kept and sent back: it is too long, or not ASCII."""
    return header if header and header.isascii() and len(header) <= HEADER_CHARS else None


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _reason(error: Exception) -> str:
    words = str(error) or type(error).__name__
    found = BAD_CERTIFICATE.search(words)
    return f"its certificate is not good: {found[1]}" if found else words
