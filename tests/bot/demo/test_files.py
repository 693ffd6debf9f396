"""Files: sent by users and by the bot, fetched over HTTP, refused where they are too big or unknown."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from telegram import Bot

from bot.demo.methods.files import MAX_DOWNLOAD_BYTES
from bot.demo.server import BotApiServer
from tests.bot.demo.conftest import refusal

NAMES = ["笔记.txt", "no suffix", "a/b.md", "x" * 200 + ".txt"]


@pytest.mark.parametrize("name", NAMES)
async def test_a_users_file_can_be_fetched(api: BotApiServer, bot: Bot, name: str) -> None:
    ann = api.user("Ann")
    ann.send_document(name, "学而不思则罔".encode("gb18030"), caption="for /import")
    message = (await bot.get_updates(timeout=0))[-1].message
    assert message
    assert message.document
    assert (message.document.file_name, message.document.file_size) == (name, 12)
    assert message.caption == "for /import"
    assert [entity.type for entity in message.caption_entities] == ["bot_command"]
    file = await message.document.get_file()
    assert bytes(await file.download_as_bytearray()).decode("gb18030") == "学而不思则罔"


async def test_the_bots_file_arrives_and_can_be_sent_again(
    api: BotApiServer, bot: Bot, tmp_path: Path
) -> None:
    ann = api.user("Ann")
    ann.start()
    path = tmp_path / "notes.md"
    path.write_bytes(b"# notes")
    sent = await bot.send_document(ann.id, path, caption="<b>yours</b>", parse_mode="HTML")
    stored = api.transcript(ann)[-1]
    assert stored.document
    assert (stored.document.name, stored.document.body, stored.html) == (
        "notes.md",
        b"# notes",
        "<b>yours</b>",
    )
    assert sent.document
    again = await bot.send_document(ann.id, sent.document.file_id)
    assert again.document
    assert again.document.file_unique_id == sent.document.file_unique_id
    photo = await bot.send_photo(ann.id, b"\x89PNG", caption="x")
    assert [(size.width, size.height) for size in photo.photo] == [(1280, 720)]  # no header to read
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 1080, 1350)
    measured = await bot.send_photo(ann.id, header)
    assert [(size.width, size.height) for size in measured.photo] == [(1080, 1350)]


async def test_bad_files_are_refused(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    assert await refusal(api, bot.send_document(ann.id, b"")) == "Bad Request: file must be non-empty"
    words = "Bad Request: wrong file identifier/HTTP URL specified"
    assert await refusal(api, bot.send_document(ann.id, "unknown")) == words
    words = "Bad Request: message caption is too long"
    assert await refusal(api, bot.send_document(ann.id, b"x", caption="x" * 1025)) == words
    words = "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await refusal(api, bot.get_file("unknown")) == words


async def test_files_over_twenty_megabytes_cannot_be_fetched(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    big = ann.send_document("big.txt", bytes(MAX_DOWNLOAD_BYTES + 1)).document
    fits = ann.send_document("fits.txt", bytes(MAX_DOWNLOAD_BYTES)).document
    assert big
    assert await refusal(api, bot.get_file(big.file_id)) == "Bad Request: file is too big"
    assert fits
    assert (await bot.get_file(fits.file_id)).file_size == MAX_DOWNLOAD_BYTES
