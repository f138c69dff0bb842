"""One SMTP conversation as a state machine: what to write, what each answer means, what a broken line leaves behind."""

import re
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from notifications.channels.base import Outcome, Reply

_ENHANCED = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")
_GOOD_ADDRESS = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,252}@[\x21-\x3b\x3d\x3f-\x7e]{1,252}")
_LONGEST_ANSWER = 64_000


@dataclass(slots=True)
class Letter:
    """A mail in its envelope; `not_after` bounds its start on the monotonic clock, `starts` counts its lines."""

    delivery_id: int
    sender: str
    recipient: str
    data: bytes
    not_after: float = float("inf")
    starts: int = 0


class Stage(Enum):
    """What an answer answers."""

    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    END = auto()
    REST = auto()  # an answer that decides nothing: RSET, or the end of an empty body


_ENVELOPE: Final = (Stage.MAIL, Stage.RCPT, Stage.DATA)


class Conversation:
    """One connection's side of SMTP (RFC 5321), pipelined where the server offers it (RFC 2920).

    It does no input or output: `take` a letter, write `outgoing`, `hear` what came, collect `replies`. With
    pipelining the end of one letter and the envelope of the next travel together, so a letter costs one round trip.
    """

    def __init__(self, *, pipelines: bool) -> None:
        self.pipelines = pipelines
        self.outgoing = bytearray()
        self.replies: list[Reply] = []
        self.is_over = False
        self.finished: Letter | None = None  # its final dot was written, its answer is still to come
        self.current: Letter | None = None  # its envelope is being answered
        self._after_dot = 0  # bytes of `outgoing` that were written after the finished letter's dot
        self._refusal: Reply | None = None
        self._expected: deque[Stage] = deque()
        self._unsaid: deque[tuple[Stage, bytes]] = deque()
        self._heard = b""
        self._answer: list[bytes] = []

    @property
    def wants_letter(self) -> bool:
        """Whether an envelope may be written now."""
        if self.is_over or self.current is not None:
            return False
        return self.pipelines or self.finished is None

    @property
    def is_idle(self) -> bool:
        """Whether no answer is awaited."""
        return not self._expected

    def take(self, letter: Letter) -> None:
        """Write a letter's envelope; its body follows when the server asks for it."""
        letter.starts += 1
        self.current, self._refusal = letter, None
        sender = f"MAIL FROM:<{letter.sender}>\r\n".encode("ascii")
        recipient = f"RCPT TO:<{letter.recipient}>\r\n".encode("ascii")
        if self.pipelines:
            self._say_at_once(sender + recipient + b"DATA\r\n")
        else:
            self._unsaid.extend(zip(_ENVELOPE, (sender, recipient, b"DATA\r\n"), strict=True))
            if not self._expected:
                self._say_next()

    def wrote(self, count: int) -> None:
        """So many bytes of `outgoing` have been handed to the network."""
        del self.outgoing[:count]

    def hear(self, data: bytes) -> None:
        """Read answers, complete or not."""
        *lines, self._heard = (self._heard + data).split(b"\n")
        if len(self._heard) > _LONGEST_ANSWER:
            self.is_over = True
            return
        for line in lines:
            if self.is_over:
                return
            words = line[4:].rstrip(b"\r")
            if line[3:4] == b"-":
                self._answer.append(words)
                continue
            if self._answer:
                words, self._answer = b" ".join([*self._answer, words]), []
            self._understand(int(line[:3]) if line[:3].isdigit() else 500, words)

    def break_off(self, why: str, *, is_timeout: bool = False) -> list[Letter]:
        """The line is gone: say of each letter on it what that means; give back those that may be tried elsewhere."""
        self.is_over = True
        again: list[Letter] = []
        if self.finished is not None:
            if len(self.outgoing) > self._after_dot:  # the dot never left: the server cannot have taken it
                again.append(self.finished)
            else:
                self._answer_for(self.finished, Outcome.AMBIGUOUS, "reply_lost", why)
        if self.current is not None:
            if is_timeout and self.finished is None:
                self._answer_for(self.current, Outcome.TRANSIENT, "timeout", why)
            else:
                again.append(self.current)
        self.finished = self.current = None
        return again

    def give_up_current(self) -> Letter | None:
        """Take back a letter whose body was not asked for yet, for another line; this line ends after its answer."""
        letter, self.current = self.current, None
        return letter

    def _say_at_once(self, envelope: bytes) -> None:
        self.outgoing += envelope
        self._expected.extend(_ENVELOPE)
        if self.finished is not None:
            self._after_dot += len(envelope)

    def _understand(self, code: int, words: bytes) -> None:
        if not self._expected or code == 421:
            self._closes(code, words)
            return
        stage = self._expected.popleft()
        if stage is Stage.END:
            self._ended(code, words)
        elif stage is Stage.DATA:
            self._asked_for_body(code, words)
        elif stage is not Stage.REST and code not in {250, 251}:
            self._refused(stage, code, words)
        if not self.pipelines and not self._expected:
            self._say_next()

    def _refused(self, stage: Stage, code: int, words: bytes) -> None:
        if self._refusal is not None or self.current is None:
            return
        self._refusal = _reply(self.current, code, words)
        if stage is Stage.MAIL and code >= 500:
            # It is our sender that is refused, so nobody's address is at fault: the lane waits to be mended.
            self._refusal = self._refusal._replace(outcome=Outcome.THROTTLED)

    def _say_next(self) -> None:
        """In lock-step: after a refusal the rest of the envelope is left unsaid."""
        if self._refusal is not None and self._unsaid and self.current is not None:
            self._unsaid.clear()
            self._refuse(self.current)
        elif self._unsaid:
            stage, command = self._unsaid.popleft()
            self.outgoing += command
            self._expected.append(stage)

    def _asked_for_body(self, code: int, words: bytes) -> None:
        letter = self.current
        if letter is None:  # given to another line meanwhile
            self.is_over = True
            return
        if code == 354 and self._refusal is None:
            self.current = None
            self.finished = letter
            self.outgoing += letter.data
            self.outgoing += b".\r\n"
            self._after_dot = 0
            self._expected.append(Stage.END)
            return
        if code == 354:
            # The server takes a body although it refused the envelope: an empty one ends the transaction.
            self.outgoing += b".\r\n"
            self._expected.append(Stage.REST)
        if self._refusal is None:
            self._refusal = _reply(letter, code, words)
        self._refuse(letter)

    def _refuse(self, letter: Letter) -> None:
        assert self._refusal is not None  # noqa: S101 - tells the type checker what holds here
        self.replies.append(self._refusal)
        self.current, self._refusal = None, None
        self.outgoing += b"RSET\r\n"
        self._expected.append(Stage.REST)

    def _ended(self, code: int, words: bytes) -> None:
        if self.finished is not None:
            self.replies.append(_reply(self.finished, code, words))
            self.finished = None

    def _closes(self, code: int, words: bytes) -> None:
        """A 421 in the place of a letter's answer says that it was not taken; the rest waits as well."""
        self.is_over = True
        detail = words.decode("utf-8", "replace")[:200]
        for letter in (self.finished, self.current):
            if letter is not None:
                outcome = Outcome.THROTTLED if code == 421 else Outcome.TRANSIENT
                self._answer_for(letter, outcome, str(code), detail)
        self.finished = self.current = None

    def _answer_for(self, letter: Letter, outcome: Outcome, code: str, detail: str) -> None:
        self.replies.append(Reply(letter.delivery_id, outcome, code, detail))


def is_mailable(address: str) -> bool:
    """Whether an address can stand in an envelope without SMTPUTF8 and without breaking out of its line."""
    return len(address) <= 254 and _GOOD_ADDRESS.fullmatch(address) is not None


def _reply(letter: Letter, code: int, words: bytes) -> Reply:
    detail = words.decode("utf-8", "replace")[:280]
    enhanced = _ENHANCED.match(words)
    name = enhanced.group(1).decode() if enhanced else str(code)
    if 200 <= code < 300:
        return Reply(letter.delivery_id, Outcome.SENT, name, provider_ref=detail[:200])
    outcome = Outcome.PERMANENT if code >= 500 else Outcome.TRANSIENT
    return Reply(letter.delivery_id, outcome, name, detail)
