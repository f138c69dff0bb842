"""One SMTP connection that pipelines: the end of one mail and the envelope of the next travel together (RFC 2920)."""

import re
import smtplib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notifications.channels.base import Outcome, Reply

_ENHANCED = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\s")
_GOOD_ADDRESS = re.compile(r"^[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+$")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in its envelope."""

    delivery_id: int
    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True, slots=True)
class MailServerAddress:
    """Where and how to hand mail over; `timeout` in seconds bounds every single read and write."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False
    timeout: float = 30.0


class _Throttled(Exception):
    """The server asked for patience (421): this connection is over, and so is this lane for a while."""


def connect(server: MailServerAddress) -> smtplib.SMTP:
    """Open a connection and introduce ourselves.

    Raises smtplib.SMTPException or OSError.
    """
    kind = smtplib.SMTP_SSL if server.use_ssl else smtplib.SMTP
    connection = kind(server.host, server.port, timeout=server.timeout)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.use_tls:
            connection.starttls()
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except (smtplib.SMTPException, OSError):
        connection.close()
        raise
    return connection


def is_mailable(address: str) -> bool:
    """Whether an address can stand in an envelope without SMTPUTF8 and without breaking out of its line."""
    return len(address) <= 254 and _GOOD_ADDRESS.fullmatch(address) is not None


def converse(connection: smtplib.SMTP, letters: Sequence[Letter]) -> Iterator[Reply]:
    """Send letters over one connection and yield each one's reply as soon as it is known; never raises.

    A letter whose end was sent but not answered is AMBIGUOUS; one cut before its end is TRANSIENT; after a 421 it and
    the rest are THROTTLED; letters whose turn never came are TRANSIENT with the code `not_tried`.
    """
    pipelines = connection.has_extn("pipelining")
    finished: Letter | None = None  # its final dot has been sent, its answer is still to be read
    for position, letter in enumerate(letters):
        rest = letters[position + 1 :]
        try:
            if pipelines:
                _write_envelope(connection, letter)
            if finished is not None:
                answer = _final(connection, finished)
                finished = None
                yield answer
            refusal = _read_envelope(connection, letter, pipelines=pipelines)
            if refusal is not None:
                yield refusal
                continue
            connection.send(letter.data + b".\r\n")
            finished = letter
        except _Throttled as throttled:
            # A 421 in the place of a finished letter's answer says that it was not taken.
            waiting = [finished] if finished is not None else []
            yield from _all(Outcome.THROTTLED, "421", str(throttled), [*waiting, letter, *rest])
            return
        except (smtplib.SMTPException, OSError) as error:
            name = type(error).__name__
            if finished is not None:
                yield Reply(finished.delivery_id, Outcome.AMBIGUOUS, "reply_lost", name)
            yield Reply(
                letter.delivery_id, Outcome.TRANSIENT, "not_tried" if finished else "connection", name
            )
            yield from _all(Outcome.TRANSIENT, "not_tried", name, rest)
            return
    if finished is not None:
        yield _last_answer(connection, finished)


def _last_answer(connection: smtplib.SMTP, letter: Letter) -> Reply:
    try:
        return _final(connection, letter)
    except _Throttled as throttled:
        return Reply(letter.delivery_id, Outcome.THROTTLED, "421", str(throttled))
    except (smtplib.SMTPException, OSError) as error:
        return Reply(letter.delivery_id, Outcome.AMBIGUOUS, "reply_lost", type(error).__name__)


def _write_envelope(connection: smtplib.SMTP, letter: Letter) -> None:
    connection.send(
        f"MAIL FROM:<{letter.sender}>\r\nRCPT TO:<{letter.recipient}>\r\nDATA\r\n".encode("ascii")
    )


def _read_envelope(connection: smtplib.SMTP, letter: Letter, *, pipelines: bool) -> Reply | None:
    """Read the three answers to an envelope; None when the server waits for the body."""
    commands = [f"MAIL FROM:<{letter.sender}>", f"RCPT TO:<{letter.recipient}>", "DATA"]
    refusal: Reply | None = None
    for command in commands:
        if not pipelines:
            if refusal is not None:
                connection.docmd("RSET")
                return refusal
            connection.send(f"{command}\r\n".encode("ascii"))
        code, words = connection.getreply()
        _refuse_throttling(code, words)
        if refusal is None and code not in {250, 251, 354}:
            refusal = _reply(letter, code, words)
        elif code == 354 and refusal is not None:
            # The server takes a body although it refused the envelope: an empty one ends the transaction.
            connection.send(b".\r\n")
            connection.getreply()
    if refusal is not None and pipelines:
        connection.send(b"RSET\r\n")
        connection.getreply()
    return refusal


def _final(connection: smtplib.SMTP, letter: Letter) -> Reply:
    """Read the answer to a letter's end."""
    code, words = connection.getreply()
    _refuse_throttling(code, words)
    return _reply(letter, code, words)


def _refuse_throttling(code: int, words: bytes) -> None:
    if code == 421:
        raise _Throttled(words.decode("utf-8", "replace")[:200])


def _reply(letter: Letter, code: int, words: bytes) -> Reply:
    detail = words.decode("utf-8", "replace")[:280]
    enhanced = _ENHANCED.match(words)
    name = enhanced.group(1).decode() if enhanced else str(code)
    if 200 <= code < 300:
        return Reply(letter.delivery_id, Outcome.SENT, name, provider_ref=detail[:200])
    outcome = Outcome.PERMANENT if code >= 500 else Outcome.TRANSIENT
    return Reply(letter.delivery_id, outcome, name, detail)


def _all(outcome: Outcome, code: str, detail: str, letters: Sequence[Letter]) -> Iterator[Reply]:
    for letter in letters:
        yield Reply(letter.delivery_id, outcome, code, detail)
