"""Runs the whole suite as `make test` does: everything on SQLite, then what touches the database on PostgreSQL."""

import argparse
import os
import subprocess
import sys
import time
from contextlib import ExitStack

from tests.services.browser import chromium_path
from tests.services.needed import everything_is_required
from tests.services.postgres import describe, running_postgres, usable_server

_NO_TESTS_COLLECTED = 5
_DATABASE_ROOMS = ("tests/integration", "tests/faces", "tests/faults")


def run(title: str, arguments: list[str], *, workers: str, database_url: str) -> int:
    """Run pytest once and return its exit code; a room without tests is no failure."""
    # Importing the product names its settings in the environment; the suite has its own.
    dropped = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    env = {key: value for key, value in os.environ.items() if key not in dropped}
    if database_url:
        env["DATABASE_URL"] = database_url
    started = time.monotonic()
    sys.stdout.write(f"\n=== {title}\n")
    sys.stdout.flush()
    shown = ["--durations", "12", "--durations-min", "3"]
    command = [sys.executable, "-m", "pytest", "-q", *shown, "-n", workers, "--dist", "loadgroup", *arguments]
    code = subprocess.run(command, env=env, check=False).returncode
    sys.stdout.write(f"=== {title}: exit {code} after {time.monotonic() - started:.0f} s\n")
    return 0 if code == _NO_TESTS_COLLECTED else code


def main() -> int:
    """Return 0 when both passes hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", default="2", help="How many tests run at once.")
    workers = parser.parse_args().workers
    if not chromium_path():
        sys.stdout.write(
            "No Chromium on this machine: the browser tests will be skipped (set CHROMIUM_PATH).\n"
        )
        if everything_is_required():
            return 1
    codes = [
        run(
            "Everything but the browser, on SQLite",
            ["-m", "not slow and not faults and not postgres and not browser"],
            workers=workers,
            database_url="",
        ),
        # A process of its own, so that a browser that hangs or dies takes nothing else with it. What fails there is
        # tried once more, and counted as such in the last line.
        run(
            "In a real browser",
            ["-m", "browser and not slow", "--reruns", "1"],
            workers=workers,
            database_url="",
        ),
    ]
    with ExitStack() as stack:
        url = usable_server()
        if url:
            where = f"the server at {describe(url)}"
        else:
            url = stack.enter_context(running_postgres()).url
            where = "the wheel's own server"
        title = f"What touches the database, on PostgreSQL ({where})"
        rooms = [room for room in _DATABASE_ROOMS if os.path.isdir(room)]
        selection = ["-m", "not slow and not faults and not browser and not once", *rooms]
        codes.append(run(title, selection, workers=workers, database_url=url))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
