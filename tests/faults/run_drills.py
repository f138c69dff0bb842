"""Rehearses every disaster: on PostgreSQL and Redis of its own, then a full disk under what `make run` embeds."""

import sys

from tests.faults.run_all import run

if __name__ == "__main__":
    sys.exit(run("drill", embedded="disk"))
