"""The chat page's HTTP: the stream of news, what a person may do, and who may not ask."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.clock import Clock
from bot.demo import faults
from bot.demo.chat import PAGE, ChatPage
from bot.demo.model import Json
from bot.demo.scene import Scene
from bot.demo.server import BotApiServer
from tests.conftest import NOW

LIN, ANN, CURATOR = 5100000001, 5100000002, 5100000003


@pytest.fixture
def scene() -> Iterator[Scene]:
    """The demo without a bot, on a Monday at 08:00 in Shanghai."""
    clock = Clock()
    clock.move_to(NOW)
    api = BotApiServer(now=clock.now)
    scene = Scene(api, clock, "Asia/Shanghai", "07:30")
    scene.enter()
    api.api.routes[:0] = ChatPage(scene).routes
    with api:
        yield scene


@pytest.fixture
def client(scene: Scene) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=scene.api.url, trust_env=False) as client:
        yield client


def group(scene: Scene) -> int:
    """Return the group's number."""
    return next(chat.id for chat in scene.api.state.chats.values() if chat.type == "supergroup")


def act(client: httpx.Client, action: str, **asked: Any) -> httpx.Response:
    """Do something as 小林 in the private chat, unless said otherwise."""
    return client.post(f"/chat/{action}", json={"user": LIN, "chat": LIN} | asked)


def call(scene: Scene, method: str, **parameters: Any) -> Json:
    """Make a call of the bot's and return the answer."""
    address = f"{scene.api.url}/bot{scene.api.token}/{method}"
    answer: Json = httpx.post(address, json=parameters, trust_env=False).json()
    return answer


class News:
    """The stream, event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()

    def next(self) -> tuple[str, Json]:
        """Return the next event's name and content."""
        event = ""
        for line in self._lines:
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: "):
                return event, json.loads(line.removeprefix("data: "))
        raise EOFError

    def until(self, part: str) -> Json:
        """Return the first content that has this part."""
        while part not in (content := self.next()[1]):
            pass
        return content


def test_the_page_and_its_files_are_served_with_rules_against_foreign_scripts(client: httpx.Client) -> None:
    for path in ("/", "/page/main.js", "/page/words/zh.json", "/page/style.css"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert client.get("/page/../scene.py").status_code == 404


def test_the_stream_tells_everything_at_first_and_then_what_changes(
    scene: Scene, client: httpx.Client
) -> None:
    act(client, "send", text="早")
    with client.stream("GET", "/chat/news") as response:
        news = News(response)
        event, everything = news.next()
        act(client, "send", text="晚")
        later = news.until("messages")

    assert event == "everything"
    assert [chat["title"] for chat in everything["chats"]][:3] == ["小林", "Ann", "周馆长"]
    assert [m["text"] for m in everything["messages"] if m["chat"] == LIN] == ["早"]
    assert [m["text"] for m in later["messages"]] == ["晚"]
    assert "clock" not in later


def test_edits_deletions_toasts_and_calls_are_news(scene: Scene, client: httpx.Client) -> None:
    act(client, "send", text="/start")
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "x"}]]}
    sent = call(scene, "sendMessage", chat_id=LIN, text="一", reply_markup=keyboard)["result"]["message_id"]
    with client.stream("GET", "/chat/news") as response:
        news = News(response)
        news.next()
        query = act(client, "press", message=sent, data="x").json()["query"]
        pressed = news.until("presses")
        call(scene, "answerCallbackQuery", callback_query_id=query, text="行")
        toast = news.until("toasts")
        answered = toast if "calls" in toast else news.until("calls")
        call(scene, "editMessageText", chat_id=LIN, message_id=sent, text="二")
        edited = news.until("messages")
        call(scene, "deleteMessage", chat_id=LIN, message_id=sent)
        gone = news.until("gone")

    assert [(press["user"], press["data"]) for press in pressed["presses"]] == [(LIN, "x")]
    assert [(each["text"], each["query_id"]) for each in toast["toasts"]] == [("行", query)]
    assert [(each["method"], each["message"]) for each in answered["calls"]] == [
        ("answerCallbackQuery", sent)
    ]
    assert [m["text"] for m in edited["messages"]] == ["二"]
    assert gone["gone"] == [[LIN, sent]]


def test_each_call_is_told_with_the_message_that_it_made(scene: Scene, client: httpx.Client) -> None:
    act(client, "send", text="/start")
    sent = call(scene, "sendMessage", chat_id=LIN, text="一")["result"]["message_id"]
    scene.api.faults.add("sendMessage", faults.flood(7))
    call(scene, "sendMessage", chat_id=LIN, text="二")
    with client.stream("GET", "/chat/news") as response:
        [made, refused] = News(response).next()[1]["calls"]

    assert (made["status"], made["message"], made["parameters"]["text"]) == (200, sent, "一")
    assert (refused["status"], refused["message"], refused["chat"]) == (429, None, LIN)


def test_a_press_that_waits_is_not_made_twice(scene: Scene, client: httpx.Client) -> None:
    act(client, "send", text="/start")
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "x"}]]}
    sent = call(scene, "sendMessage", chat_id=LIN, text="一", reply_markup=keyboard)["result"]["message_id"]

    queries = {act(client, "press", message=sent, data="x").json()["query"] for _ in range(10)}

    assert len(queries) == 1


