"""A call's parameters, however they came: query, form, multipart, JSON. Read leniently."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.demo.errors import bad_request
from bot.demo.model import Json

MAX_PART_BYTES = 16 * 1024 * 1024
"""Of a parameter that is not a file; beyond all limits on texts."""


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    body: bytes


class Parameters:
    """Named values as text or as JSON values, and uploaded files."""

    def __init__(self, values: Json, uploads: dict[str, Upload]) -> None:
        self.values = values
        self.uploads = uploads

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return the value as text; "" where there is none."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str) -> int | None:
        """Return the value as a whole number, None where there is none or it is not one."""
        text = self.text(name).strip()
        return int(text) if text.removeprefix("-").isdecimal() else None

    def flag(self, name: str) -> bool:
        """Return whether the value says yes, as the Bot API understands it."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """Return the value decoded, None where there is none. Raises ApiError: can't parse `what`."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """Return the file sent under this name, or under the name that the value is attached by."""
        return self.uploads.get(name) or self.uploads.get(self.text(name).removeprefix("attach://"))


async def read_parameters(request: Request) -> Parameters:
    """Return the call's parameters, the body's before the query's. Raises ApiError for broken JSON."""
    values: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Parameters(values | _object(await request.body()), {})
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return Parameters(values, {})
    uploads: dict[str, Upload] = {}
    async with request.form(max_part_size=MAX_PART_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or name, await value.read())
            else:
                values[name] = value
    return Parameters(values, uploads)


def _object(body: bytes) -> Json:
    try:
        decoded = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request("object expected")
    return decoded
