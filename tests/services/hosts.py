"""Hosts of their own on this machine: network namespaces with an address each, whose cable can be pulled.

What the servers of a test offer on 127.0.0.1 is reached from a host under the address of its gateway.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from contractorhub.hub.ports import free_port
from tests.services.processes import Part, running


def may_be_made() -> str:
    """Why this machine lets us make no host of our own; empty where it does."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return "network namespaces want root and iproute2"
    probe = f"hub{os.getpid()}probe"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False).returncode:
        return "this machine lets us make no network namespace"
    _ip("netns", "del", probe)
    return ""


@dataclass(frozen=True, slots=True)
class Host:
    """One host: how a program is started on it, and the cable between it and everybody else."""

    name: str
    gateway: str
    cable: str
    ports: Mapping[int, int]

    @property
    def before(self) -> Sequence[str]:
        """What comes before a command that shall run there."""
        return ("ip", "netns", "exec", self.name)

    def seen_from_here(self, url: str) -> str:
        """An address on 127.0.0.1 as this host reaches it."""
        for port, here in self.ports.items():
            url = url.replace(f"127.0.0.1:{port}", f"{self.gateway}:{here}")
        assert "127.0.0.1" not in url, url
        return url

    def talks_to(self, port: int) -> bool:
        """Whether a connection from there to this port of 127.0.0.1 stands."""
        asked = ("ss", "-Htn", "state", "established", "dport", "=", f":{self.ports[port]}")
        done = subprocess.run([*self.before, *asked], capture_output=True, text=True, check=True)
        return bool(done.stdout.strip())

    def cut(self) -> None:
        """Pull the cable: nothing arrives any more in either direction, and nobody is told."""
        _ip("link", "set", self.cable, "down")

    def mend(self) -> None:
        """Plug it in again."""
        _ip("link", "set", self.cable, "up")


@contextmanager
def running_host(folder: Path, number: int, *, ports: Sequence[int]) -> Iterator[Host]:
    """Make a host that reaches these ports of 127.0.0.1; it goes with all that it was."""
    name, cable = f"hub{os.getpid()}n{number}", f"h{os.getpid() % 1_000_000}n{number}"
    network = f"10.{100 + os.getpid() % 100}.{number}"
    gateway = f"{network}.1"
    with ExitStack() as stack:
        _ip("netns", "add", name)
        stack.callback(_ip, "netns", "del", name)
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("address", "add", f"{gateway}/30", "dev", cable)
        _ip("link", "set", cable, "up")
        _ip("-n", name, "address", "add", f"{network}.2/30", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")
        _ip("-n", name, "link", "set", "lo", "up")
        reached = {port: free_port() for port in ports}
        road = Part(
            command=(
                *(sys.executable, "-m", "tests.services.forwarder", gateway),
                *(f"{here}={port}" for port, here in reached.items()),
            ),
            env=dict(os.environ),
            log=folder / f"road{number}.log",
            is_ready=lambda: _answers(gateway, [*reached.values()][-1]),
        )
        stack.enter_context(running(road))
        yield Host(name, gateway, cable, reached)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def _answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=0.5).close()
    except OSError:
        return False
    return True
