"""Which commands of the documentation no test types as they stand, and why: one list, to be read."""

from collections.abc import Mapping
from typing import Final

OTHER_PROGRAMS: Final[Mapping[str, str]] = {
    "docker": "needs a container engine; tests/integration/infra/test_compose.py runs what each service runs",
    "systemctl": "needs systemd and root",
    "systemd-run": "needs systemd and root",
    "systemd-analyze": "needs systemd",
    "journalctl": "needs systemd",
    "useradd": "needs root",
    "install": "needs root",
    "ln": "belongs to an installation under /opt",
    "cp": "belongs to an installation under /opt",
    "mkdir": "belongs to an installation under /opt",
    "tar": "belongs to an installation under /opt",
    "cd": "belongs to an installation under /opt",
    "psql": "needs the servers of an installation",
    "pg_basebackup": "needs the servers of an installation",
    "pg_ctl": "needs the servers of an installation",
    "curl": "asks an installation; the story of the API is pasted whole by tests/faces/api/test_documents.py",
    "pip": "fetches from an index; tests/faces/api/test_generated_client.py uses what is fetched",
    "openapi-python-client": "tests/faces/api/test_generated_client.py runs it",
    "opentelemetry-instrument": "a program that is not among our needs",
    "promtool": "not among our needs; tests/integration/infra/test_prometheus.py lets a server evaluate the rules",
    "ssh-keygen": "tests/unit/test_release.py signs and checks with it",
    "sha256sum": "tests/unit/test_release.py checks the hash",
    "git": "changes the checkout; tests/documents/test_newcomer.py clones one and follows the tutorial in it",
    "export": "a part of the story of docs/howto/api.md, which its own test pastes whole",
    "echo": "a part of the story of docs/howto/api.md, which its own test pastes whole",
}
"""Programs that are not ours."""

NOT_HERE: Final[Mapping[str, str]] = {
    "python manage.py backtest_impact": "reads public hours that are not part of the repository; "
    "tests/unit/impact/test_replay.py replays small ones",
    "make -C /opt": "belongs to an installation under /opt; it makes what make setup makes",
    "python manage.py help": "prints names alone; tests/integration/infra/test_reference.py goes through all of them",
    "python manage.py restore": "needs an empty place: tests/integration/infra/test_backup.py",
    "python backtest.py": "a program of the published back-test, beside its data",
    "python peers.py": "a program of the published back-test, beside its data",
    "python manage.py export_report journal": "names a closed period: tests/integration/reports/test_periods.py",
    "WRITE_ACCESS_MATRIX=all": "asks everything for minutes; the slow tier asks the same without writing",
    "python3 scripts/make_secrets.py": "writes into the checkout: tests/integration/infra/test_compose.py",
    ".venv/bin/python -m pytest": "the suite itself; tests/documents/test_newcomer.py runs one as it stands",
    ".venv/bin/pre-commit": "changes the hooks of the checkout",
}
"""Commands of ours, by how they begin."""

MADE_BY: Final[Mapping[str, str]] = {
    "audit": "asks a service for advice about known holes",
    "backup": "tests/integration/infra/test_backup.py",
    "bench": "measures for minutes",
    "ci": "its parts, each a step of .ci/run",
    "clean": "removes what is installed",
    "docs": ".ci/run",
    "drill": "tests/faults/test_drills.py, by hand or in a nightly run: it takes minutes",
    "fast": "tests/unit and tests/architecture are part of make test",
    "faults": "tests/faults/test_every_fault.py, in the slow tier",
    "format": "changes the checkout",
    "help": "prints this very list",
    "licences": "tests/unit/test_supply.py",
    "lint": ".ci/run",
    "load": "tests/integration/infra/test_load_in_short.py, in the slow tier",
    "lock": "asks an index",
    "messages": "tests/unit/test_translations.py",
    "migrations-check": ".ci/run",
    "mutation": "changes the code by itself for a long while",
    "pictures": "scripts/smoke.py, whose walk takes the pictures",
    "release": ".ci/run",
    "restore": "tests/integration/infra/test_backup.py",
    "rooms": ".ci/run",
    "run": "tests/integration/infra/test_hub.py, tests/documents/test_newcomer.py and scripts/smoke.py",
    "sbom": "writes a file and does nothing else; by hand, with each release",
    "setup": ".ci/run",
    "slow": "the long tier itself",
    "smoke": ".ci/run",
    "test": ".ci/run",
    "types": ".ci/run",
}
"""What runs each target of make; a dry run here tells that it is there and takes what it is given."""
