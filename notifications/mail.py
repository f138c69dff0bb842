"""The bytes of one mail: text and HTML from the same words, one recipient, headers that nobody can break out of."""

import base64
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

from notifications.channels.base import Parcel
from notifications.messages import escape_header

_BOUNDARY = "=_contractorhub_alternative_="


def build_mail(parcel: Parcel, *, sender: str, at: datetime) -> bytes:
    """A multipart/alternative message with CRLF line ends (RFC 5322, RFC 2045).

    Bodies are base64: no line is too long, none starts with a dot, and no server needs 8BITMIME.
    """
    headers = [
        f"From: {sender}",
        f"To: {_mailbox(parcel.name, parcel.address)}",
        f"Subject: {_header(parcel.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {parcel.message_id}",
        *(
            [f"In-Reply-To: {parcel.references}", f"References: {parcel.references}"]
            if parcel.references
            else []
        ),
        "Auto-Submitted: auto-generated",  # RFC 3834: out-of-office robots do not answer
        "X-Auto-Response-Suppress: All",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"',
    ]
    parts = [_part("plain", parcel.text)]
    if parcel.html:
        parts.append(_part("html", parcel.html))
    lines = ["\r\n".join(headers), "", *parts, f"--{_BOUNDARY}--", ""]
    return "\r\n".join(lines).encode("ascii")


def _part(subtype: str, words: str) -> str:
    body = base64.encodebytes(words.encode()).decode("ascii").replace("\n", "\r\n")
    return (
        f"--{_BOUNDARY}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}"
    )


def _header(words: str) -> str:
    """A header value: one line, encoded (RFC 2047) and folded where it must be."""
    line = escape_header(words)
    if line.isascii() and len(line) < 60:
        return line
    return Header(line, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _mailbox(name: str, address: str) -> str:
    clean = escape_header(name)
    return formataddr((clean, address)) if clean.isascii() else formataddr((clean, address), charset="utf-8")
