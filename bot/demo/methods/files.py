"""Documents and photos: what is sent besides text."""

from __future__ import annotations

from bot.demo.access import find_open_chat
from bot.demo.errors import ApiError, bad_request
from bot.demo.formatting import format_caption
from bot.demo.methods.messages import author, common_fields
from bot.demo.model import File, Json
from bot.demo.parameters import Parameters
from bot.demo.state import State
from bot.demo.views import message_json

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
"""What a bot may send and fetch by Telegram's own server."""


def send_document(state: State, given: Parameters) -> Json:
    """Store a message with a file, uploaded or known by its id, and return it."""
    return _send_file(state, given, "document")


def send_photo(state: State, given: Parameters) -> Json:
    """Store a message with a photo, uploaded or known by its id, and return it."""
    return _send_file(state, given, "photo")


def _send_file(state: State, given: Parameters, kind: str) -> Json:
    chat = find_open_chat(state, given)
    text, entities = format_caption(
        given.text("caption"),
        given.text("parse_mode"),
        given.json("caption_entities", "caption entities") or [],
    )
    fields = common_fields(state, chat, given)
    file = _file(state, given, kind)
    message = state.add_message(
        chat, author(state, chat), text=text, entities=entities, **{kind: file}, **fields
    )
    return message_json(state, message)


def _file(state: State, given: Parameters, kind: str) -> File:
    upload = given.upload(kind)
    if upload is None:
        return _known_file(state, given, kind)
    if not upload.body:
        raise bad_request("file must be non-empty")
    if len(upload.body) > MAX_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return state.add_file(f"{kind}s", upload.name, upload.body)


def _known_file(state: State, given: Parameters, kind: str) -> File:
    if kind not in given:
        raise bad_request(f"there is no {kind} in the request")
    file = state.files.get(given.text(kind))
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file


def get_file(state: State, given: Parameters) -> Json:
    """Return where a file can be downloaded."""
    if "file_id" not in given:
        raise bad_request("file_id not specified")
    file = state.files.get(given.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.body) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    ids = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    return ids | {"file_size": len(file.body), "file_path": file.path}


METHODS = {
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "getFile": get_file,
}