def test_a_person_acts_in_their_own_chats_alone(scene: Scene, client: httpx.Client) -> None:
    assert act(client, "send", text="好", chat=group(scene)).status_code == 200
    assert act(client, "send", text="好", chat=ANN).status_code == 400
    assert scene.api.transcript(scene.users[ANN]) == []


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("send", {}),
        ("send", {"text": " "}),
        ("send", {"text": "好", "user": 1}),
        ("send", {"text": "好", "chat": "x"}),
        ("press", {"message": 99, "data": "x"}),
        ("clock", {"at": "soon"}),
        ("clock", {"minutes": -5}),
        ("clock", {"minutes": 10**9}),
        ("clock", {"minutes": 10**18}),
        ("fault", {"name": "none", "on": True}),
        ("forward", {"message": 1, "to": 1}),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    client: httpx.Client, action: str, asked: dict[str, Any]
) -> None:
    answer = act(client, action, **asked)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_other_sites_pages_may_not_ask(scene: Scene, client: httpx.Client) -> None:
    asked = {"user": LIN, "chat": LIN, "text": "好"}
    foreign = client.post("/chat/send", json=asked, headers={"Origin": "http://example.org"})
    rebound = client.post("/chat/send", json=asked, headers={"Host": "example.org"})
    form = client.post("/chat/send", data=asked)
    own = client.post("/chat/send", json=asked, headers={"Origin": scene.api.url})

    assert [a.status_code for a in (foreign, rebound, form, own)] == [403, 403, 404, 200]


def test_the_clock_moves_forward_to_tomorrow_by_minutes_and_to_a_wall_clock_time(
    scene: Scene, client: httpx.Client
) -> None:
    shown = []
    for asked in ({}, {"minutes": 60}, {"at": "2026-03-05T21:00"}):
        assert act(client, "clock", **asked).status_code == 200
        shown.append(f"{scene.local_time():%d %H:%M}")

    assert shown == ["03 07:30", "03 08:30", "05 21:00"]
    act(client, "send", text="好")
    assert scene.api.transcript(scene.users[LIN])[-1].date > NOW + dt.timedelta(days=3)


def test_faults_are_switched_on_and_off_and_one_that_happened_is_off(
    scene: Scene, client: httpx.Client
) -> None:
    act(client, "send", text="/start")
    act(client, "fault", name="flood", on=True)
    assert scene.faults() == {"slow": False, "flood": True}
    assert call(scene, "sendMessage", chat_id=LIN, text="一")["error_code"] == 429
    assert scene.faults() == {"slow": False, "flood": False}
    act(client, "fault", name="slow", on=True)
    assert scene.faults()["slow"]
    act(client, "fault", name="slow", on=False)
    assert call(scene, "sendMessage", chat_id=LIN, text="一")["ok"]


def test_whoever_blocks_the_bot_hears_nothing_more_of_it(scene: Scene, client: httpx.Client) -> None:
    act(client, "send", text="/start")
    act(client, "block", on=True)
    refused = call(scene, "sendMessage", chat_id=LIN, text="一")
    unheard = act(client, "send", text="好")
    act(client, "block", on=False)

    assert refused["description"] == "Forbidden: bot was blocked by the user"
    assert unheard.json() == {"error": "unblock the bot first"}
    assert call(scene, "sendMessage", chat_id=LIN, text="一")["ok"]


def test_a_file_is_uploaded_forwarded_and_downloaded_as_it_was(scene: Scene, client: httpx.Client) -> None:
    body = "# 石桥\n\n<script>".encode()
    sent = client.post(
        "/chat/upload", data={"user": str(LIN), "chat": str(LIN)}, files={"file": ("石桥.html", body)}
    )
    act(client, "forward", message=sent.json()["message"], to=group(scene))
    forwarded = scene.api.transcript(scene.api.state.chats[group(scene)])[-1]
    assert forwarded.document
    got = client.get(f"/chat/files/{forwarded.document.file_id}")

    assert got.content == body
    assert got.headers["Content-Disposition"] == "attachment"  # never shown as a page of ours
    assert forwarded.forward_origin
    assert forwarded.forward_origin["sender_user"]["id"] == LIN
    assert client.get("/chat/files/none").status_code == 404
    assert client.post("/chat/upload", data={"user": str(LIN), "chat": str(LIN)}).status_code == 400


def test_both_languages_of_the_page_say_the_same_things() -> None:
    chinese, english = (
        json.loads((PAGE / "words" / f"{language}.json").read_text("utf-8")) for language in ("zh", "en")
    )
    fixed = (PAGE / "index.html").read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in sorted(PAGE.glob("*.js")))

    assert list(chinese) == list(english)
    families = ("banner.", "theme.")
    assert [
        key
        for key in english
        if f'"{key}"' not in fixed and f'"{key}"' not in code and not key.startswith(families)
    ] == []
    assert ".innerHTML" not in code
    assert "insertAdjacentHTML" not in code
