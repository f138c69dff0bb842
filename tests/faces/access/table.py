"""The golden table: read from and written to the page of the documentation that holds it."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.faces.access import words
from tests.faces.access.doors import Door
from tests.faces.access.world import ROLES

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "access-matrix.md"
HEAD: Final = """# The access matrix

Every address of the product by method, every action of the desk's lists, every report: what each kind of person gets.
A test asks every cell; a new address without a row fails the suite. After a change that is meant, write the page anew
with `WRITE_ACCESS_MATRIX=all python -m pytest -m slow tests/faces/access` (`new` adds only what has no row), and read
the difference.

| column | who that is |
|---|---|
| anonymous | nobody is signed in |
| contractor | works on project CHORDUS of client ORION |
| lead | leads CHORDUS |
| owner | owns ORION |
| operations, finance, auditor | hold that firm-wide role |
| superuser | runs the installation |
| staff | may open the desk, and holds no role: also somebody whose role was taken away |

A cell holds the answer for a row of CHORDUS (or one's own), of another project of ORION, and of another client, in this
order; one answer where all three are alike. A row that does not exist is answered as a foreign one, to the byte.

| answer | meaning |
|---|---|
| `200`, `201`, `202` | shown, made or done |
| `on` | led on to another page, after it was done or because there is nothing to do |
| `in` | asked to sign in |
| `400`, `409`, `422` | may ask, but not so: what was sent does not fit |
| `401`, `403` | refused |
| `404` | there is nothing here, whether or not there is |
| `405` | no such method |
"""
Cells = Mapping[tuple[str, str], Mapping[str, str]]


def key_of(door: Door) -> tuple[str, str]:
    """How the table tells doors apart."""
    return door.method, "/" + door.title.replace("|", "\\|")


def written(rows: Mapping[Door, Mapping[str, str]]) -> str:
    """The page."""
    rooms: dict[str, list[Door]] = defaultdict(list)
    for door in rows:
        rooms[door.room].append(door)
    lines = [HEAD]
    for room, doors in rooms.items():
        lines += [
            f"## {room[0].upper()}{room[1:]}\n",
            f"| | address | {' | '.join(ROLES)} |",
            "|---" * (len(ROLES) + 2) + "|",
        ]
        for door in doors:
            method, title = key_of(door)
            lines.append(f"| {method} | `{title}` | {' | '.join(rows[door][role] for role in ROLES)} |")
        lines.append("")
    return "\n".join([*lines, words.told()])


def read() -> Cells:
    """Answers by method and address, then by role."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in PAGE.read_text().splitlines() if PAGE.exists() else ():
        cells = [cell.strip() for cell in line.replace("\\|", "\0").strip().strip("|").split("|")]
        if len(cells) == len(ROLES) + 2 and cells[1].startswith("`"):
            address = cells[1].strip("`").replace("\0", "\\|")
            found[cells[0], address] = dict(zip(ROLES, cells[2:], strict=True))
    return found
