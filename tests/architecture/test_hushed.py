"""A finding of the security rules is hushed only with the reason beside it."""

import re

import pytest

from tests.services.processes import CHECKOUT

ROOMS = ("contractorhub", "projects", "notifications")
HUSHED = re.compile(r"# (?:noqa|nosec)\b(?P<codes>[^-#]*)(?P<reason>(?:-|#) ?.*)?$")


def unexplained(line: str) -> bool:
    """Whether a line hushes a rule of security and does not say why."""
    found = HUSHED.search(line)
    if found is None or ("nosec" not in found[0] and not re.search(r":.*\bS\d{3}\b|^\s*$", found["codes"])):
        return False
    return len((found["reason"] or "").strip("-# ").split()) < 2


def test_every_hushed_finding_of_security_says_why() -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for room in ROOMS
        for path in sorted((CHECKOUT / room).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if unexplained(line)
    ]
    assert not found, "say why behind the rule, as in '# noqa: S608 - our own names': " + ", ".join(found)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = 1  # noqa: S608", True),
        ("x = 1  # noqa: S608, BLE001", True),
        ("x = 1  # noqa", True),
        ("x = 1  # nosec", True),
        ("x = 1  # noqa: S608 - our own names", False),
        ("x = 1  # noqa: S606  # the same command, once more", False),
        ("x = 1  # noqa: BLE001", False),
        ("x = 1", False),
    ],
)
def test_a_reason_is_words_behind_the_rule(line: str, expected: bool) -> None:
    assert unexplained(line) is expected
