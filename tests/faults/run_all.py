"""Causes every fault on PostgreSQL and Redis of its own, then the first ones on what `make run` embeds."""

import os
import shutil
import subprocess
import sys
import threading

from tests.services.postgres import PostgresService, running_postgres
from tests.services.processes import PartDidNotStart

_TESTS = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly", "tests/faults", "-m"]


def run(marker: str, *, embedded: str = "") -> int:
    """Return 0 when everything so marked was borne on both grounds; `embedded` narrows what is done on the second."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env.setdefault("LOG_LEVEL", "WARNING")
    with running_postgres(is_durable=True) as postgres:
        over = threading.Event()
        nurse = threading.Thread(target=_keep_alive, args=(postgres, over), daemon=True)
        nurse.start()
        server = {"DATABASE_URL": postgres.url, "FAULTS_OWN_POSTGRES": "1"}
        redis = {"TEST_REDIS_SERVER": shutil.which("redis-server") or ""}
        wanted = [*_TESTS, marker, *sys.argv[1:]]
        on_servers = subprocess.run(wanted, env=env | server | redis, check=False).returncode
        over.set()
        nurse.join()
    narrowed = ["-k", embedded] if embedded else []
    wanted = [*_TESTS, f"{marker} and not postgres", *narrowed, *sys.argv[1:]]
    on_this_disk = subprocess.run(wanted, env=env, check=False).returncode
    return max(on_servers, on_this_disk)


def _keep_alive(postgres: PostgresService, over: threading.Event) -> None:
    """Start PostgreSQL again whenever a fault has killed it, as a supervisor would."""
    while not over.wait(0.2):
        if not postgres.part.is_running():
            try:
                postgres.part.start()
            except PartDidNotStart as error:  # its last children may still be ending: once more
                sys.stderr.write(f"\n{error}\n")


if __name__ == "__main__":
    sys.exit(run("faults"))
