"""A real HTTP receiver of webhooks that answers as it is told and keeps what it was sent."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: a status and headers; `drips` never comes to its end, `cuts` hangs up without a word."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    drips: bool = False
    cuts: bool = False


@dataclass
class Receiver:
    """What has come in, and what is answered to the n-th request (counted from 0)."""

    port: int = 0
    leads_to: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[int], Said] = field(default=lambda number: Said())

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        """The webhook-ids in the order of their coming."""
        return [request.headers["webhook-id"] for request in self.received]


@contextmanager
def running_receiver(answer: Callable[[int], Said] | None = None) -> Iterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver(answer=answer) if answer else Receiver()
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            number = len(receiver.received)
            receiver.received.append(
                Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            )
            said = receiver.answer(number)
            if said.cuts:
                self.close_connection = True
                return
            while said.drips and not stop.wait(0.05):
                try:
                    self.wfile.write(b".")
                except OSError:
                    return
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            receiver.received.append(Received(self.path, dict(self.headers), b""))
            self.send_response(302 if receiver.leads_to else 204)
            if receiver.leads_to:
                self.send_header("Location", receiver.leads_to)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
