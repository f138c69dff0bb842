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
from tests.services.template import template_on

_NO_TESTS_COLLECTED = 5
_DATABASE_ROOMS = ("tests/integration", "tests/faces", "tests/faults")
_BROWSER_ROOM = "tests/browser"


def run(title: str, arguments: list[str], *, workers: str, **variables: str) -> int:
    """Run pytest once, with these variables, and return its exit code; a room without tests is no failure."""
    # Importing the product names its settings in the environment; the suite has its own. And it starts the product
    # a hundred times: where nothing that was compiled may be kept, each start compiles all of it again.
    dropped = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"}
    env = {key: value for key, value in os.environ.items() if key not in dropped} | variables
    started = time.monotonic()
    sys.stdout.write(f"\n=== {title}\n")
    sys.stdout.flush()
    shown = ["--durations", "12", "--durations-min", "3"]
    # One process more than cores: one of them waits for real services most of its time (see tests/conftest.py).
    processes = str(int(workers) + 1) if workers.isdecimal() else workers
    at_once = ["-n", processes, "--dist", "loadgroup"]
    command = [sys.executable, "-m", "pytest", "-q", *shown, *at_once, *arguments]
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
    with ExitStack() as stack:
        url, path = usable_server(), os.environ.get("PATH", "")
        where = f"the server at {describe(url)}"
        if not url:
            own = stack.enter_context(running_postgres())
            # A backup is taken by the server's own programs: those of another version refuse it.
            url, path, where = own.url, f"{own.programs}{os.pathsep}{path}", "the wheel's own server"
        template = stack.enter_context(template_on(url))
        codes = [
            run(
                "Everything but the browser, on SQLite",
                ["-m", "not slow and not faults and not postgres and not browser"],
                workers=workers,
            ),
            # A process of its own, so that a browser that hangs or dies takes nothing else with it. What fails there
            # is tried once more, and counted as such in the last line.
            run(
                "In a real browser",
                ["-m", "browser and not slow", "--reruns", "1", _BROWSER_ROOM],
                workers=workers,
            ),
            run(
                f"What touches the database, on PostgreSQL ({where})",
                ["-m", "not slow and not faults and not browser and not once", *_DATABASE_ROOMS],
                workers=workers,
                PATH=path,
                DATABASE_URL=url,
                TEST_POSTGRES_TEMPLATE=template.when_ready(),
            ),
        ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
