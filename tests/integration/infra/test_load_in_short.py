"""The load test itself, with few people and for a moment: its readers find every page they ask for."""

import json
import subprocess

import pytest

from tests.services.postgres import usable_server
from tests.services.processes import CHECKOUT, PYTHON

LOCUST = CHECKOUT / ".venv-load" / "bin" / "locust"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.mark.skipif(not LOCUST.exists(), reason="locust is not installed: make load")
@pytest.mark.skipif(not usable_server(), reason="needs a PostgreSQL server that lets us make databases")
def test_readers_of_every_kind_find_every_page() -> None:
    rates = ("--portal", "8", "--lock", "4", "--desk", "2", "--finance", "2")
    command = [PYTHON, "-m", "bench.load", str(LOCUST), "--people", "600", "--seconds", "15", *rates]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["failures"] == 0
    assert {name.partition(":")[0] for name in found["pages"]} == {"admin", "finance", "hours lock", "portal"}
    assert found["portal_per_second"] > 2
    assert all(seconds > 0 for seconds in found["cpu_seconds"].values())
