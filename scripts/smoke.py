"""Starts the product as a newcomer does, walks the thread in a browser, stops it, and looks for what is left.

python scripts/smoke.py [--pictures docs/images]
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from walk import WalkFailed, walk_the_thread

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON = CHECKOUT / ".venv" / "bin" / "python"
PAGE_WITHIN_SECONDS = 90.0
WORK_WITHIN_SECONDS = 90.0
STOP_WITHIN_SECONDS = 10.0


class SmokeFailed(Exception):
    """Something a newcomer would have stumbled over."""


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> tuple[int, str]:
    """Return status and body; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""


def wait_for_page(base: str, hub: subprocess.Popen[str]) -> float:
    """Return the seconds until the sign-in page came."""
    started = time.monotonic()
    while fetch(f"{base}/healthz")[0] != 200:
        if hub.poll() is not None:
            raise SmokeFailed(f"make run ended with {hub.returncode}")
        if time.monotonic() - started > PAGE_WITHIN_SECONDS:
            raise SmokeFailed(f"no page within {PAGE_WITHIN_SECONDS:.0f} s")
        time.sleep(0.2)
    for path in ("/", "/account/login/", "/admin/login/", "/mailbox/"):
        status, _ = fetch(base + path)
        if status != 200:
            raise SmokeFailed(f"{path} answered {status}")
    return time.monotonic() - started


def wait_until_ready(base: str) -> None:
    """Wait until database, broker, clock and deliveries are all well."""
    deadline = time.monotonic() + WORK_WITHIN_SECONDS
    status, body = 0, ""
    while status != 200:
        if time.monotonic() > deadline:
            raise SmokeFailed(f"never ready: {status} {body}")
        time.sleep(0.5)
        status, body = fetch(f"{base}/readyz")


def manage(env: dict[str, str], *command: str) -> str:
    """Run a command by hand, as a second terminal would, and return what it printed."""
    run = subprocess.run(
        [str(PYTHON), "manage.py", *command],
        env=env,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if run.returncode:
        raise SmokeFailed(f"manage.py {command[0]} ended with {run.returncode}: {run.stdout}{run.stderr}")
    return run.stdout


def pause_and_count(env: dict[str, str], data_dir: Path) -> int:
    """Pause a demo project by hand and wait until the worker has put its mail into the mailbox; return how many."""
    letters = data_dir / "mail" / "new"
    before = len(list(letters.iterdir())) if letters.is_dir() else 0
    soon = (datetime.now(tz=UTC) + timedelta(days=2)).isoformat(timespec="seconds")
    words = "The client has stopped all work."
    manage(
        env,
        "open_pause",
        "--project",
        "MUSEN",
        "--reason",
        "security_incident",
        "--message",
        words,
        "--next-update-by",
        soon,
        "--json",
    )
    deadline = time.monotonic() + WORK_WITHIN_SECONDS
    while time.monotonic() < deadline:
        arrived = (len(list(letters.iterdir())) if letters.is_dir() else 0) - before
        if arrived > 0:
            return arrived
        time.sleep(0.5)
    raise SmokeFailed("the worker sent no mail for the pause")


def left_behind(data_dir: Path) -> list[str]:
    """Return the commands of processes that still belong to this start."""
    needle = f"DATA_DIR={data_dir}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if needle in (entry / "environ").read_bytes().split(b"\0") and int(entry.name) != os.getpid():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [command for command in found if command]


def stop(hub: subprocess.Popen[str]) -> float:
    """Press Ctrl-C and return the seconds until everything has ended."""
    started = time.monotonic()
    os.killpg(hub.pid, signal.SIGINT)
    try:
        hub.wait(STOP_WITHIN_SECONDS + 5)
    except subprocess.TimeoutExpired as error:
        os.killpg(hub.pid, signal.SIGKILL)
        raise SmokeFailed("Ctrl-C did not end it") from error
    return time.monotonic() - started


def smoke(data_dir: Path, pictures: Path | None) -> None:
    """Go through one start; raise SmokeFailed at the first thing that is wrong."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = {
        key: value
        for key, value in os.environ.items()
        if key
        not in {
            "DATABASE_URL",
            "CELERY_BROKER_URL",
            "CACHE_URL",
            "EMAIL_URL",
            "MAKEFLAGS",
            "MFLAGS",
            "MAKELEVEL",
        }
    }
    env |= {"DATA_DIR": str(data_dir), "PORT": str(port)}
    hub = subprocess.Popen(["make", "run"], env=env, cwd=CHECKOUT, start_new_session=True, text=True)
    try:
        print(f"smoke: first page after {wait_for_page(base, hub):.1f} s")
        wait_until_ready(base)
        print("smoke: ready, every check holds")
        print(f"smoke: the worker sent {pause_and_count(env, data_dir)} mails of a pause opened by hand")
        walk_the_thread(base, pictures=pictures)
    finally:
        seconds = stop(hub) if hub.poll() is None else 0.0
    print(f"smoke: Ctrl-C ended everything in {seconds:.1f} s")
    if seconds > STOP_WITHIN_SECONDS:
        raise SmokeFailed(f"stopping took {seconds:.1f} s")
    left = left_behind(data_dir)
    if left:
        raise SmokeFailed("left behind: " + json.dumps(left))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, help="keep pictures for the documentation in this folder")
    pictures = parser.parse_args().pictures
    with tempfile.TemporaryDirectory(prefix="contractorhub-smoke-") as folder:
        try:
            smoke(Path(folder).resolve(), pictures)
        except (SmokeFailed, WalkFailed) as reason:
            for log in sorted(Path(folder).glob("log/*.log")):
                print(
                    f"--- {log.name}\n{''.join(log.read_text(errors='replace').splitlines(keepends=True)[-15:])}"
                )
            print(f"smoke: FAILED: {reason}")
            sys.exit(1)
    print("smoke: passed")
