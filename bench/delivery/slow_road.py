"""A TCP proxy whose answers come 20 ms later: `python -m bench.delivery.slow_road PORT TO_PORT`."""

import asyncio
import sys
from collections import deque

DELAY_SECONDS = 0.02


class End(asyncio.Protocol):
    """One end of a connection: what comes in goes out at the other end, late or at once."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.other: asyncio.Transport | None = None
        self.early: deque[bytes] = deque()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep our side."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def join(self, other: asyncio.Transport) -> None:
        """Learn where to write; what came before goes first."""
        self.other = other
        while self.early and not self.delay:
            other.write(self.early.popleft())

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        if self.other is not None and not self.delay:
            self.other.write(data)
            return
        self.early.append(data)
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self._pass_one)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up at the other end as well."""
        if self.other is not None:
            self.other.close()

    def _pass_one(self) -> None:
        data = self.early.popleft()
        if self.other is not None and not self.other.is_closing():
            self.other.write(data)


async def main(port: int, to_port: int) -> None:
    """Listen until killed."""
    loop = asyncio.get_running_loop()
    joining: set[asyncio.Task[None]] = set()

    def near() -> End:
        end = End(0.0)

        async def join() -> None:
            far_transport, far = await loop.create_connection(
                lambda: End(DELAY_SECONDS), "127.0.0.1", to_port
            )
            assert end.transport is not None
            far.join(end.transport)
            end.join(far_transport)

        task = loop.create_task(join())
        joining.add(task)
        task.add_done_callback(joining.discard)
        return end

    server = await loop.create_server(near, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
