"""Asks whether the tests of a pure room notice when its code changes: each small change must fail some test.

Usage: python scripts/mutation.py [--sample N] [ROOM ...]   (make mutation ROOM=domain SAMPLE=200; default: every room).
Works on a copy of the last commit. `--sample` tries N changes of a room, always the same ones of the same code, spread
over its modules as the changes are: a large room takes hours as a whole. Prints what survived and one JSON line a room,
with the 95 % range of the share that a sample stands for; exit status 1 where under 85 % of the changes were noticed.
"""

import argparse
import configparser
import json
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scipy.stats import binomtest

ROOT: Final = Path(__file__).resolve().parents[1]
SHARED: Final = ROOT.parent / "shared"
MUTMUT: Final = Path(sys.executable).with_name("mutmut")
FEWEST_NOTICED: Final = 0.85
NOTICED: Final = ("killed", "timeout", "suspicious", "segfault", "caught by type check")


@dataclass(frozen=True)
class Room:
    """Files whose code is changed, and the tests that should notice; `apart` ask a process that knows no changes, or
    what such a one takes."""

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
    "imports": Room(
        ("projects/imports/",),
        "tests/unit/imports",
        ("tests/unit/imports/test_safety.py::test_a_long_file_is_read_in_little_memory",),
    ),
    "impact": Room(("projects/impact/",), "tests/unit/impact"),
}


def sample(changes: list[str], size: int) -> list[str]:
    """Draw that many changes, from each module as many as its share of them says; all where there are no more."""
    if not 0 < size < len(changes):
        return changes
    drawn = random.Random(1)  # noqa: S311  # the same sample each time, so that figures can be compared
    mixed = sorted(changes)
    drawn.shuffle(mixed)
    mixed.sort(key=lambda change: change.rpartition(".")[0])
    step = len(mixed) / size
    first = drawn.random() * step
    return [mixed[int(first + number * step)] for number in range(size)]


def mutmut(folder: str, *words: str) -> None:
    """Run mutmut, whose progress shows as it goes."""
    if subprocess.run([MUTMUT, *words], cwd=folder, check=False).returncode:
        sys.exit("mutmut could not run; its last lines say why.")


def states(folder: str) -> dict[str, str]:
    """What mutmut says became of each change."""
    told = subprocess.run(
        [MUTMUT, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=True
    )
    return dict(re.findall(r"^\s*(\S+): ([a-z ]+)$", told.stdout, re.MULTILINE))


def noticed_in(name: str, room: Room, size: int) -> dict[str, object]:
    """Change the code of a room, one place at a time, in a copy of the last commit: everywhere, or in `size` places."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
        # What tests/shared_data.py reads lies beside a checkout, and so beside the changed copy.
        if SHARED.is_dir():
            (Path(folder) / SHARED.name).symlink_to(SHARED)
        settings = configparser.ConfigParser()
        settings["mutmut"] = {
            "paths_to_mutate": "\n" + "\n".join(room.code),
            "tests_dir": room.tests,
            # The typesetter has threads, which a copy of a process that has used it would wait for without end.
            "process_isolation": "forkserver",
            "also_copy": "\ncontractorhub\nnotifications\nprojects\ntests\nmanage.py\npyproject.toml",
            # Without a deadline: a slow machine is no change that was noticed. Without the long tier: it takes minutes.
            "pytest_add_cli_args": "\n".join(
                ["", "-n0", "-m", "not slow", "--hypothesis-profile=ci"]
                + [f"--deselect={test}" for test in room.apart]
            ),
        }
        with (Path(folder) / "setup.cfg").open("w") as file:
            settings.write(file)
        run = ("run", "--max-children", "2")
        if size:
            # Makes the changes, learns which tests meet which code, and refuses to go on, for no change has this name.
            subprocess.run([MUTMUT, *run, "*.none"], cwd=folder, check=False)
        asked = sample(list(states(folder)), size) if size else []
        mutmut(folder, *run, *asked)
        found = states(folder)
        tried = asked or list(found)
        for change in tried:
            if found[change] not in NOTICED:
                shown = subprocess.run([MUTMUT, "show", change], cwd=folder, capture_output=True, text=True)
                print(f"not noticed ({found[change]}): {change}\n{shown.stdout}")
    noticed = sum(found[change] in NOTICED for change in tried)
    between = binomtest(noticed, len(tried)).proportion_ci(method="wilson")
    return {
        "room": name,
        "changes": len(found),
        "tried": len(tried),
        "noticed": noticed,
        "share": round(noticed / len(tried), 3),
        "between": [round(float(between.low), 3), round(float(between.high), 3)],
    }


def main() -> int:
    """Every room asked for; 1 where one falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="Try so many changes; 0: all of them."
    )
    given = parser.parse_args()
    names = given.rooms or list(ROOMS)
    if unknown := [name for name in names if name not in ROOMS]:
        sys.exit(f"{unknown[0]} is no pure room; choose from {', '.join(ROOMS)}.")
    figures = [noticed_in(name, ROOMS[name], given.sample) for name in names]
    for figure in figures:
        print(json.dumps(figure))
    return int(any(float(str(figure["share"])) < FEWEST_NOTICED for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
