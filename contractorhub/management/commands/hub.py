"""The `hub` command: brings up the whole product from one checkout, and ends it whole."""

import hashlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from contractorhub.env import PROJECT_DIR, noted_variables, run_dir
from contractorhub.hub.lock import MARK, end_orphans, take_lock
from contractorhub.hub.plan import Plan, make_plan, write_note
from contractorhub.hub.ports import is_free
from contractorhub.hub.prepare import collect_static, migrate, seed_demo
from contractorhub.hub.supervisor_file import programs, render


class Command(BaseCommand):
    """Prepares everything, then becomes the supervisor of web, workers, clock, broker and mailbox."""

    help = (
        "Run ContractorHub in the foreground: database, broker, web, workers, clock and a local mailbox. "
        "A part that a variable names (DATABASE_URL, CELERY_BROKER_URL and CACHE_URL, EMAIL_URL) is used, not started."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--no-demo", action="store_true", help="Load no demo data.")

    def handle(self, *_args: Any, no_demo: bool, **_options: Any) -> None:
        """Prepare, write the supervisor's file and become the supervisor; returns only by an error."""
        data_dir: Path = settings.DATA_DIR
        mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
        if not take_lock(run_dir() / "hub.lock"):
            raise CommandError(
                f"ContractorHub already runs from {data_dir}. Stop it first, or set DATA_DIR to another folder."
            )
        ended = end_orphans(mark)
        if ended:
            self.stdout.write(f"Ended {ended} processes that an earlier start had left behind.")
        plan = self._plan(data_dir)
        port = int(plan.variables.get("PORT", "8000"))
        if not is_free(port):
            raise CommandError(f"Port {port} is taken. Choose another one: PORT={port + 1} make run")
        self._prepare(data_dir, no_demo=no_demo)
        self._become_supervisor(plan, port=port, data_dir=data_dir, mark=mark, has_demo=not no_demo)

    def _plan(self, data_dir: Path) -> Plan:
        noted = noted_variables()
        plan = make_plan(given=os.environ, noted=noted, data_dir=data_dir)
        write_note(plan.variables, run_dir() / "hub.env")
        if noted != plan.variables and not settings.IS_PRODUCTION:
            # The settings of this very process were read from the note as it was: read them again.
            self.stdout.flush()
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  # the same command, once more
        return plan

    def _prepare(self, data_dir: Path, *, no_demo: bool) -> None:
        started = time.monotonic()
        (data_dir / "log").mkdir(exist_ok=True)
        try:
            self._say(f"Database: {migrate()} migrations applied.", started)
        except DatabaseError as error:
            where = connection.settings_dict
            raise CommandError(
                f"The database {where['NAME']} at {where['HOST'] or 'this machine'}: {error}"
            ) from error
        is_new = collect_static(run_dir() / "static.stamp", Path(settings.STATIC_ROOT))
        self._say("Static files: " + ("collected." if is_new else "unchanged."), started)
        if not no_demo and not settings.IS_PRODUCTION:
            self._say(seed_demo(run_dir() / "demo.stamp"), started)
        connection.close()

    def _say(self, line: str, started: float) -> None:
        self.stdout.write(f"{line} ({time.monotonic() - started:.1f} s)")
        self.stdout.flush()

    def _become_supervisor(self, plan: Plan, *, port: int, data_dir: Path, mark: str, has_demo: bool) -> None:
        if plan.broker:
            plan.broker.write_config()
        found = programs(plan, port=port, data_dir=data_dir, checkout=PROJECT_DIR)
        path = run_dir() / "supervisord.conf"
        path.write_text(render(found, data_dir=data_dir, checkout=PROJECT_DIR))
        os.environ.update(
            {
                MARK: mark,
                "DATA_DIR": str(data_dir),
                "PORT": str(port),
                "DJANGO_SETTINGS_MODULE": "contractorhub.settings",
                "PROMETHEUS_MULTIPROC_DIR": str(data_dir / "run" / "metrics"),
                "HUB_HAS_MAILBOX": "1" if plan.mail_port else "0",
                "HUB_HAS_DEMO": "1" if has_demo and not settings.IS_PRODUCTION else "0",
                "PYTHONUNBUFFERED": "1",
            }
        )
        os.chdir(PROJECT_DIR)
        command = [sys.executable, "-m", "contractorhub.hub.supervise", "-n", "-c", str(path)]
        os.execv(sys.executable, command)  # noqa: S606  # the supervisor takes this process's place
