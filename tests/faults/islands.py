"""Workers on several hosts that share one database, one broker and one mail server; one of them is cut off."""

from contextlib import ExitStack
from urllib.parse import urlsplit

from notifications import states
from notifications.models import Delivery
from tests.faults.ledger import wait_until
from tests.faults.scene import Scene
from tests.services.hosts import Host, running_host
from tests.services.processes import Part
from tests.services.worker import database_url

HOSTS = 3


def one_host_cut_off(scene: Scene) -> None:
    """Of three hosts the one that is telling loses its cable, and gets it back when the others are done."""
    scene.sink.latency_seconds = 0.05  # slow enough to be met in the middle of telling a few people
    with ExitStack() as stack:
        hosts = [
            stack.enter_context(running_host(scene.folder, number, ports=_ports(scene)))
            for number in range(HOSTS)
        ]
        workers = {host.name: _worker(scene, host) for host in hosts}
        scene.wait_for(1 / 3)
        island = next(host for host in hosts if host.talks_to(scene.sink.port))
        island.cut()
        assert Delivery.objects.exclude(state__in=states.OVER).exists(), "they were done already"
        scene.drain()  # the island's share passes on to the others
        told = len(scene.arrivals())
        island.mend()
        lonely = workers.pop(island.name)
        for other in workers.values():
            other.stop(patience_seconds=20)
        done = _tasks_done(lonely)
        wait_until(lambda: _tasks_done(lonely) > done, doing=scene.ring)  # it is among us again, and works
        assert len(scene.arrivals()) == told, "who was cut off told somebody again"


def _ports(scene: Scene) -> list[int]:
    urls = (database_url(), scene.broker.tasks_url, scene.sink.url)
    return [port for url in urls if (port := urlsplit(url).port)]


def _worker(scene: Scene, host: Host) -> Part:
    """A worker that knows the servers by the addresses that its host reaches."""
    urls = {"DATABASE_URL": database_url(), "EMAIL_URL": scene.sink.url, **scene.broker.env()}
    env = {name: host.seen_from_here(url) for name, url in urls.items()}
    env["LOG_LEVEL"] = "INFO"  # its log says which tasks it has done, however quiet the others are
    return scene.worker(env=env, before=host.before)


def _tasks_done(worker: Part) -> int:
    return worker.log.read_text(errors="replace").count("succeeded in")
