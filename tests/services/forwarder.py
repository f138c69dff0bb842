"""Passes on what arrives at an address: `python -m tests.services.forwarder ADDRESS PORT=TO_PORT ...`.

Ends go to 127.0.0.1. A peer that answers nothing is given up after a few seconds, as a server's kernel is set up to do.
"""

import asyncio
import socket
import sys
from contextlib import suppress

PART = 65_536
GIVEN_UP_AFTER_SECONDS = 8


async def main(address: str, ports: dict[int, int]) -> None:
    """Listen until killed."""
    for port, to_port in ports.items():
        await _listen(address, port, to_port)
    await asyncio.Event().wait()


async def _listen(address: str, port: int, to_port: int) -> None:
    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _watch_for_death(writer.get_extra_info("socket"))
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to_port)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))

    server = await asyncio.start_server(met, address, port, backlog=128)
    await server.start_serving()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, until its end; then the other side hears of it."""
    with suppress(OSError):
        while part := await reader.read(PART):
            writer.write(part)
            await writer.drain()
    writer.close()


def _watch_for_death(peer: socket.socket) -> None:
    options = {
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): GIVEN_UP_AFTER_SECONDS // 2,
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): 1,
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT): GIVEN_UP_AFTER_SECONDS // 2,
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT): GIVEN_UP_AFTER_SECONDS * 1_000,
    }
    for (level, name), value in options.items():
        peer.setsockopt(level, name, value)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], {int(a): int(b) for a, b in (word.split("=") for word in sys.argv[2:])}))
