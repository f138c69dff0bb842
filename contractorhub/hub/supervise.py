"""Becomes the supervisor: supervisord in the foreground, that a closed terminal stops as Ctrl-C does."""

import contextlib
import fcntl
import os
import signal
import sys
from types import FrameType

from supervisor.medusa import asyncore_25 as asyncore
from supervisor.options import ServerOptions
from supervisor.supervisord import Supervisor


class HubOptions(ServerOptions):  # type: ignore[misc]  # supervisor ships no types
    """supervisord's options; its own answer to a hang-up is to start everything again, unseen."""

    def setsignals(self) -> None:
        """Take a hang-up for a request to stop, and say at once that the request was heard."""
        super().setsignals()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, frame: FrameType | None) -> None:
        self.signal_receiver.receive(signal.SIGTERM, frame)
        with contextlib.suppress(OSError):  # the terminal may be gone: that is why we stop
            print("\nStopping ContractorHub …", flush=True)  # noqa: T201  # this process is the terminal's


def main(arguments: list[str]) -> None:
    """Run supervisord until it is asked to stop; `arguments` are its own."""
    # The greeting comes through a second handle on the same terminal or file: neither may write over the other.
    fcntl.fcntl(1, fcntl.F_SETFL, fcntl.fcntl(1, fcntl.F_GETFL) | os.O_APPEND)
    options = HubOptions()
    options.realize(arguments, doc=__doc__)
    options.first = True
    options.test = False
    with contextlib.suppress(asyncore.ExitNow):  # supervisord's way of saying that all has ended
        Supervisor(options).main()
    options.close_logger()


if __name__ == "__main__":
    main(sys.argv[1:])
