"""One hub per data folder, and none of an earlier hub's processes beside it."""

import contextlib
import fcntl
import os
import signal
import time
from pathlib import Path

MARK = "CONTRACTORHUB_HUB"
_LOCK_FD = "CONTRACTORHUB_HUB_LOCK"


def take_lock(path: Path) -> bool:
    """Take the lock for this process and what it becomes by exec; return False where another hub holds it."""
    inherited = os.environ.get(_LOCK_FD)
    if inherited and _is_file(int(inherited), path):
        return True
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return False
    os.set_inheritable(handle, True)
    os.environ[_LOCK_FD] = str(handle)
    return True


def _is_file(handle: int, path: Path) -> bool:
    try:
        return os.path.sameopenfile(handle, os.open(path, os.O_RDONLY))
    except OSError:
        return False


def processes_marked(mark: str) -> list[int]:
    """Return the processes, other than this one and its parents, that a hub with this mark started."""
    own = {os.getpid(), os.getppid()}
    needle = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone meanwhile, or another user's
            if int(entry.name) not in own and needle in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def end_orphans(mark: str, *, patience_seconds: float = 5.0) -> int:
    """Kill what a hub that was itself killed left running; return how many there were.

    Only the lock's holder may call this: without a live hub, every process with its mark is an orphan.
    """
    orphans = processes_marked(mark)
    for pid in orphans:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + patience_seconds
    while any(_is_alive(pid) for pid in orphans) and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(orphans)


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
