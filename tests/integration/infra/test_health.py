"""Probes: alive says that the process answers, ready says what does not hold and why, metrics are for this network."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from contractorhub.beat import HEARTBEAT_KEY
from notifications.messages import Channel, Content, Message, Recipient
from notifications.outbox import stage
from tests.services.broker import BrokerService

pytestmark = pytest.mark.django_db


@pytest.fixture
def beating() -> None:
    cache.set(HEARTBEAT_KEY, time.time())


def checks(client: Client) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = client.get("/readyz").json()["checks"]
    return found


@pytest.mark.usefixtures("beating")
def test_everything_in_order_is_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "ready"
    assert set(answer.json()["checks"]) == {"database", "migrations", "broker", "beat", "oldest_due_delivery"}


def test_a_clock_that_never_signed_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["beat"] == {
        "ok": False,
        "detail": "the clock has not signed since the cache was emptied",
    }


def test_a_clock_that_stopped_says_for_how_long(client: Client) -> None:
    cache.set(HEARTBEAT_KEY, time.time() - 500)

    assert checks(client)["beat"]["detail"] == "the clock signed 500 s ago, 120 s are allowed"


@pytest.mark.usefixtures("beating")
def test_a_delivery_that_waits_too_long_is_told(client: Client) -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    words = Content(subject="s", text="t", html="<p>t</p>")
    message = Message(
        kind="pause.opened",
        category="work",
        subject_ref="pause:1",
        thread_key="pause:1",
        idempotency_key="pause:1:opened",
        contents={("en", Channel.EMAIL): words},
        expires_at=an_hour_ago + timedelta(days=2),
    )
    addresses = {Channel.EMAIL: "ana@demo.example"}
    ana = Recipient(key="contractor:1", name="Ana", locale="en", time_zone="UTC", addresses=addresses)
    with transaction.atomic():
        stage(message, recipients=[ana], at=an_hour_ago)

    assert client.get("/readyz").status_code == 503
    assert "has waited 36" in str(checks(client)["oldest_due_delivery"]["detail"])


@pytest.mark.usefixtures("beating")
def test_a_missing_migration_is_counted(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    assert checks(client)["migrations"]["detail"] == "1 migrations are not applied"


def test_a_broker_that_is_away_is_told_within_seconds_and_without_its_password(
    client: Client, broker: BrokerService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", broker.tasks_url)
    assert checks(client)["broker"]["ok"]
    broker.kill()
    began = time.monotonic()

    answer = client.get("/readyz")

    assert time.monotonic() - began < 5
    assert answer.json()["checks"]["broker"]["ok"] is False
    assert broker.broker.password not in answer.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@override_settings(ALLOWED_HOSTS=["hub.example"], SECURE_SSL_REDIRECT=True)
def test_a_probe_answers_by_container_address_and_without_tls(client: Client, path: str) -> None:
    assert client.get(path, headers={"host": "10.1.2.3:8000"}).status_code in {200, 503}
    assert client.post(path).status_code == 405


def test_being_alive_asks_nobody(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = client.get("/healthz")

    assert answer.json() == {"status": "alive"}


class TestMetrics:
    """Figures for this network's Prometheus."""

    def test_they_hold_requests_and_ages(self, client: Client) -> None:
        body = client.get("/metrics").content.decode()

        assert "django_http_requests_total_by_method_total" in body
        assert 'contractorhub_check_ok{check="database"} 1.0' in body

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
    def test_nobody_behind_a_proxy_reads_them(self, client: Client, header: str) -> None:
        assert client.get("/metrics", headers={header: "for=192.0.2.1"}).status_code == 404

    def test_nobody_from_elsewhere_reads_them(self, client: Client) -> None:
        assert client.get("/metrics", REMOTE_ADDR="8.8.8.8").status_code == 404

    @override_settings(METRICS_TOKEN="a-token")
    def test_with_a_token_set_only_its_bearer_reads_them(self, client: Client) -> None:
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"authorization": "Bearer other"}).status_code == 404
        answer = client.get("/metrics", headers={"authorization": "Bearer a-token"}, REMOTE_ADDR="8.8.8.8")
        assert answer.status_code == 200
