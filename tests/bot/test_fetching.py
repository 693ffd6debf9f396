"""Fetching from a real server on this machine, and refusing to."""

from __future__ import annotations

import gzip
import pickle
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.fetching import Fetcher, Seen
from bot.fetching_errors import (
    BadAddress,
    BadAnswer,
    FetchError,
    Gone,
    NotFound,
    RefusedAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    WrongKind,
)
from tests.web import NEAR, Answer, Web, serving

PUBLIC = Fetcher(seconds=5)
SMALL = replace(NEAR, limit_bytes=1_000_000)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def moved(to: str, status: int = 302) -> Answer:
    return Answer(b"", status, {"Location": to})


def test_what_is_there_comes_with_its_kind_and_what_to_ask_next_time(web: Web) -> None:
    url = web.put("/a", "<p>春天</p>", ETag='"1"', Last_Modified="Mon, 02 Mar 2026 00:00:00 GMT")

    got = NEAR.fetch(url)

    assert (got.url, got.permanent_url, got.suffix, got.is_new) == (url, url, ".html", True)
    assert got.body.decode() == "<p>春天</p>"
    assert got.seen == Seen('"1"', "Mon, 02 Mar 2026 00:00:00 GMT")


def test_what_has_not_changed_does_not_come_again(web: Web) -> None:
    url = web.put("/a", "spring", ETag='"1"')
    seen = replace(NEAR.fetch(url).seen, last_modified="Mon, 02 Mar 2026 00:00:00 GMT")

    again = NEAR.fetch(url, seen)

    assert (again.is_new, again.body, again.seen) == (False, b"", seen)
    asked = web.asked[-1][1]
    assert asked["if-none-match"] == '"1"'
    assert asked["if-modified-since"] == "Mon, 02 Mar 2026 00:00:00 GMT"


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_what_is_packed_is_unpacked(web: Web, packing: str) -> None:
    body = "春天".encode() * 1_000
    packed = gzip.compress(body) if packing == "gzip" else zlib.compress(body)

    assert NEAR.fetch(web.put("/a", packed, Content_Encoding=packing)).body == body


def test_a_mark_that_is_too_long_to_be_sent_back_is_not_kept(web: Web) -> None:
    assert NEAR.fetch(web.put("/a", "spring", ETag="x" * 2_000)).seen == Seen()


def test_a_mark_that_cannot_be_sent_back_is_not_kept(web: Web) -> None:
    url = web.put("/a", "spring", ETag='"é"', Last_Modified="Mon, 02 März 2026")

    got = NEAR.fetch(url)

    assert got.seen == Seen()
    assert NEAR.fetch(url, got.seen).body == b"spring"


def test_of_what_is_packed_in_several_parts_all_are_unpacked(web: Web) -> None:
    parts = gzip.compress("春天".encode() * 100) + gzip.compress(b"") + gzip.compress("夏天".encode())
    url = web.put("/a", parts + bytes(20), Content_Encoding="gzip")
    web.pages["/b"] = Answer(
        (parts[at : at + 1] for at in range(len(parts))), 200, {"Content-Encoding": "gzip"}
    )

    assert NEAR.fetch(url).body.decode() == "春天" * 100 + "夏天"
    assert NEAR.fetch(f"{web.url}/b").body.decode() == "春天" * 100 + "夏天"


def test_many_parts_together_are_held_to_the_limit(web: Web) -> None:
    url = web.put("/a", gzip.compress(bytes(100_000)) * 11, Content_Encoding="gzip")

    with pytest.raises(TooLarge):
        SMALL.fetch(url)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_what_is_packed_and_breaks_off_is_not_taken_for_whole(
    web: Web, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack("春天".encode() * 1_000)
    for cut in (packed[:-1], packed[:20], gzip.compress(b"whole") + packed[:20]):
        with pytest.raises(Unreachable, match="breaks off"):
            NEAR.fetch(web.put("/a", cut, Content_Encoding="gzip"))


def test_an_unknown_or_damaged_packing_is_named(web: Web) -> None:
    for packing in ("br", "gzip"):
        with pytest.raises(WrongKind, match=packing):
            NEAR.fetch(web.put("/a", b"\x00\x01\x02not packed", Content_Encoding=packing))


def test_redirects_are_followed_and_a_lasting_move_is_told(web: Web) -> None:
    web.put("/end", "here")
    web.pages |= {"/old": moved("/new", 301), "/new": moved("/end"), "/once": moved(f"{web.url}/old")}

    assert NEAR.fetch(f"{web.url}/old").permanent_url == f"{web.url}/new"
    assert NEAR.fetch(f"{web.url}/old").url == f"{web.url}/end"
    assert NEAR.fetch(f"{web.url}/once").permanent_url == f"{web.url}/once"


def test_redirects_in_a_ring_come_to_an_end(web: Web) -> None:
    web.pages["/a"] = moved("/a")

    with pytest.raises(TooManyRedirects, match="more than 5 times"):
        NEAR.fetch(f"{web.url}/a")
    assert len(web.asked) == 6


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[64:ff9b::7f00:1]/",
    ],
)
def test_addresses_that_are_not_public_are_refused_however_they_are_written(url: str) -> None:
    with pytest.raises((RefusedAddress, BadAddress)):
        PUBLIC.fetch(url)


def test_this_machine_is_refused_also_where_a_server_answers(web: Web) -> None:
    with pytest.raises(RefusedAddress):
        PUBLIC.fetch(web.put("/a", "secret"))
    assert web.asked == []


