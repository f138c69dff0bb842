"""Of real processes, too, nothing of people stands in a log, the broker, the cache or the metrics: mails hold it."""

import base64
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from notifications.models import Delivery
from projects.models import EstimateRun, Upload
from tests.faces.api.world import make_token, opening
from tests.faces.portal.test_signing_in import CODE
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory, RateFactory, UserFactory
from tests.fakes.smtp_sink import SmtpSink, running_smtp_sink
from tests.faults.test_floods import collect_static
from tests.services.broker import BrokerService
from tests.services.processes import Part, wait_until
from tests.services.worker import running_web, running_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]
EMAIL, NAME, LEAD = "canary.ana@people.example", "Canaria Quetzal", "canary.lea@firm.example"
PEOPLE = (EMAIL, NAME, "Canaria", LEAD, "U0CANARY26")
WRITTEN = ("4711.13", "4711130000", "Vexler", "Zubrowka", "Xylograph")
ANYWHERE = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json", "STAFF_SECOND_FACTOR": "off"}


@dataclass
class Firm:
    """Real processes, what they write, and what is secret between them and whoever asks them."""

    address: str
    broker: BrokerService
    sink: SmtpSink
    folder: Path
    token: str
    code: str = ""
    worker: Part | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand nowhere that somebody else reads."""
        return (*PEOPLE, *WRITTEN, self.token, self.code)

    def asks(self, method: str, path: str, **body: Any) -> httpx.Response:
        """The lead's own program asks."""
        bearing = {"Authorization": f"Bearer {self.token}"}
        return httpx.request(method, f"{self.address}{path}", headers=bearing, timeout=60, **body)

    def places(self) -> dict[str, str]:
        """Everything that stands in logs, broker, cache and metrics at this moment."""
        logs = {path.name: path.read_text(errors="replace") for path in self.folder.glob("*.log")}
        stores = {
            name: "\n".join(_texts_of(redis.Redis.from_url(url)))
            for name, url in (("broker", self.broker.tasks_url), ("cache", self.broker.cache_url))
        }
        return {**logs, **stores, "metrics": self.asks("GET", "/metrics").text}

    def nothing_leaked(self) -> dict[str, str]:
        """Search every place; what was searched."""
        places = self.places()
        for place, text in places.items():
            for canary in self.secrets:
                assert canary not in text, f"{canary} stands in the {place}"
        return places


def _texts_of(store: "redis.Redis") -> Iterator[str]:
    """Every key of a database and every value under it, messages opened as a worker opens them."""
    for key in store.scan_iter():
        yield key.decode(errors="replace")
        for value in _values(store, key):
            yield value.decode(errors="replace")
            for body in re.findall(rb'"body": ?"([A-Za-z0-9+/=]+)"', value.replace(b'\\"', b'"')):
                yield base64.b64decode(body).decode(errors="replace")


def _values(store: "redis.Redis", key: bytes) -> list[bytes]:
    kind = store.type(key)
    if kind == b"list":
        return list(store.lrange(key, 0, -1))
    if kind == b"hash":
        return [part for pair in store.hgetall(key).items() for part in pair]
    if kind == b"set":
        return list(store.smembers(key))
    if kind == b"zset":
        return list(store.zrange(key, 0, -1))
    assert kind == b"string", f"{key!r} is of a kind nobody has searched: {kind!r}"
    return [store.get(key)]


def _people() -> str:
    """A contractor, whom everybody has a name and a rate of, and her lead's token."""
    lead = UserFactory.make(email=LEAD, is_staff=True, is_superuser=True)
    ana = ContractorFactory.make(
        user=UserFactory.make(email=EMAIL, name=NAME), email=EMAIL, name=NAME, slack_user_id="U0CANARY26"
    )
    project = ProjectFactory.make(code="CANARIES", leads=[lead])
    term = EngagementFactory.make(contractor=ana, project=project)
    RateFactory.make(engagement=term, amount_millionths=4_711_130_000)
    return make_token(lead, "read", "pauses:write", "hours:write")


