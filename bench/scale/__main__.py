"""Fills a firm of each size on one PostgreSQL, measures every job on it, and says how each cost grows.

Usage: python -m bench.scale [--sizes 10000,100000] [--weeks 52] [--million]. `--million` adds 1,000,000 people and,
unless said otherwise, takes 12 weeks of hours at every size, because 52 weeks of a million people want 80 GB of disk.
Each size has a process and a database of its own on the server of DATABASE_URL (or one found here), which is dropped
again. Costs are seconds of one process, with its own processor seconds and the database's; a page's is the median of
one request. Ends with one JSON line: the exponents (0 stands still, 1 grows with the firm), every cost and every fact.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict

from bench.scale.growth import Costs, exponent, told, used
from tests.services.postgres import usable_server

WEEKS = 52
WEEKS_OF_A_MILLION = 12
MILLION = 1_000_000
BYTES_OF_A_DAY = 360
"""An entry with its indexes, and what building them takes meanwhile."""


def main() -> None:
    """Measure each size, then say what grows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000", help="people, parted by commas")
    parser.add_argument("--weeks", type=int, default=0, help="weeks of hours for everybody")
    parser.add_argument("--million", action="store_true", help="measure 1,000,000 people as well")
    options = parser.parse_args()
    sizes = sorted({*map(int, options.sizes.split(",")), *([MILLION] if options.million else [])})
    weeks = options.weeks or (WEEKS_OF_A_MILLION if options.million else WEEKS)
    server = os.environ.get("DATABASE_URL") or usable_server()
    if not server.startswith("postgres"):
        sys.exit("This bench wants PostgreSQL: name one in DATABASE_URL.")
    wanted, free = max(sizes) * weeks * 5 * BYTES_OF_A_DAY, shutil.disk_usage("/").free
    if wanted > free:
        sys.exit(
            f"{wanted / 1e9:.0f} GB would be written and {free / 1e9:.0f} GB are free: take fewer --weeks."
        )
    costs: dict[str, dict[int, Costs]] = defaultdict(dict)
    facts: dict[int, dict[str, float]] = {}
    for size in sizes:
        facts[size] = measure(size, weeks, server, costs)
    for name, at_sizes in costs.items():
        print(told(name, at_sizes))
    print(json.dumps({"weeks": weeks, "grows": growth(costs), "costs": costs, "facts": facts}))


def measure(size: int, weeks: int, server: str, costs: dict[str, dict[int, Costs]]) -> dict[str, float]:
    """Every job on a firm of this size, added to `costs` as it comes; what else is known of the firm."""
    facts: dict[str, float] = {}
    command = [sys.executable, "-m", "bench.scale.one", str(size), str(weeks), server]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            name, value = json.loads(line)
            print(f"{size:>9,} {name}: {value}", file=sys.stderr, flush=True)
            if isinstance(value, dict):
                costs[name][size] = value
            else:
                facts[name] = value
    if process.returncode:
        sys.exit(f"The firm of {size:,} people could not be measured.")
    return facts


def growth(costs: dict[str, dict[int, Costs]]) -> dict[str, float]:
    """The exponent of every job's processor seconds; nothing where only one size was measured."""
    several = {name: each for name, each in costs.items() if len(each) > 1}
    return {name: round(exponent(list(each), used(each)), 3) for name, each in several.items()}


if __name__ == "__main__":
    main()
