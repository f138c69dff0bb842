"""Finds every regular expression of the product with how it is asked, and writes texts that would blow it up."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]  # the standard library's own reader of patterns
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("contractorhub", "projects", "notifications")
ASKING: Final = frozenset({"match", "fullmatch", "search", "sub", "split", "findall", "finditer"})
WHOLE: Final = frozenset({"RegexValidator", "RegexField", "Coded"})
"""Calls of Django and of ours that take a pattern and ask it by `search`."""
SIZE: Final = 100_000
_LETTERS: Final = "aA1 -.,:@<'\n\u00e9"
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip
Parsed = Sequence[tuple[Any, Any]]


@dataclass
class Expression:
    """One pattern, where it stands, and how it is asked."""

    where: str
    pattern: str | bytes
    flags: int = 0
    asked: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The pattern as text."""
        return self.pattern if isinstance(self.pattern, str) else self.pattern.decode("latin-1")

    def ask(self, text: str) -> None:
        """Ask as the product does."""
        compiled: re.Pattern[Any] = re.compile(self.pattern, self.flags)
        said: Any = text if isinstance(self.pattern, str) else text.encode()
        for how in self.asked:
            if how == "sub":
                compiled.sub(said[:0], said)
            elif how in {"finditer", "findall", "split"}:
                list(getattr(compiled, how)(said))
            else:
                getattr(compiled, how)(said)


def expressions(known: Mapping[str, re.Pattern[Any]]) -> list[Expression]:
    """Every pattern with a name (`known`: by module and name) and every one that is written where it is asked."""
    uses, found = defaultdict(set), []
    for path, call in _calls():
        owner, how = _owner_of(call), _name_of(call.func)
        if (owner == "re" and how in ASKING) or how in WHOLE:
            written = next((one for one in call.args if isinstance(one, ast.Constant)), None)
            if written is not None and isinstance(written.value, str | bytes):
                asked = {how if how in ASKING else "search"}
                found.append(Expression(f"{path}:{call.lineno}", written.value, asked=asked))
        elif how in ASKING:
            uses[owner].add(how)
    for where, one in known.items():
        found.append(
            Expression(where, one.pattern, one.flags, uses.get(where.rpartition(".")[2]) or {"search"})
        )
    return found


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.Call):
                        yield str(path.relative_to(ROOT)), node


def _name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _owner_of(call: ast.Call) -> str:
    return _name_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def attacks(one: Expression, size: int = SIZE) -> Iterator[str]:
    """Texts of so many characters: each part that may repeat, again and again, behind what leads there, and no end."""
    flags = one.flags if isinstance(one.pattern, str) else one.flags & ~re.UNICODE
    tree = parser.parse(one.text, flags)
    parts = {("", letter) for letter in _LETTERS} | {("", _sample(tree) or "a")}
    letters = sorted(set(_of_pattern(one.text)) | {"a", "A", " "})
    parts |= {("", first + second) for first in letters for second in letters}
    parts |= set(_repeated(tree, ""))
    for before, again in sorted(parts):
        for end in ("\x01", "!"):
            yield before + again * (size // len(again)) + end


def _of_pattern(text: str) -> Iterator[str]:
    """Marks that the pattern itself speaks of."""
    return (letter for letter in text if not letter.isalnum() and letter not in "\\()[]{}?*+|^$")


def _repeated(tree: Parsed, before: str) -> Iterator[tuple[str, str]]:
    for op, value in tree:
        if str(op) in {"MAX_REPEAT", "MIN_REPEAT"}:
            again = _sample(value[2])
            if again:
                yield before, again
            yield from _repeated(value[2], before)
        elif str(op) == "SUBPATTERN":
            yield from _repeated(value[3], before)
        elif str(op) == "BRANCH":
            for branch in value[1]:
                yield from _repeated(branch, before)
        before += _sample([(op, value)])


def _sample(tree: Parsed) -> str:
    """A text that this part matches, as short as may be."""
    text = ""
    for op, value in tree:
        match str(op):
            case "LITERAL":
                text += chr(value)
            case "NOT_LITERAL":
                text += "b" if value == ord("a") else "a"
            case "ANY":
                text += "a"
            case "IN":
                text += _one_of(value)
            case "MAX_REPEAT" | "MIN_REPEAT":
                text += _sample(value[2]) * max(value[0], 1)
            case "SUBPATTERN":
                text += _sample(value[3])
            case "BRANCH":
                text += _sample(value[1][0])
    return text


def _one_of(members: Parsed) -> str:
    is_negated = str(members[0][0]) == "NEGATE"
    for letter in _LETTERS + "".join(map(chr, range(33, 127))):
        if any(_holds(member, letter) for member in members[is_negated:]) != is_negated:
            return letter
    op, value = members[0]
    return chr(value if str(op) == "LITERAL" else value[0])


def _holds(member: tuple[Any, Any], letter: str) -> bool:
    op, value = member
    match str(op):
        case "LITERAL":
            return ord(letter) == int(value)
        case "RANGE":
            return bool(value[0] <= ord(letter) <= value[1])
        case "CATEGORY":
            return re.match(_CATEGORIES[str(value)], letter) is not None
    return False