@pytest.fixture
def firm(broker: BrokerService, tmp_path: Path) -> Iterator[Firm]:
    """A web process and a mail server; nobody works yet."""
    token = _people()
    (tmp_path / "static").mkdir()
    with ExitStack() as stack:
        collect_static(tmp_path)
        sink = stack.enter_context(running_smtp_sink())
        env = {**broker.env(), **ANYWHERE, "EMAIL_URL": sink.url}
        address = stack.enter_context(running_web(tmp_path, env=env))
        yield Firm(address, broker, sink, tmp_path, token)


def _sign_in(firm: Firm) -> None:
    """Ana asks for a code, mistypes it, types it, and looks at what is hers."""
    with httpx.Client(base_url=firm.address, timeout=60, follow_redirects=True) as browser:

        def sends(path: str, **fields: str) -> httpx.Response:
            form = browser.get(path)
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
            assert found is not None, path
            return browser.post(path, data={**fields, "csrfmiddlewaretoken": found[1]})

        sends("/account/login/", login=EMAIL)
        wait_until(lambda: bool(firm.sink.accepted), seconds=20, what="a code by mail")
        found = CODE.search(firm.sink.accepted[0].data.decode().replace("\r\n", "\n"))
        assert found is not None
        firm.code = found[1]
        sends("/account/login/code/confirm/", code="WRONGWRO")
        sends("/account/login/code/confirm/", code=firm.code)
        portal = browser.get("/portal/")
        assert (portal.url.path, "CANARIES" in portal.text) == ("/portal/", True)
        browser.get(f"/portal/{EMAIL}/")


def _act(firm: Firm) -> None:
    """The lead's program opens a pause with confidential words, hands in a bad file, and asks for odd things."""
    note = {"confidential_note": "the vendor is Vexler", "project": "CANARIES"}
    opened = firm.asks("POST", "/api/v1/pauses/", json=opening(**note))
    assert opened.status_code == 201, opened.text
    row = f"Date,Email,Project,Hours\n2026-02-02,{EMAIL},CANARIES,Xylograph-8h\n"
    handed = firm.asks(
        "POST", "/api/v1/imports/", data={"kind": "hours"}, files={"file": (f"{NAME}.csv", row.encode())}
    )
    assert handed.status_code == 202, handed.text
    firm.asks("POST", "/api/v1/hours/bulk/", json={"entries": [{"contractor": EMAIL, "words": "Zubrowka"}]})
    firm.asks("GET", "/api/v1/contractors/", params={"search": EMAIL})
    firm.asks("GET", f"/api/v1/contractors/{EMAIL}/")
    httpx.get(f"{firm.address}/api/v1/me/", headers={"Authorization": f"Bearer {firm.token}x"}, timeout=60)


def _is_over() -> bool:
    told = Delivery.objects.filter(channel="email", address=EMAIL, state="sent").exists()
    read = not Upload.objects.filter(state="checking").exists()
    return told and read and not EstimateRun.objects.exclude(state__in=["done", "failed"]).exists()


def test_only_mails_hold_what_is_about_people(firm: Firm) -> None:
    _sign_in(firm)
    _act(firm)
    for queue in ("email", "estimates", "imports"):
        wait_until(lambda name=queue: firm.broker.queued(name) > 0, seconds=20, what=f"a bell in {queue}")  # type: ignore[misc]

    waiting = firm.nothing_leaked()

    assert "notifications.relay" in waiting["broker"]
    assert "upload_id" in waiting["broker"]  # bodies were opened, not only looked at
    assert waiting["cache"]
    with running_worker(
        firm.folder, broker=firm.broker, env={**ANYWHERE, "EMAIL_URL": firm.sink.url}, concurrency=1
    ) as worker:
        wait_until(_is_over, seconds=120, what="everybody told, everything read and reckoned")
        wait_until(lambda: "task_succeeded" in worker.log.read_text(), seconds=30, what="a task's last word")
        done = firm.nothing_leaked()

    assert "request_finished" in done["web.log"]
    assert "contractorhub_queue_tasks" in done["metrics"]
    # Of all processes of the server, of which one answered: an alert asks for it.
    assert 'django_http_responses_total_by_status_total{status="200"}' in done["metrics"]
    mails = [str(mail.message) for mail in firm.sink.accepted if mail.recipient == EMAIL]
    assert any(firm.code in mail for mail in mails)
    assert any("Canaria" in mail for mail in mails)
    assert not any("Vexler" in mail for mail in mails)
    firm.nothing_leaked()  # what a stopping worker writes, too
