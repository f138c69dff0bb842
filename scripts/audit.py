"""Audits the code and the lock: findings of bandit that nobody has explained, and known holes in what we run on.

Usage: python scripts/audit.py   (make audit). A finding of bandit is explained where its lines bear ruff's `noqa` with
the same number and a reason, for ruff's S rules are bandit's. Exit status: 0 clean, 1 findings, 3 where the holes could
not be looked up: then nothing is known, which is not the same as nothing being wrong.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
HERE: Final = Path(sys.executable).parent
ROOMS: Final = ("contractorhub", "projects", "notifications", "scripts")
UNKNOWN: Final = 3
SAME: Final = {"B703": "S308"}
"""Rules that ruff has under another number."""
EXPLAINED: Final = {
    ("B404", ""): "subprocess may be imported: every call of it is looked at by B603",
    ("B105", "'hub_'"): "how our tokens begin, so that secret scanners know one when they meet it",
    ("B105", "'hub_your_token'"): "an example in the schema",
    ("B105", "'whsec_your_secret'"): "an example in the schema",
}
"""Findings that say nothing of the line itself, by rule and a part of the message."""
_NOQA = re.compile(r"# noqa: ([A-Z0-9, ]+)")


def code_findings() -> list[str]:
    """What bandit says of our code that no comment explains."""
    run = subprocess.run(
        [HERE / "bandit", "-q", "-r", *ROOMS, "-f", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(run.stdout)
    errors = [f"bandit could not read {error['filename']}: {error['reason']}" for error in found["errors"]]
    return errors + [_told(one) for one in found["results"] if not _is_explained(one)]


def _is_explained(finding: dict[str, Any]) -> bool:
    lines = (ROOT / finding["filename"]).read_text().splitlines()
    told = lines[min(finding["line_range"]) - 1 : max(finding["line_range"])]
    rule = SAME.get(finding["test_id"], "S" + finding["test_id"].removeprefix("B"))
    if any(finding["test_id"] == code and part in finding["issue_text"] for code, part in EXPLAINED):
        return True
    if finding["filename"].startswith(("scripts/", "./scripts/")) and rule in {
        "S603",
        "S607",
        "S310",
        "S404",
    }:
        return True  # tools for developers start programs and fetch pages: see ruff's settings
    return any(rule in re.split(r"[, ]+", match[1]) for line in told for match in _NOQA.finditer(line))


def _told(finding: dict[str, Any]) -> str:
    return f"{finding['filename']}:{finding['line_number']}: {finding['test_id']} {finding['issue_text']}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the databases of holes said: the holes, and the packages that they did not answer for."""

    holes: list[str]
    unknown: list[str]


def known_holes() -> Answer:
    """Ask for published holes in the locked packages."""
    command = [
        HERE / "pip-audit",
        "--require-hashes",
        "--disable-pip",
        "-r",
        "requirements.txt",
        "-f",
        "json",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return read_answer(run.stdout)


def read_answer(told: str) -> Answer:
    """Read pip-audit's JSON; an answer that is none leaves everything unknown."""
    try:
        looked_up = json.loads(told)["dependencies"]
    except (ValueError, KeyError):
        return Answer([], ["every package"])
    return Answer(
        [
            f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no release'}"
            for one in looked_up
            for hole in one.get("vulns", ())
        ],
        [one["name"] for one in looked_up if "skip_reason" in one],
    )


def main() -> int:
    """Print every finding; say loudly what could not be looked up."""
    findings, answer = code_findings(), known_holes()
    for line in [*findings, *answer.holes]:
        print(line)
    print(
        f"{len(findings)} unexplained findings in the code, {len(answer.holes)} known holes in the dependencies."
    )
    if answer.unknown:
        print(loud(answer.unknown), file=sys.stderr)
    if findings or answer.holes:
        return 1
    return UNKNOWN if answer.unknown else 0


def loud(unknown: list[str]) -> str:
    """What nobody may overlook."""
    banner = "!" * 100
    names = ", ".join(unknown) if len(unknown) < 6 else f"{len(unknown)} packages"
    return (
        f"{banner}\n  NOT CHECKED FOR KNOWN HOLES: {names}. No database answered for them.\n"
        f"  Run this again before a release, from where PyPI or OSV can be reached.\n{banner}"
    )


if __name__ == "__main__":
    sys.exit(main())
