"""Runs every case on one PostgreSQL, prints a line a case, and ends with one JSON line of ratios."""

import argparse
import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.services.postgres import usable_server

SIZES = {
    "W3": 3_000,
    "K100": 100_000,
    "M100": 100_000,
    "K10": 10_000,
    "L10": 10_000,
    "R10": 10_000,
    "F10": 10_000,
}
POSTS = 20


def main() -> None:
    """Prepare, measure, and say the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full sizes, for a quick look")
    parser.add_argument("--only", default="", help="cases by name, such as limit,product,batch")
    options = parser.parse_args()
    server = os.environ.get("DATABASE_URL") or usable_server()
    if not server.startswith("postgres"):
        sys.exit("This bench wants PostgreSQL: name one in DATABASE_URL.")
    with ExitStack() as stack:
        from bench.delivery.places import scratch_database

        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="contractorhub-bench-")))
        os.environ |= {
            "DATABASE_URL": stack.enter_context(scratch_database(server)),
            "DJANGO_SETTINGS_MODULE": "bench.delivery.settings",
            "DATA_DIR": str(folder),
            "BENCH_FOLDER": str(folder),
            "LOG_LEVEL": "WARNING",
        }
        import django

        django.setup()
        from bench.delivery.cases import Bench

        sizes = {code: max(int(size * options.scale), 10) for code, size in SIZES.items()}
        bench = stack.enter_context(Bench.prepared(folder, sizes | {f"S{n}": 1 for n in range(POSTS)}))
        figures = bench.run(set(filter(None, options.only.split(","))))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
