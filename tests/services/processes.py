"""Real processes under test: started with their environment, waited for, killed at will, never left behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable


class PartDidNotStart(AssertionError):
    """A process ended, or never answered, before it was ready; the message holds the end of its log."""


@dataclass
class Part:
    """One process, with its whole group; `start` may follow `kill`, on the same terms."""

    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    is_ready: Callable[[], bool]
    patience_seconds: float = 30.0
    user: int | None = None
    cwd: Path = CHECKOUT
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start and wait until it is ready; raise PartDidNotStart where it never is."""
        guard = (
            ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") and self.user is None else []
        )
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*guard, *self.command],
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user is not None else None,
            )
        deadline = time.monotonic() + self.patience_seconds
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise PartDidNotStart(f"{self.command[0]} did not start:\n{self.log_end()}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """The process's id; it runs."""
        assert self.process is not None, "the part was never started"
        return self.process.pid

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """End the process and all its children at once, as a power cut would."""
        self._signal_group(signal.SIGKILL)
        if self.process:
            self.process.wait(10)

    def stop(self, *, patience_seconds: float = 10.0, number: int = signal.SIGTERM) -> int:
        """Ask it to end, kill its group where it does not; return its exit code."""
        assert self.process is not None, "the part was never started"
        if self.process.poll() is None:
            self.process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience_seconds)
        self._signal_group(signal.SIGKILL)
        return self.process.wait(10)

    def log_end(self, lines: int = 30) -> str:
        """Return the end of what it wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _signal_group(self, number: int) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


@contextlib.contextmanager
def running(part: Part) -> Iterator[Part]:
    """Start a part, and stop it whatever happens."""
    part.start()
    try:
        yield part
    finally:
        part.stop()


def wait_until(
    condition: Callable[[], bool], *, seconds: float, what: str, every_seconds: float = 0.05
) -> None:
    """Wait for an event by asking for it; raise AssertionError that names `what` where it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(every_seconds)
