"""What a form sends, read within bounds."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs

from starlette.requests import Request

MAX_BODY = 16 * 1024  # bytes: a note and some choices
MAX_FIELDS = 500  # sectors to choose from are fields too
Fields = dict[str, list[str]]
_FORM = "application/x-www-form-urlencoded"


class BadRequest(Exception):
    """A request that is not what our pages send; answered with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class Form:
    """The fields of a form."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def one(self, name: str) -> str:
        """The field's only, or last, value; "" where it is missing."""
        return self._fields.get(name, [""])[-1]

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return self._fields.get(name, [])

    @property
    def one_click(self) -> bool:
        """Whether a mail program unsubscribes its user (RFC 8058, 3.1)."""
        return self.one("List-Unsubscribe") == "One-Click"


async def form_of(request: Request) -> Form:
    """The form in the body of a request. Raises BadRequest: 413 too large, 415 another type, 400 cannot be read."""
    declared = request.headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdecimal():
        raise BadRequest(400)
    if int(declared) > MAX_BODY:
        raise BadRequest(413)
    kind = request.headers.get("content-type", _FORM)
    read = _READERS.get(kind.partition(";")[0].strip().lower())
    if read is None:
        raise BadRequest(415)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise BadRequest(413)
    try:
        return Form(read(bytes(body), kind))
    except ValueError as error:  # UnicodeDecodeError is one
        raise BadRequest(400) from error


def _urlencoded(body: bytes, _kind: str) -> Fields:
    return parse_qs(
        body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS, separator="&"
    )


def _multipart(body: bytes, kind: str) -> Fields:
    """What mail services send for one click (RFC 8058, 3.2). Files are left out."""
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if not parts or len(parts) > MAX_FIELDS:
        raise ValueError("no form, or too long a one")
    fields: Fields = {}
    for part in parts:
        name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes) and part.get_filename() is None:
            fields.setdefault(name, []).append(value.decode("utf-8"))
    return fields


_READERS = {_FORM: _urlencoded, "multipart/form-data": _multipart}
