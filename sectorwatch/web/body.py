"""What a form sends, read within bounds."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.requests import Request

MAX_BODY = 16 * 1024  # bytes: a note and some choices
MAX_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"


class BadRequest(Exception):
    """A request that is not what our pages send; answered with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class Form:
    """The fields of a form."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
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
    if request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
        raise BadRequest(415)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise BadRequest(413)
    try:
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS, separator="&"
        )
    except ValueError as error:  # UnicodeDecodeError is one
        raise BadRequest(400) from error
    return Form(fields)
