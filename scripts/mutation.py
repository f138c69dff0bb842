"""Asks whether the tests of a pure room notice when its code changes: each small change must fail some test.

Usage: python scripts/mutation.py [ROOM ...]   (make mutation ROOM=domain; default: every room). Works on a copy of the
last commit. Prints what survived and one JSON line a room; exit status 1 where under 85 % of the changes were noticed.
"""

import configparser
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
MUTMUT: Final = Path(sys.executable).with_name("mutmut")
FEWEST_NOTICED: Final = 0.85
NOTICED: Final = ("killed", "timeout", "suspicious", "segfault", "caught by type check")


@dataclass(frozen=True)
class Room:
    """Files whose code is changed, and the tests that should notice; `apart` ask a process that knows no changes."""

    code: tuple[str, ...]
    tests: str
    apart: tuple[str, ...] = ()


ROOMS: Final = {
    "domain": Room(("projects/domain/",), "tests/unit/domain"),
    "returns": Room(("notifications/dsn.py",), "tests/unit/notifications"),
    "writers": Room(
        ("projects/reports/writers/", "projects/reports/table.py"),
        "tests/unit/reports",
        ("tests/unit/reports/test_pdf.py::test_a_document_typeset_apart_has_the_same_bytes",),
    ),
    "imports": Room(("projects/imports/",), "tests/unit/imports"),
    "impact": Room(("projects/impact/",), "tests/unit/impact"),
}


def noticed_in(name: str, room: Room) -> dict[str, object]:
    """Change the code of a room everywhere, one place at a time, in a copy of the last commit."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
        settings = configparser.ConfigParser()
        settings["mutmut"] = {
            "paths_to_mutate": "\n" + "\n".join(room.code),
            "tests_dir": room.tests,
            "also_copy": "\ncontractorhub\nnotifications\nprojects\ntests\nmanage.py\npyproject.toml",
            "pytest_add_cli_args": "\n".join(["", "-n0", *(f"--deselect={test}" for test in room.apart)]),
        }
        with (Path(folder) / "setup.cfg").open("w") as file:
            settings.write(file)
        run = subprocess.run([MUTMUT, "run", "--max-children", "2"], cwd=folder, check=False)
        if run.returncode:
            sys.exit(f"{name}: mutmut could not run; its last lines say why.")
        told = subprocess.run(
            [MUTMUT, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=True
        )
    states = dict(re.findall(r"^\s*(\S+): ([a-z ]+)$", told.stdout, re.MULTILINE))
    for change, state in states.items():
        if state == "survived":
            print(f"not noticed: {change}")
    noticed = sum(state in NOTICED for state in states.values())
    return {
        "room": name,
        "changes": len(states),
        "noticed": noticed,
        "share": round(noticed / len(states), 3),
    }


def main() -> int:
    """Every room asked for; 1 where one falls short."""
    names = sys.argv[1:] or list(ROOMS)
    if unknown := [name for name in names if name not in ROOMS]:
        sys.exit(f"{unknown[0]} is no pure room; choose from {', '.join(ROOMS)}.")
    figures = [noticed_in(name, ROOMS[name]) for name in names]
    for figure in figures:
        print(json.dumps(figure))
    return int(any(float(str(figure["share"])) < FEWEST_NOTICED for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
