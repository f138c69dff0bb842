"""After a full run nothing of people stands in logs, error pages, metrics, task arguments or the broker."""

import base64
import inspect
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from kombu.transport.memory import Channel as MemoryChannel

from notifications.endpoints import new_secret
from notifications.events import Event, publish
from notifications.models import Delivery, Endpoint, Workspace
from notifications.relay import relay
from projects.models import Contractor, Correction, Upload, User
from projects.operations.estimates import sweep_estimates
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.operations.upload_work import check_upload
from projects.operations.uploads import receive_upload
from tests.faces.access.asking import BACKEND
from tests.faces.portal.test_signing_in import ask_for_code
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory, RateFactory, UserFactory

pytestmark = pytest.mark.django_db
EMAIL, NAME, RATE, SECRET = "canary.ana@people.example", "Canaria Quetzal", "4711.13", "the vendor is Vexler"
TOLD, BAD_CELL, SLACK_TOKEN = "I worked more than Zubrowka says", "Xylograph-8h", "xoxb-canary-4242-quokka"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every line that the product's own handler would write, as it would write it."""
    kept: list[str] = []
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(handler.format(record))

    keep, root = Keep(level=logging.DEBUG), logging.getLogger()
    level = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    yield kept
    root.setLevel(level)
    root.removeHandler(keep)


def _messages() -> str:
    """What stands in the broker: the bodies and headers of every message in every queue."""
    found = []
    for queue in MemoryChannel.queues.values():
        while not queue.empty():
            message = queue.get_nowait()
            found += [json.dumps(message, default=str), base64.b64decode(message["body"]).decode()]
    return "\n".join(found)


def _a_full_run(capture: Any) -> tuple[str, Contractor]:
    """Somebody signs in; their project is paused with confidential words, they are told, their loss is reckoned."""
    at, lead = (
        timezone.now(),
        UserFactory.make(is_staff=True, is_superuser=True, email="canary.lea@firm.example"),
    )
    user = UserFactory.make(email=EMAIL, name=NAME)
    ana = ContractorFactory.make(user=user, email=EMAIL, name=NAME)
    engagement = EngagementFactory.make(contractor=ana, project=ProjectFactory.make(leads=[lead]))
    RateFactory.make(engagement=engagement, amount_millionths=4_711_130_000)
    browser = Client()
    code = ask_for_code(browser, EMAIL)
    browser.post("/account/login/code/confirm/", {"code": "WRONGWRO"})
    browser.post("/account/login/code/confirm/", {"code": code})
    with capture(execute=True):
        open_pause(
            project=engagement.project,
            answers=PauseAnswers(
                what_stopped="All.", why="A look.", what_happens_to_pay="Paid.", what_to_do_now="Wait.",
                next_update_by=at + timedelta(days=2), confidential_note=SECRET,
            ),
            terms=PauseTerms(reason_code="budget"), by=lead, at=at - timedelta(hours=1),
        )  # fmt: skip
    for _bell in range(4):
        relay(clock=timezone.now)
    sweep_estimates(at=timezone.now() + timedelta(hours=1))
    browser.get("/portal/")
    browser.post(
        "/portal/corrections/new/rate/",
        {
            "engagement": engagement.pk,
            "words": TOLD,
            "amount": RATE,
            "currency": "USD",
            "basis": "hour",
            "starts_on": "2026-01-01",
        },
    )
    desk = Client(raise_request_exception=False)
    desk.force_login(lead, backend=BACKEND)
    desk.get(f"/admin/projects/engagement/{engagement.pk}/change/?q={EMAIL}")
    desk.get("/api/v1/contractors/", {"search": EMAIL})
    desk.get(f"/portal/{EMAIL}/")
    return code, ana


def _with_other_programs(capture: Any) -> dict[str, str]:
    """Secrets of a token, an endpoint that is away and a workspace, after a file with bad rows was handed in."""
    at, lead = timezone.now(), User.objects.get(email="canary.lea@firm.example")
    desk = Client()
    desk.force_login(lead, backend=BACKEND)
    made = desk.post(
        "/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, content_type="application/json"
    ).json()
    Client().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {made['token']}")
    Client().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {made['token']}x")
    endpoint = Endpoint.objects.create(
        owner=lead, name="Payroll", url="http://127.0.0.1:9/canary-path", secret=new_secret(), made_at=at
    )
    Workspace.objects.create(team_id="T1", name="One", installed_at=at, bot_token=SLACK_TOKEN)
    with capture(execute=True):
        with transaction.atomic():
            publish(Event("pause.opened", "pause:1", "1", {"pause": NAME, "at": at}), to=[endpoint], at=at)
        file = SimpleUploadedFile(
            "hours.csv", f"Date,Email,Project,Hours\n2026-02-02,{EMAIL},X,{BAD_CELL}\n".encode()
        )
        upload = receive_upload(kind="hours", file=file, name=f"{NAME}.csv", options={}, by=lead, at=at)
    check_upload(upload_id=upload.pk, at=at)
    relay(clock=timezone.now)
    return {
        "token": made["token"],
        "endpoint's secret": endpoint.secret,
        "session": desk.session.session_key or "",
        "Slack token": SLACK_TOKEN,
    }


def test_nothing_of_anybody_stands_where_it_does_not_belong(
    lines: list[str], django_capture_on_commit_callbacks: Any, client: Client, tmp_path: Path, settings: Any
) -> None:
    MemoryChannel.queues.clear()
    settings.MEDIA_ROOT, settings.WEBHOOKS_MAY_BE_PRIVATE = str(tmp_path), True

    code, ana = _a_full_run(django_capture_on_commit_callbacks)
    secrets = _with_other_programs(django_capture_on_commit_callbacks)

    assert code
    assert mail.outbox
    places = {
        "logs": "\n".join(lines),
        "broker": _messages(),
        "metrics": client.get("/metrics").content.decode(),
    }
    assert "POST /account/login/code/confirm/" in places["logs"]
    assert "projects." in places["broker"]
    assert "django_http_requests" in places["metrics"]
    for place, text in places.items():
        people = (EMAIL, NAME, "Canaria", RATE, "4711130000", SECRET, "Vexler", code, ana.slack_user_id)
        for canary in (*people, "Zubrowka", "Xylograph", "canary-path", *secrets.values()):
            assert canary not in text, f"{canary} stands in the {place}"
    assert Delivery.objects.filter(channel="webhook").exclude(reason="").exists()
    assert Correction.objects.exists()
    assert Upload.objects.get().state != "waiting"


def test_every_task_takes_keys_and_nothing_else() -> None:
    current_app.loader.import_default_modules()

    for name, task in current_app.tasks.items():
        if name.partition(".")[0] in {"projects", "notifications", "slack", "contractorhub"}:
            names = set(inspect.signature(task.run).parameters) - {"_", "self"}
            assert all(one.endswith("_id") or one == "channels" for one in names), f"{name} takes {names}"


def test_an_error_page_tells_nothing_of_the_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError(f"{EMAIL} earns {RATE}")

    monkeypatch.setattr("contractorhub.home.own_contractor", broken)
    client.raise_request_exception = False
    client.force_login(UserFactory.make(), backend=BACKEND)

    page = client.get("/")

    assert page.status_code == 500
    for canary in (EMAIL, RATE, "RuntimeError", "Traceback", "contractorhub/"):
        assert canary not in page.content.decode()
