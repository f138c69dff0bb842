"""Loads the real web server with readers of every kind, 100,000 contractors in PostgreSQL: `make load`.

Usage: python -m bench.load LOCUST [--people N] [--seconds N] [--portal R] [--lock R] [--desk R] [--finance R]

LOCUST is the program, R are requests a second of that kind. Makes a database of its own on the server of DATABASE_URL
(or one found here), pauses a client with everybody on it, and lets the readers come. Prints a line a page with its
requests, failures and p50, p95, p99 in milliseconds; ends with one JSON line of the same, `portal_p99_ms`, `failures`,
and `cpu_seconds` of the web server, the database and the readers while they came: what they share is `cores`.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bench.web import WebServer, place_of_its_own

# A hundred thousand people of whom three thousand look within a minute; time trackers that ask for as many entries of
# hours; some dozens of leads who turn a page now and then, a handful of people in finance.
RATES = {"portal": 50.0, "lock": 10.0, "desk": 0.5, "finance": 0.1}
WARM_UP_SECONDS = 15
SHARES = (50, 95, 99)
LOCUSTFILE = Path(__file__).with_name("locustfile.py")


def main() -> None:
    """Prepare, let them come, and say how each page did."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("locust")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=120)
    for kind, rate in RATES.items():
        parser.add_argument(f"--{kind}", type=float, default=rate, help="requests a second")
    options = parser.parse_args()
    with place_of_its_own() as folder:
        from bench.load.readers import plan

        made = plan(options.people, {kind: getattr(options, kind) for kind in RATES})
        file = folder / "plan.json"
        file.write_text(json.dumps(made))
        from bench.processors import used_by

        server = WebServer(folder)
        with server as port:
            load(options.locust, file, port, made, seconds=WARM_UP_SECONDS)
            readers = _readers_cpu()
            with used_by(server.process.pid) as used:
                entries = load(options.locust, file, port, made, seconds=options.seconds)
            cpu = {"web": used.web, "database": used.database, "readers": _readers_cpu() - readers}
    say(entries, people=options.people, cpu=cpu)


def load(locust: str, plan: Path, port: int, made: dict[str, Any], *, seconds: int) -> list[dict[str, Any]]:
    """Let all readers come for so long; locust's own account of every page."""
    readers = sum(kind["readers"] for kind in made["kinds"].values())
    command = [
        *(locust, "-f", str(LOCUSTFILE), "--host", f"http://127.0.0.1:{port}", "--headless", "--json"),
        *(
            "-u",
            str(readers),
            "-r",
            str(readers),
            "-t",
            f"{seconds}s",
            "--reset-stats",
            "--exit-code-on-error",
            "0",
        ),
        *("--loglevel", "ERROR", "--only-summary"),
    ]
    done = subprocess.run(
        command, env=os.environ | {"LOAD_PLAN": str(plan)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"locust ended with {done.returncode}:\n{done.stderr[-2000:]}")
    found: list[dict[str, Any]] = json.loads(done.stdout[done.stdout.index("[") :])
    return found


def _readers_cpu() -> float:
    """Processor seconds of the programs that have ended: while the web server lives, those are the readers."""
    took = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took.ru_utime + took.ru_stime


def say(entries: list[dict[str, Any]], *, people: int, cpu: dict[str, float]) -> None:
    """A line a page, then all of it as JSON."""
    pages = {entry["name"]: account(entry) for entry in sorted(entries, key=lambda entry: entry["name"])}
    for name, page in pages.items():
        words = ", ".join(f"{key} {value:g}" for key, value in page.items())
        print(f"{name:<34} {words}")
    portal: Counter[float] = Counter()
    for entry in entries:
        if entry["name"].startswith("portal"):
            portal.update(times_of(entry))
    print(
        json.dumps(
            {
                "portal_p99_ms": share(portal, 99),
                "portal_per_second": round(portal.total() / lasted(entries), 1),
                "failures": sum(page["failures"] for page in pages.values()),
                "people": people,
                "cores": os.cpu_count(),
                "cpu_seconds": {name: round(seconds, 1) for name, seconds in cpu.items()},
                "pages": pages,
            }
        )
    )
    if not portal:
        sys.exit("Nobody came.")


def lasted(entries: list[dict[str, Any]]) -> float:
    """Seconds from when the readers were there to the last answer: starting locust takes a part of its time."""
    if not entries:
        return 1.0
    last = max(entry["last_request_timestamp"] for entry in entries)
    return max(float(last - min(entry["start_time"] for entry in entries)), 1.0)


def account(entry: dict[str, Any]) -> dict[str, float]:
    """Requests, failures, and the milliseconds within which a share of them was answered."""
    times = times_of(entry)
    return {
        "requests": entry["num_requests"],
        "failures": entry["num_failures"],
        **{f"p{number}_ms": share(times, number) for number in SHARES},
    }


def times_of(entry: dict[str, Any]) -> Counter[float]:
    """How many requests took how many milliseconds, as rounded by locust."""
    return Counter({float(took): count for took, count in entry["response_times"].items()})


def share(times: Counter[float], percent: int) -> float:
    """Milliseconds within which so many of a hundred were answered."""
    left = times.total() * percent / 100
    for took in sorted(times):
        left -= times[took]
        if left <= 0:
            return took
    return 0.0


if __name__ == "__main__":
    main()
