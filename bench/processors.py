"""Processor seconds of processes: of a program with all it started, and of PostgreSQL where it works for us."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_EVERY_SECONDS = 1.0


@dataclass
class Used:
    """Processor seconds of the web server and of the database."""

    web: float = 0.0
    database: float = 0.0


@contextmanager
def used_by(web: int) -> Iterator[Used]:
    """Measure a web server, by its process, and the database while something is done.

    Looks every second, for connections come and go meanwhile; what ends between two looks is not seen.
    """
    found, over = Used(), threading.Event()
    watch = threading.Thread(target=_look, args=(web, found, over))
    watch.start()
    try:
        yield found
    finally:
        over.set()
        watch.join()


def _look(web: int, found: Used, over: threading.Event) -> None:
    asked: Mapping[str, Callable[[], dict[int, float]]] = {
        "web": lambda: seconds_of(tree_of(web)),
        "database": seconds_of_database,
    }
    before = {name: ask() for name, ask in asked.items()}
    while True:
        is_over = over.wait(_LOOK_EVERY_SECONDS)
        for name, ask in asked.items():
            now = ask()
            more = sum(seconds - before[name].get(pid, 0.0) for pid, seconds in now.items())
            setattr(found, name, getattr(found, name) + more)
            before[name] |= now
        if is_over:
            connection.close()
            return


def seconds_of(pids: Iterable[int]) -> dict[int, float]:
    """Processor seconds of each of these processes that lives here."""
    found = {}
    for pid in pids:
        words = _words_of(pid)
        if words:
            found[pid] = (int(words[11]) + int(words[12])) / _TICKS
    return found


def tree_of(root: int) -> list[int]:
    """A process and all that it and its children started."""
    parents = {int(entry.name): _words_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    found = [root]
    for pid in found:
        found += [child for child, words in parents.items() if words and int(words[1]) == pid]
    return found


def seconds_of_database() -> dict[int, float]:
    """Processor seconds of each process of PostgreSQL that works for this database, by its id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return seconds_of([pid for (pid,) in cursor.fetchall()])


def _words_of(pid: int) -> list[str]:
    """What the system says of a process after its name; nothing where it has ended, or lives elsewhere."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
