"""The bytes of mails: a skeleton encoded once a notice and language, filled safely for each person."""

import base64
import re
from datetime import datetime
from email.utils import format_datetime, parseaddr, quote
from functools import lru_cache
from typing import Final

from notifications.channels.base import Parcel, Words
from notifications.messages import escape_header, escape_html, split_places

_BOUNDARY: Final = "=_contractorhub_alternative_="
_LINE: Final = 72  # encoded characters on a line; RFC 2045 allows 76 with the soft break
_SOFT_BREAK: Final = b"=\r\n"
_SAFE: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,;:!?'()/+-*<>\"&#%@_"
)
_SAFE_ONLY: Final = re.compile(rb"[A-Za-z0-9 ,;:!?'()/+*@_-]{0,70}")
_ATOMS: Final = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")


class MailSkeleton:
    """A multipart/alternative mail of one notice and language: everything that is the same for all is encoded.

    Bodies are quoted-printable (RFC 2045): a person's words go in between two soft line breaks, each octet that
    could mean anything encoded, so that no line is too long, none starts with a dot, and no server needs 8BITMIME.
    """

    def __init__(self, words: Words, *, sender: str, at: datetime) -> None:
        self._subject = words.subject
        is_same_for_all = len(split_places(words.subject)) == 1
        self._fixed_subject = _unstructured("Subject", words.subject) if is_same_for_all else b""
        self._head = b"".join(
            [
                b"From: " + mailbox(*parseaddr(sender)) + b"\r\n",
                f"Date: {format_datetime(at)}\r\n".encode("ascii"),
                # RFC 3834: out-of-office robots do not answer.
                b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n",
                f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n'.encode("ascii"),
            ]
        )
        self._pieces: list[bytes] = [b"\r\n"]
        # Of the pieces: where a person's own words go, which, and whether into HTML.
        self._places: list[tuple[int, str, bool]] = []
        self._add_part("plain", words.text)
        if words.html:
            self._add_part("html", words.html)
        self._pieces.append(f"--{_BOUNDARY}--\r\n".encode("ascii"))

    def fill(self, parcel: Parcel) -> bytes:
        """One person's mail with CRLF line ends (RFC 5322), without the final dot."""
        pieces = [
            b"To: ",
            mailbox(parcel.name, parcel.address),
            b"\r\n",
            self._fixed_subject or _unstructured("Subject", parcel.subject),
            b"Message-ID: ",
            parcel.message_id.encode("ascii"),
            b"\r\n",
        ]
        if parcel.references:
            first = parcel.references.encode("ascii")
            pieces += [b"In-Reply-To: ", first, b"\r\nReferences: ", first, b"\r\n"]
        if parcel.unsubscribe_link:
            link = parcel.unsubscribe_link.encode("ascii")
            pieces += [
                b"List-Unsubscribe: <",
                link,
                b">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            ]
        pieces.append(self._head)
        body, fields = self._pieces.copy(), parcel.fields
        for place, name, is_html in self._places:
            value = fields.get(name, "")
            body[place] = _html_value(value) if is_html else _value(value)
        return b"".join(pieces + body)

    def _add_part(self, subtype: str, words: str) -> None:
        """Add a body part: its encoded words, and a place for each of a person's own words."""
        head = (
            f"--{_BOUNDARY}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        self._pieces.append(head.encode("ascii"))
        for position, half in enumerate(split_places(words)):
            if position % 2:
                self._places.append((len(self._pieces), half, subtype == "html"))
            self._pieces.append(b"" if position % 2 else quoted_printable(half))
        self._pieces.append(b"\r\n")


def quoted_printable(words: str) -> bytes:
    """Encode words (RFC 2045 section 6.7); the last line is left open, so that more can follow after a soft break."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return b"\r\n".join(_encoded_line(line.encode()) for line in lines)


def _encoded_line(line: bytes) -> bytes:
    """One line, encoded and softly broken; a space at its end is encoded, for relays strip it."""
    tokens = [bytes((octet,)) if octet in _SAFE or octet in b"." else b"=%02X" % octet for octet in line]
    if tokens and tokens[-1] == b" ":
        tokens[-1] = b"=20"
    broken: list[bytes] = []
    width = 0
    for position, token in enumerate(tokens):
        if width + len(token) > _LINE:
            broken.append(_SOFT_BREAK)
            width = 0
        if width == 0 and token in {b".", b"F"}:  # no dot and no "From " at the start of a line
            token = b"=%02X" % line[position]
        broken.append(token)
        width += len(token)
    return b"".join(broken)


@lru_cache(maxsize=4_096)
def _value(words: str) -> bytes:
    """A person's words between two soft line breaks."""
    octets = words.encode()
    if _SAFE_ONLY.fullmatch(octets) and not octets.startswith(b"F"):
        return _SOFT_BREAK + octets + _SOFT_BREAK
    encoded = b"".join(bytes((octet,)) if octet in _SAFE else b"=%02X" % octet for octet in octets)
    return _SOFT_BREAK + _softly_broken(encoded) + _SOFT_BREAK


@lru_cache(maxsize=4_096)
def _html_value(words: str) -> bytes:
    """A person's words between two soft line breaks, escaped for HTML."""
    return _value(escape_html(words))


def _softly_broken(encoded: bytes) -> bytes:
    tokens = re.findall(rb"=[0-9A-F]{2}|[^=]", encoded)
    lines = [b"".join(tokens[first : first + 24]) for first in range(0, len(tokens), 24)]
    return _SOFT_BREAK.join(b"=46" + line[1:] if line.startswith(b"F") else line for line in lines)


@lru_cache(maxsize=1_024)
def _unstructured(header: str, words: str) -> bytes:
    """A header on one line, or encoded (RFC 2047) and folded where it must be; no word breaks out of it."""
    line = escape_header(words)
    if line.isascii() and len(line) < 900 and "=?" not in line:
        return _folded(f"{header}: {line}") + b"\r\n"
    return header.encode("ascii") + b": " + b"\r\n ".join(_encoded_words(line)) + b"\r\n"


def _folded(line: str) -> bytes:
    """Fold a header at spaces so that no line is longer than 78 characters where it can be helped."""
    lines, current = [], ""
    for word in line.split(" "):
        if current and len(current) + 1 + len(word) > 76:
            lines.append(current)
            current = " " + word
        else:
            current = f"{current} {word}" if current else word
    return "\r\n".join([*lines, current]).encode("ascii")


def _encoded_words(line: str) -> list[bytes]:
    """Encoded words of at most 75 characters, each whole characters of UTF-8 (RFC 2047 section 2 and 5)."""
    chunks, current = [], b""
    for character in line:
        octets = character.encode()
        if len(current) + len(octets) > 42:
            chunks.append(current)
            current = b""
        current += octets
    chunks.append(current)
    return [b"=?utf-8?b?" + base64.b64encode(chunk) + b"?=" for chunk in chunks]


def mailbox(name: str, address: str) -> bytes:
    """A recipient for the To header; the address must be mailable, the name may be anything."""
    clean = escape_header(name)
    where = f"<{address}>".encode("ascii")
    if not clean:
        return where
    if not clean.isascii():
        return b"\r\n ".join([*_encoded_words(clean[:120]), where])
    if _ATOMS.fullmatch(clean) and "=?" not in clean:
        return f"{clean[:200]} ".encode("ascii") + where
    return f'"{quote(clean[:200])}" '.encode("ascii") + where
