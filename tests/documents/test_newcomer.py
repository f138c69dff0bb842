"""A newcomer who follows the tutorial in a bare clone, word by word, comes to the end of it."""

import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from contractorhub.hub.ports import free_port
from tests.services.browser import chromium_path
from tests.services.needed import is_missing
from tests.services.processes import CHECKOUT, PYTHON, Part

TUTORIAL = CHECKOUT / "docs" / "tutorial.md"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def test_every_label_that_the_tutorial_names_is_used_by_the_walk_through_the_pages() -> None:
    walk = (CHECKOUT / "scripts" / "walk.py").read_text()
    labels = set(re.findall(r"\*\*(.+?)\*\*", TUTORIAL.read_text()))

    assert {"Write the pause", "Pause now", "I have read this"} <= labels
    assert [label for label in labels if label not in walk] == []


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A bare clone of the last commit; what is installed is this checkout's, and says that nothing is to be done."""
    place = tmp_path / "contractorhub"
    subprocess.run(["git", "clone", "-q", str(CHECKOUT), str(place)], check=True)
    (place / ".venv").symlink_to(Path(PYTHON).parent.parent)
    for lock in place.glob("requirements*.txt"):
        os.utime(lock, (0, 0))
    return place


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """What a newcomer's terminal knows: nothing of ours, but a port that is free on this machine."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PORT": str(free_port()), "LANG": "C.UTF-8"}


def type_in(clone: Path, home: dict[str, str], command: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=clone, env=home, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout + done.stderr


def is_ready(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.browser
@pytest.mark.timeout(600)
def test_the_tutorial_works_from_a_bare_clone_to_the_first_change(
    clone: Path, home: dict[str, str], tmp_path: Path
) -> None:
    if not chromium_path():
        is_missing("Chromium")
    text = (clone / "docs" / "tutorial.md").read_text()
    start, by_hand, first, second = blocks(text, "sh")
    base = f"http://127.0.0.1:{home['PORT']}"

    hub = Part(["bash", "-c", start], home, tmp_path / "hub.log", lambda: is_ready(base), 180, cwd=clone)
    hub.start()
    try:
        walked = type_in(clone, home, f".venv/bin/python scripts/walk.py {base}")
        assert re.findall(r"walk: (\w+)", walked) == ["pause", "read", "report"]
        said = type_in(clone, home, by_hand)
        assert "follow from one another" in said
        assert "CHORDUS" in (clone / "impact.csv").read_text()
    finally:
        os.killpg(hub.pid, signal.SIGINT)
        hub.stop(patience_seconds=20, number=signal.SIGINT)

    (test,), (change,) = blocks(text, "python"), blocks(text, "diff")
    (clone / "tests" / "unit" / "test_far_pauses.py").write_text(test)
    assert "not yet" in type_in(clone, home, first)
    subprocess.run(["git", "apply", "-"], cwd=clone, input=change, text=True, check=True)
    assert "1 passed" in type_in(clone, home, second)
    type_in(clone, home, ".venv/bin/ruff check tests/unit/test_far_pauses.py")
    type_in(clone, home, ".venv/bin/ruff format --check tests/unit/test_far_pauses.py")
