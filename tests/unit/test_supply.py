"""What stands between us and what we run on: licences, hashes, a loud audit, and promises that exist."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scripts import audit, licences

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = sorted(CHECKOUT.glob("requirements*.txt"))


def test_every_runtime_package_has_a_licence_that_somebody_said_yes_to() -> None:
    assert [one for one in licences.packages() if not one.is_allowed] == []


def test_nothing_is_said_yes_to_that_is_no_longer_there() -> None:
    assert {one.name for one in licences.packages()} >= set(licences.SAID_YES)


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("", False),
    ],
)
def test_a_licence_is_judged_by_all_of_its_parts(licence: str, is_allowed: bool) -> None:
    assert licences.Package("x", "1", licence).is_allowed is is_allowed


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_of_a_lock_is_one_version_with_its_hashes_and_names_no_place(lock: Path) -> None:
    text = lock.read_text()
    packages = re.findall(
        r"^[a-z0-9][^\n]*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE
    )

    assert len(packages) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0
    assert "://" not in re.sub(r"^#.*$", "", text, flags=re.MULTILINE)


def test_holes_are_told_and_what_was_not_looked_up_is_told_loudly() -> None:
    told: dict[str, Any] = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]},
            {"name": "b", "skip_reason": "not found"},
            {"name": "c", "version": "1", "vulns": []},
        ]
    }

    answer = audit.read_answer(json.dumps(told))

    assert answer == audit.Answer(["a 1: CVE-1, mended in 2"], ["b"])
    assert "NOT CHECKED FOR KNOWN HOLES: b." in audit.loud(answer.unknown)
    assert audit.read_answer("no network").unknown == ["every package"]


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/asvs.md", "docs/trust.md"])
def test_every_file_that_a_promise_names_is_there(page: str) -> None:
    named = re.findall(
        r"`((?:tests|projects|contractorhub|notifications)/[\w/.-]+)`", (CHECKOUT / page).read_text()
    )

    assert [name for name in named if not (CHECKOUT / name).exists()] == []


def test_the_sheet_answers_every_requirement() -> None:
    rows = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| [12] \| (.+?) \| (.+) \|$", (CHECKOUT / "docs/asvs.md").read_text(), re.M
    )

    assert len(rows) == len({number for number, _answer, _how in rows}) == 253
    assert {answer for _number, answer, _how in rows} <= {"yes", "operator", "n/a", "**no**", "**departs**"}
    assert all(len(how) > 5 for _number, _answer, how in rows)
