"""The chats that `--keep` writes, and reads again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.demo.keeping import CHATS, kept
from bot.demo.scene import Scene
from bot.demo.server import BotApiServer
from tests.bot.demo.test_chat import ANN, CURATOR, LIN, call, group
from tests.conftest import NOW


def new_scene() -> Scene:
    """Return the demo as it begins, in a process of its own, on a Monday at 08:00 in Shanghai."""
    clock = Clock()
    clock.move_to(NOW)
    scene = Scene(BotApiServer(now=clock.now), clock, "Asia/Shanghai", "07:30")
    scene.enter()
    return scene


def talk(scene: Scene) -> None:
    """Let people and bot say something of every kind."""
    lin, ann, curator = scene.users[LIN], scene.users[ANN], scene.users[CURATOR]
    with scene.api:
        lin.start()
        keys = [[{"text": "读完了", "callback_data": "r:1"}]]
        call(
            scene,
            "sendMessage",
            chat_id=LIN,
            text="<b>石</b>桥",
            parse_mode="HTML",
            reply_markup={"inline_keyboard": keys},
        )
        call(scene, "sendPoll", chat_id=LIN, question="几点？", options=["7", "9"], is_anonymous=False)
        lin.vote(scene.api.transcript(lin)[-1], 1)
        ann.start("s_1")
        ann.block()
        curator.send_document("桥.md", "# 石桥".encode())
        curator.forward(scene.api.transcript(curator)[-1], scene.api.state.chats[group(scene)])
        lin.send("好", scene.api.state.chats[group(scene)])


def test_all_that_was_said_is_there_again(tmp_path: Path) -> None:
    before, after = new_scene(), new_scene()
    with kept(before, tmp_path):
        talk(before)
    with kept(after, tmp_path):
        pass

    for number, chat in before.api.state.chats.items():
        again = after.api.state.chats[number]
        strip = [
            [
                (m.message_id, m.html, m.date, m.poll, m.buttons, m.document, m.forward_origin, m.service)
                for m in each.messages.values()
            ]
            for each in (chat, again)
        ]
        assert strip[0] == strip[1]
        assert [m.sender and m.sender.id for m in again.messages.values()] == [
            m.sender and m.sender.id for m in chat.messages.values()
        ]
    assert after.users[ANN].person.blocked
    assert [user.person.started for user in after.users.values()] == [True, True, True]
    (own, *_) = after.api.transcript(after.users[LIN])
    assert own.sender is after.users[LIN].person  # so that it can still be edited


def test_numbers_go_on_where_they_were(tmp_path: Path) -> None:
    before, after = new_scene(), new_scene()
    with kept(before, tmp_path):
        talk(before)
        last = before.users[LIN].send("一").message_id
        file = before.users[CURATOR].send_document("一.md", b"x").document
    with kept(after, tmp_path):
        next_file = after.users[CURATOR].send_document("二.md", b"y").document

        assert after.users[LIN].send("二").message_id == last + 3  # after two files
        assert file
        assert next_file
        assert file.file_id != next_file.file_id
        assert after.api.state.files[file.file_id].body == b"x"
        room = after.api.state.chats[group(after)]
        assert (
            after.users[LIN].send("三", room).message_id == max(before.api.state.chats[room.id].messages) + 1
        )


def test_a_clock_that_was_moved_does_not_go_back(tmp_path: Path) -> None:
    before, after = new_scene(), new_scene()
    with kept(before, tmp_path):
        before.move_clock(NOW + dt.timedelta(days=3))
    with kept(after, tmp_path):
        assert after.clock.now() >= NOW + dt.timedelta(days=3)


def test_what_went_wrong_meanwhile_is_no_reason_to_keep_nothing(tmp_path: Path) -> None:
    scene = new_scene()
    with pytest.raises(KeyboardInterrupt), kept(scene, tmp_path):
        raise KeyboardInterrupt

    assert (tmp_path / CHATS).exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"clock": 1}'])
def test_what_is_not_ours_is_neither_read_nor_written_over(tmp_path: Path, text: str) -> None:
    (tmp_path / CHATS).write_text(text, encoding="utf-8")

    with pytest.raises((ValueError, LookupError, TypeError)), kept(new_scene(), tmp_path):
        pass
    assert (tmp_path / CHATS).read_text(encoding="utf-8") == text