def test_a_redirect_to_an_address_that_is_not_allowed_is_refused(web: Web) -> None:
    web.pages["/a"] = moved(web.url.replace("127.0.0.1", "127.0.0.2"))

    with pytest.raises(RefusedAddress):
        NEAR.fetch(f"{web.url}/a")
    assert web.paths() == ["/a"]


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://me:pw@127.0.0.1/"])
def test_a_redirect_to_no_web_address_is_refused(web: Web, to: str) -> None:
    web.pages["/a"] = moved(to)

    with pytest.raises(BadAddress):
        NEAR.fetch(f"{web.url}/a")


def answering(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """Let the resolver give these addresses, another list each time; return the hosts it was asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        addresses = rounds[min(len(asked), len(rounds)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_host_with_public_and_private_addresses_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["93.184.215.14", "10.0.0.1"])

    with pytest.raises(RefusedAddress, match=r"river\.example"):
        PUBLIC.fetch("http://river.example/")


def test_the_connection_goes_to_the_address_that_was_checked(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = web.put("/a", "here").split(":")[-1]
    asked = answering(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])

    got = NEAR.fetch(f"http://river.example:{port}")

    assert asked == ["river.example"]
    assert got.body == b"here"
    assert web.asked[0][1]["host"] == f"river.example:{port.removesuffix('/a')}"


def test_of_several_addresses_the_first_that_answers_is_taken(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = web.put("/a", "here").split(":")[-1]
    answering(monkeypatch, ["127.0.0.3", "127.0.0.1"])

    near = replace(NEAR, is_allowed=lambda _address: True)
    assert near.fetch(f"http://river.example:{port}").body == b"here"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "notes.md",
        "http://",
        "https:///a",
        "ftp://example.org/",
        "http://me:pw@example.org/",
        "http://[::1",
        "http://exa mple.org/",
        "http://example.org:99999/",
        "http://" + "a" * 3_000,
    ],
)
def test_what_is_no_web_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(FetchError) as raised:
        PUBLIC.fetch(url)
    assert type(raised.value) in (BadAddress, Unreachable)
    assert "pw" not in str(raised.value)


def test_messages_keep_what_the_query_says_to_themselves(web: Web) -> None:
    with pytest.raises(NotFound) as raised:
        NEAR.fetch(f"{web.url}/a?key=s3cret")

    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "error", "lasting"),
    [
        (404, NotFound, True),
        (410, Gone, True),
        (403, BadAnswer, True),
        (429, BadAnswer, False),
        (500, BadAnswer, False),
        (503, BadAnswer, False),
    ],
)
def test_each_answer_that_is_none_has_its_error(
    web: Web, status: int, error: type[BadAnswer], lasting: bool
) -> None:
    web.pages["/a"] = Answer(b"", status, {"Retry-After": "120"})

    with pytest.raises(error, match=str(status)) as raised:
        NEAR.fetch(f"{web.url}/a")
    assert type(raised.value) is error
    assert (raised.value.is_lasting, raised.value.retry_after) == (lasting, "120")


def test_a_port_at_which_nobody_listens_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached"):
        NEAR.fetch("http://127.0.0.1:9/")


def test_a_server_that_speaks_something_else_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(Unreachable):
            NEAR.fetch(f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()


def endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 65_536


def dripping() -> Iterator[bytes]:
    while True:
        time.sleep(0.05)
        yield b"x"


def test_an_endless_body_is_cut_off_at_the_limit(web: Web) -> None:
    web.pages["/a"] = Answer(endless(), headers={"Content-Type": "text/html"})

    with pytest.raises(TooLarge, match=r"larger than 1\.0 MB"):
        SMALL.fetch(f"{web.url}/a")


def test_a_small_packet_that_unfolds_to_gigabytes_is_cut_off_at_the_limit(web: Web) -> None:
    bomb = gzip.compress(b"\0" * 100_000_000)
    assert len(bomb) < 200_000

    with pytest.raises(TooLarge):
        SMALL.fetch(web.put("/a", bomb, Content_Encoding="gzip"))


def test_a_body_that_drips_is_given_up(web: Web) -> None:
    web.pages["/a"] = Answer(dripping())

    with pytest.raises(TooSlow, match="within 1 s"):
        replace(NEAR, seconds=1).fetch(f"{web.url}/a")


def test_a_fetcher_goes_into_a_child_process() -> None:
    assert pickle.loads(pickle.dumps(NEAR)) == NEAR


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A folder with an authority of the tests' own (ca.pem) and its certificate for river.example."""
    if shutil.which("openssl") is None:
        pytest.skip("certificates are made by openssl, which is not installed")
    (tmp_path / "names").write_text("subjectAltName=DNS:river.example", encoding="ascii")
    for line in (
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=tests",
        "req -newkey rsa:2048 -nodes -keyout key.pem -out request -subj /CN=river.example",
        "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem",
    ):
        subprocess.run(["openssl", *line.split()], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_the_certificate_must_be_the_named_hosts_although_the_address_is_connected_to(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    with serving(context) as web:
        port = web.put("/a", "here").split(":")[-1]
        answering(monkeypatch, ["127.0.0.1"])
        with pytest.raises(Unreachable, match=r"its certificate is not good: unable to get local issuer"):
            NEAR.fetch(f"https://river.example:{port}")
        monkeypatch.setattr("certifi.where", lambda: str(authority / "ca.pem"))

        assert NEAR.fetch(f"https://river.example:{port}").body == b"here"
        with pytest.raises(Unreachable, match=r"not valid for 'lake\.example'"):
            NEAR.fetch(f"https://lake.example:{port}")
