"""Collects every command that README and documentation tell people to type."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.services.processes import CHECKOUT

PAGES: Final = (
    *(CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((CHECKOUT / "docs").rglob("*.md")),
)
_FENCED: Final = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.M | re.S)
_INDENTED: Final = re.compile(r"(?:^|\n)\n((?: {4}\S.*\n(?: {4}.*\n|(?=\n {4}))*)+)")
_INLINE: Final = re.compile(r"`([^`\n]+)`")
SHELLS: Final = ("", "sh", "bash", "console")
BEGINS_A_COMMAND: Final = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:make|git|docker|curl|pip|python3?|\.venv/bin/\w+|systemctl|promtool|ssh-keygen|gpg|sha256sum"
    r"|opentelemetry-instrument|pg_\w+|psql)(?: |$)"
)


@dataclass(frozen=True, slots=True)
class Command:
    """One command as it stands on a page, and its words as a shell parts them, assignments before it left out."""

    page: str
    text: str
    words: tuple[str, ...]

    @property
    def ours(self) -> tuple[str, ...]:
        """The name and arguments of a command of `manage.py`, inside a container or not; else nothing."""
        programs = [word.rpartition("/")[2] for word in self.words]
        return self.words[programs.index("manage.py") + 1 :] if "manage.py" in programs else ()

    @property
    def target(self) -> str:
        """What `make` is told to make; empty for any other program."""
        named = [word for word in self.words[1:] if "=" not in word] if self.words[0] == "make" else []
        return named[0] if named and named[0] != "-C" else ""


def commands_of(page: Path) -> Iterator[Command]:
    """Yield the commands of a page: of its shell blocks each line, of its other words what looks like one."""
    text = page.read_text()
    name = page.relative_to(CHECKOUT).as_posix()
    for _indent, language, block in _FENCED.findall(text):
        if language in SHELLS:
            yield from _parted(name, block)
    rest = _FENCED.sub("", text)
    for block in _INDENTED.findall(rest):
        if BEGINS_A_COMMAND.match(block.strip()):
            yield from _parted(name, block)
    for words in _INLINE.findall(_INDENTED.sub("\n", rest)):
        if BEGINS_A_COMMAND.match(words) and " " in words:
            yield from _parted(name, words)


def _parted(page: str, block: str) -> Iterator[Command]:
    """Part a block where a line ends a command: not within quotes, and not behind a backslash."""
    gathered = ""
    for line in block.splitlines():
        gathered += line.strip() + "\n"
        if line.rstrip().endswith("\\"):
            continue
        try:
            words = shlex.split(gathered.replace("\\\n", " "), comments=True)
        except ValueError:  # a quote is still open
            continue
        named = [number for number, word in enumerate(words) if not re.match(r"[A-Z_]+=", word)]
        if words and named:
            yield Command(page, " ".join(gathered.replace("\\\n", " ").split()), tuple(words[named[0] :]))
        gathered = ""
    assert not gathered, f"{page}: a quote is never closed in {gathered!r}"
