"""An alert as an e-mail: headers that hold, text and HTML."""

from __future__ import annotations

import re
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, getaddresses

from sectorwatch.domain import Message, utc

# Bodies as base64 or quoted-printable: no relay on the way may break a long line of 8-bit text, or the letters in it.
_POLICY = SMTP.clone(cte_type="7bit")
_LINE = 76  # characters of a header line with encoded words, at most
_LONGEST_LINK = 900  # characters: with its header's name within the 998 of a line (RFC 5322, 2.1.1)
_HEADER_LINK = re.compile(r"https://[!#-;=?-~]+")  # printable ASCII but the space, the quotation mark, < and >


def compose(message: Message, *, sender: str, recipient: str, date: datetime) -> EmailMessage:
    """The mail of one delivery to one recipient.

    Its Message-ID is that of the delivery, so that mail programs can merge a repeat. The subject is folded by the
    mail policy. `Auto-Submitted` keeps vacation answers away (RFC 3834). One click unsubscribes (RFC 8058).
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _from(sender)
    mail["To"] = Address(addr_spec=recipient)
    mail.set_raw("Subject", folded("Subject", message.title))
    mail["Date"] = format_datetime(utc(date))
    mail["Message-ID"] = f"<{message.id}@{domain_of(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe and _fits_a_header(message.unsubscribe):
        mail["List-Unsubscribe"] = _Unfolded("List-Unsubscribe", f"<{message.unsubscribe}>")
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail


class _Unfolded(str):
    """A header that no policy refolds: `EmailMessage` would make encoded words of a long link."""

    name: str

    def __new__(cls, name: str, value: str) -> _Unfolded:
        header = super().__new__(cls, value)
        header.name = name
        return header

    def fold(self, *, policy: Policy[EmailMessage]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _fits_a_header(link: str) -> bool:
    """Only https takes part in one click; no character may end the header or the link."""
    return len(link) <= _LONGEST_LINK and _HEADER_LINK.fullmatch(link) is not None


def folded(name: str, value: str) -> str:
    """A header value in encoded words, in lines that every relay takes (RFC 2047).

    Made by `Header`: `EmailMessage` of Python 3.11 loses the space between two encoded words.
    """
    charset = "us-ascii" if value.isascii() else "utf-8"
    return Header(value, charset, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")


def single_address(text: str) -> str | None:
    """The bare address in "name <address>" or "address", its domain in ASCII; None for none or several."""
    if any(character in text for character in "\r\n\0"):
        return None
    found = getaddresses([text])
    if len(found) != 1:
        return None
    local, at, domain = found[0][1].rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        address = Address(addr_spec=f"{local}@{domain}").addr_spec
    except (UnicodeError, ValueError, IndexError, MessageError):
        return None
    return address if local and at and domain else None


def domain_of(sender: str) -> str:
    """The domain of the sender's address: mail ids are made unique by it."""
    return (single_address(sender) or "").rpartition("@")[2] or "localhost"


def _from(sender: str) -> Address:
    name = getaddresses([sender])[0][0]
    return Address(display_name=name, addr_spec=single_address(sender) or "")
