"""Web articles and feeds as a person takes them in, from a server on this machine.

`rizhi` runs with a fetcher that may reach that server (see `tests/web.py`).
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import Rizhi, json_lines
from tests.command_line import run_here
from tests.web import Answer, Web, main, serving

MIST = "清早的河面上起了一层薄雾，船家把缆绳绕在木桩上，才坐下来喝茶。"
FERRY = "摆渡的人把桨收起来，说今年的水位比去年低了两尺。"


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def near(tmp_path: Path, environment: dict[str, str]) -> Rizhi:
    """Run `rizhi …` with a fetcher that reaches the server of the tests."""

    def run(*arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
        return run_here(main, arguments, tmp_path, environment | extra)

    return run


def feed_of(*numbers: int) -> str:
    items = "".join(
        f"<item><guid>{number}</guid><title>河事之{number}</title><description>&lt;p&gt;第{number}天，"
        f"{MIST * 12}&lt;/p&gt;</description></item>"
        for number in numbers
    )
    return f'<rss version="2.0"><channel><title>河湾日报</title>{items}</channel></rss>'


def test_a_feed_is_added_and_polled_and_what_is_new_is_found(near: Rizhi, web: Web) -> None:
    url = web.put("/feed.xml", feed_of(2, 1), "application/rss+xml", ETag='"1"')

    added = near("feed", "add", url, "--collection", "河湾")
    first = near("feed", "poll")
    unchanged = near("feed", "poll", url)
    web.put("/feed.xml", feed_of(3, 2, 1), "application/rss+xml", ETag='"2"')
    second = near("feed", "poll")

    assert added.stdout.splitlines()[0] == "“河湾日报” goes into “河湾”; entries: 2."
    assert first.stdout == f"{url}: 2 imported\n"
    assert unchanged.stdout == f"{url}: nothing new\n"
    assert second.stdout == f"{url}: 1 imported\n"
    [hit] = json_lines(near("search", '"第3天"', "--json"))[0]["hits"]
    assert hit["article"] == "河事之3"
    assert "河湾" in near("feed", "list").stdout
    assert near("doctor").stdout.count("1 feed polled, none in trouble") == 1
    removed = near("feed", "remove", url)
    assert removed.returncode == 0
    assert "There is no feed yet" in near("feed", "list").stdout
    assert json_lines(near("search", '"第3天"', "--json"))[0]["total"] == 1


def test_a_feed_in_trouble_is_told_by_the_list_and_by_the_doctor(near: Rizhi, web: Web) -> None:
    url = web.put("/feed.xml", feed_of(1), "application/rss+xml")
    near("feed", "add", url)
    web.pages["/feed.xml"] = Answer(b"", 410)

    polled = near("feed", "poll")

    assert polled.returncode == 1
    assert polled.stderr == f"{url}: What was at that address is gone for good (status 410).\n"
    assert "gone" in near("feed", "list").stdout
    assert f"→ Remove it: rizhi feed remove {url}" in near("doctor").stdout


def test_what_is_no_feed_is_not_added(near: Rizhi, web: Web) -> None:
    link = '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'
    url = web.put("/", f"<html><head>{link}</head><body><p>{MIST}</p></body></html>")

    done = near("feed", "add", url)

    assert done.returncode == 1
    assert done.stderr == f"Error: What is at {url} is no feed; its feed is at {web.url}/atom.xml.\n"


def test_the_same_feed_twice_and_a_feed_that_is_not_there_are_told(near: Rizhi, web: Web) -> None:
    url = web.put("/feed.xml", feed_of(1), "application/rss+xml")
    near("feed", "add", url)

    assert "is polled already" in near("feed", "add", url).stderr
    for verb in ("poll", "remove"):
        done = near("feed", verb, f"{web.url}/other")
        assert (done.returncode, "no feed" in done.stderr) == (1, True)


def test_a_web_article_goes_in_by_its_address_and_again_as_a_new_version(near: Rizhi, web: Web) -> None:
    page = (
        f"<html><head><title>渡口 - 河湾网</title></head><body><h1>渡口</h1><p>{MIST * 5}</p><p>{FERRY}</p>"
    )
    url = web.put("/%E6%B2%B3/ferry.html", page)

    [first] = json_lines(near("import", url, "--json"))
    web.put("/%E6%B2%B3/ferry.html", page.replace("两尺", "三尺"))
    [second] = json_lines(near("import", url, "--json"))

    assert (first["document"], first["status"]) == ("127.0.0.1/河/ferry.html", "imported")
    assert [(each["title"], each["source"]) for each in first["articles"]] == [("渡口", "127.0.0.1")]
    assert second["status"] == "updated"
    assert "三尺" in second["articles"][0]["paragraphs"][-1]


def test_addresses_and_files_go_in_together_and_a_bad_one_keeps_nothing_back(
    near: Rizhi, web: Web, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text(f"# 渡口\n\n{MIST}\n", encoding="utf-8")
    note = web.put("/plain.txt", f"摆渡\n\n{FERRY * 3}".encode("gb18030"), "text/plain; charset=iso-8859-1")
    feed = web.put("/feed.xml", feed_of(1), "application/rss+xml")

    done = near("import", tmp_path / "notes.md", note, f"{web.url}/gone?key=s3cret", feed, "--json")

    outcomes = {line["document"]: (line["status"], line["error"]) for line in json_lines(done)}
    assert outcomes == {
        "notes.md": ("imported", None),
        "127.0.0.1/plain.txt": ("imported", None),
        f"{web.url}/gone?…": ("failed", "There is nothing at that address (status 404); check it."),
        feed: ("failed", "What is there is of a kind that is not read (a feed: rizhi feed add polls it)."),
    }
    assert done.returncode == 1
    assert "s3cret" not in done.stdout + done.stderr


def test_a_person_reaches_no_server_of_this_machine(rizhi: Rizhi, web: Web) -> None:
    url = web.put("/a.html", f"<p>{MIST}</p>")

    for command in (("import", url), ("feed", "add", url)):
        done = rizhi(*command)
        assert done.returncode == 1
        assert "not on the public internet" in done.stdout.replace("\n", " ") + done.stderr
    assert web.asked == []
