"""Reads the messages that the local mail server kept."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Summary:
    """One line of the list."""

    key: str
    taken_at: datetime
    sender: str
    recipient: str
    subject: str


@dataclass(frozen=True)
class Letter:
    """One message, opened; `html` is empty where it has none."""

    summary: Summary
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[str, ...]


def newest(folder: Path, *, limit: int, recipient: str = "") -> list[Summary]:
    """Return at most `limit` messages, newest first; only those to an address that holds `recipient`, if given."""
    found: list[Summary] = []
    for path in _files(folder):
        summary = _summary(path, _parse(path))
        if recipient.casefold() in summary.recipient.casefold():
            found.append(summary)
        if len(found) == limit:
            break
    return found


def open_letter(folder: Path, key: str) -> Letter:
    """Return one message; raise FileNotFoundError where `key` is not the name of one."""
    path = next((path for path in _files(folder) if path.name == key), None)
    if path is None:
        raise FileNotFoundError(key)
    message = _parse(path)
    return Letter(
        summary=_summary(path, message),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
        attachments=tuple(part.get_filename() or "unnamed" for part in message.iter_attachments()),
    )


def _files(folder: Path) -> list[Path]:
    if not (folder / "new").is_dir():
        return []
    files = [path for path in (folder / "new").iterdir() if len(path.name) <= _LONGEST_NAME]
    return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _parse(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return email.message_from_binary_file(file, policy=email.policy.default)


def _summary(path: Path, message: EmailMessage) -> Summary:
    return Summary(
        key=path.name,
        taken_at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
        sender=str(message["From"] or ""),
        recipient=str(message["X-RcptTo"] or message["To"] or ""),
        subject=str(message["Subject"] or "(no subject)"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())
