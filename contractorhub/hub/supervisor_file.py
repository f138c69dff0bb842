"""Writes the supervisor's file: which programs run, how they are stopped, where they log."""

import os
import pwd
import shlex
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from contractorhub.hub.plan import Plan

DELIVERY_QUEUES = ("posts", "email", "dms", "default")
FIGURE_QUEUES = ("estimates", "imports", "reports")


@dataclass(frozen=True)
class Program:
    """One supervised process; `stop_seconds` is how long it may take to end by itself after `stop_signal`."""

    name: str
    command: tuple[str, ...]
    stop_signal: str = "TERM"
    stop_seconds: int = 4
    niceness: int = 0
    once: bool = False
    on_terminal: bool = False


def programs(plan: Plan, *, port: int, data_dir: Path, checkout: Path) -> list[Program]:
    """Return the programs of one start; the broker's group is stopped last, after all who use it."""
    python = sys.executable
    found = []
    if plan.broker:
        found.append(Program("broker", tuple(plan.broker.command()), stop_seconds=3))
    if plan.mail_port:
        where = ("--port", str(plan.mail_port), "--folder", str(data_dir / "mail"))
        found.append(Program("mailbox", (python, "-m", "contractorhub.mailbox", *where), stop_seconds=2))
    web = (python, "-m", "gunicorn", "-c", "python:contractorhub.webserver", "--bind", f"127.0.0.1:{port}")
    worker = (python, "-m", "celery", "-A", "contractorhub", "worker", "--without-gossip", "--without-mingle")
    beat = (python, "-m", "celery", "-A", "contractorhub", "beat", "--pidfile", "")
    found += [
        Program("web", (*web, "contractorhub.wsgi")),
        # QUIT is Celery's soft stop: running tasks get a few seconds, the rest goes back to the queue.
        # A relay waits for ledger and mail server a third of its time: two cores are kept busy by three.
        Program("deliveries", (*worker, *_share("deliveries", 3, DELIVERY_QUEUES)), "QUIT", 6, niceness=5),
        Program("figures", (*worker, *_share("figures", 1, FIGURE_QUEUES)), "QUIT", 6, niceness=10),
        Program("beat", beat, stop_seconds=3, niceness=5),
        Program("welcome", (python, "-m", "contractorhub.hub.welcome"), once=True, on_terminal=True),
    ]
    return found


def _share(name: str, processes: int, queues: tuple[str, ...]) -> tuple[str, ...]:
    return ("-n", f"{name}@%h", "-c", str(processes), "-Q", ",".join(queues))


def render(found: list[Program], *, data_dir: Path, checkout: Path) -> str:
    """Return the file; every program dies with the supervisor, by the kernel's own hand where `setpriv` exists."""
    guard = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    logs = data_dir / "log"
    sections = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        f"user={pwd.getpwuid(os.geteuid()).pw_name}" if os.geteuid() == 0 else "",
        f"logfile={_safe(str(logs / 'supervisord.log'))}",
        "logfile_maxbytes=2MB",
        "logfile_backups=1",
        f"pidfile={_safe(str(data_dir / 'run' / 'supervisord.pid'))}",
        f"directory={_safe(str(checkout))}",
    ]
    for order, program in enumerate(found):
        sections += ["", *_section(program, guard=guard, logs=logs, priority=order + 20)]
    users = [program.name for program in found if program.name != "broker"]
    sections += ["", "[group:parts]", f"programs={','.join(users)}", "priority=20"]
    if len(users) < len(found):
        sections += ["", "[group:ground]", "programs=broker", "priority=10"]
    return "\n".join(sections) + "\n"


def _section(program: Program, *, guard: list[str], logs: Path, priority: int) -> list[str]:
    on_terminal = program.on_terminal and not stat.S_ISSOCK(
        os.fstat(1).st_mode
    )  # a socket has no name to open
    output = "/dev/fd/1" if on_terminal else _safe(str(logs / f"{program.name}.log"))
    # Pages come first on a small machine: a long estimate must not be felt in the browser.
    modest = ["nice", "-n", str(program.niceness)] if program.niceness else []
    return [
        f"[program:{program.name}]",
        f"command={_safe(shlex.join([*guard, *modest, *program.command]))}",
        f"priority={priority}",
        f"autorestart={'false' if program.once else 'true'}",
        f"startsecs={0 if program.once else 1}",
        "startretries=1000",
        f"stopsignal={program.stop_signal}",
        f"stopwaitsecs={program.stop_seconds}",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile={output}",
        f"stdout_logfile_maxbytes={0 if on_terminal else '5MB'}",
        "stdout_logfile_backups=2",
    ]


def _safe(value: str) -> str:
    """Supervisor expands % and reads ; after a blank as a comment."""
    return value.replace("%", "%%").replace(" ;", "\\ ;")
