"""`rizhi demo` as a person starts and ends it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

PATIENCE_SECONDS = 120


@contextmanager
def demo(
    environment: dict[str, str], folder: Path, *options: str, browser: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Run `rizhi demo` in a folder that is also its temporary one."""
    (folder / "tmp").mkdir(exist_ok=True)
    env = environment | {"TMPDIR": str(folder / "tmp"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "bot", "demo", *([] if browser else ["--no-browser"]), *options]
    running = subprocess.Popen(
        command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def address_of(running: subprocess.Popen[str]) -> tuple[str, str]:
    """Return the address that it prints, and what it printed before."""
    assert running.stdout
    said = ""
    for line in running.stdout:
        if line.startswith("The demo is at "):
            return line.split()[4], said
        said += line
    raise AssertionError(said)


def everything(address: str) -> dict[str, Any]:
    """Return what a page that opens is told."""
    with httpx.stream("GET", f"{address}chat/news", trust_env=False) as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                told: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return told
    raise EOFError


def wait_for_bot(address: str) -> dict[str, Any]:
    """Return what a page is told once the bot runs and the documents are read."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        told = everything(address)
        library = told["library"]
        if told["bot"]["status"] == "running" and library["done"] == library["total"]:
            return told
        time.sleep(0.1)
    raise TimeoutError


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_plays_until_it_is_told_to_stop_and_leaves_nothing_behind(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip(f"{number.name} is ignored here (nohup), and so by what is started from here")
    with demo(environment, tmp_path, "--port", "0") as running:
        address, _ = address_of(running)
        assert "日知" in httpx.get(address, trust_env=False).text
        if number == signal.SIGTERM:  # the others stop it while it reads
            assert wait_for_bot(address)["library"]["failed"] == []
        running.send_signal(number)
        out, errors = running.communicate(timeout=PATIENCE_SECONDS)

    assert running.returncode == 0
    assert out.endswith("Nothing was kept.\n")
    assert "Traceback" not in errors
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "home").exists()


def test_own_documents_are_read_too_and_one_that_cannot_be_read_is_named(
    environment: dict[str, str], tmp_path: Path
) -> None:
    documents = tmp_path / "石桥"
    documents.mkdir()
    (documents / "桥.md").write_text("# 石桥\n\n石桥的栏杆上有七只鸽子，天亮就飞走。", encoding="utf-8")
    (documents / "空.txt").write_text("", encoding="utf-8")
    with demo(environment, tmp_path, "--port", "0", "--documents", str(documents)) as running:
        address, _ = address_of(running)
        told = wait_for_bot(address)
        ann = next(chat["id"] for chat in told["chats"])
        asked = {"user": ann, "chat": ann, "text": "七只鸽子"}
        assert httpx.post(f"{address}chat/send", json=asked, trust_env=False).status_code == 200
        said = wait_for_answer(address, ann)

    assert [name for name, _ in told["library"]["failed"]] == ["空.txt"]
    assert "石桥的栏杆上有七只鸽子" in said


def wait_for_answer(address: str, chat: int, other_than: str = "") -> str:
    """Return the bot's last words in the chat, once there are any (other than these)."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        said = [
            m["text"] for m in everything(address).get("messages", []) if m["chat"] == chat and m["by_bot"]
        ]
        if said and said[-1] != other_than:
            return str(said[-1])
        time.sleep(0.1)
    raise TimeoutError


def test_where_the_port_is_taken_the_next_free_one_is_and_that_is_said(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with demo(environment, tmp_path, "--port", str(port)) as running:
            address, said = address_of(running)

    assert said.startswith(f"Port {port} is in use; taking ")
    assert int(address.rstrip("/").rpartition(":")[2]) > port


def act(address: str, action: str, **asked: Any) -> None:
    """Do something as the first of the people."""
    answer = httpx.post(f"{address}chat/{action}", json=asked, trust_env=False)
    assert answer.status_code == 200, answer.text


def test_what_shall_be_kept_is_there_when_the_demo_begins_again(
    environment: dict[str, str], tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with demo(environment, tmp_path, "--port", "0", "--keep", str(kept)) as running:
        address = address_of(running)[0]
        me = wait_for_bot(address)["chats"][0]["id"]
        act(address, "send", user=me, chat=me, text="水")
        said = wait_for_answer(address, me)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE_SECONDS)
    with demo(environment, tmp_path, "--port", "0", "--keep", str(kept)) as running:
        address = address_of(running)[0]
        wait_for_bot(address)
        again = [message for message in everything(address)["messages"] if message["chat"] == me]
        buttons = [each for row in again[-1]["reply_markup"]["inline_keyboard"] for each in row]
        [turn] = [button for button in buttons if button["text"] == "›"]
        act(address, "press", user=me, chat=me, message=again[-1]["message_id"], data=turn["callback_data"])
        turned = wait_for_answer(address, me, other_than=said)

    assert (kept / "rizhi.db").stat().st_size > 0
    assert [message["text"] for message in again] == ["水", said]
    assert turned.startswith("🔍 水")  # the button of last time turns the page


def test_a_folder_that_another_program_wrote_in_is_left_as_it_is(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "chats.json").write_text("{}", encoding="utf-8")
    with demo(environment, tmp_path, "--port", "0", "--keep", str(tmp_path)) as running:
        _, errors = running.communicate(timeout=PATIENCE_SECONDS)

    assert running.returncode == 1
    assert "cannot be read" in errors
    assert "Traceback" not in errors
    assert (tmp_path / "chats.json").read_text(encoding="utf-8") == "{}"


def test_where_there_is_no_browser_that_is_said_and_the_page_is_there_all_the_same(
    environment: dict[str, str], tmp_path: Path
) -> None:
    none = environment | {"BROWSER": "/nowhere/browser", "PATH": str(tmp_path), "DISPLAY": ""}
    with demo(none, tmp_path, "--port", "0", browser=True) as running:
        address = address_of(running)[0]
        assert running.stdout
        said = running.stdout.readline()
        assert httpx.get(address, trust_env=False).status_code == 200

    assert said == "No browser could be opened: open the address yourself.\n"
