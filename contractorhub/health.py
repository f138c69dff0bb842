"""Probes: alive, ready (database, migrations, broker, clock, oldest due delivery) and metrics."""

import hmac
import ipaddress
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from contractorhub.beat import HEARTBEAT_KEY
from contractorhub.delivery_metrics import DeliveryMetrics
from contractorhub.work_metrics import ASKED_SOON, QueueMetrics, WorkMetrics
from notifications.status import oldest_due_seconds

logger = structlog.get_logger(__name__)


class NotReady(Exception):
    """A part that the product needs does not answer, or is late; the message is fit to be shown to anybody."""


@dataclass(frozen=True)
class Check:
    """One line of the readiness answer; `seconds` is an age where the check measures one."""

    name: str
    is_ok: bool
    detail: str
    seconds: float | None = None


def check_database() -> float | None:
    """Ask the database for one row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return None


def check_migrations() -> float | None:
    """Raise NotReady while the database lacks a migration that this code needs."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(f"{len(missing)} migrations are not applied")
    return None


def check_broker() -> float | None:
    """Open a connection to the broker; one that says nothing is given up soon."""
    with current_app.connection_for_write(transport_options=ASKED_SOON) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=3)
    return None


def check_beat() -> float | None:
    """Return the seconds since the clock's last sign of life; raise NotReady where it is older than allowed."""
    signed_at = cache.get(HEARTBEAT_KEY)
    if signed_at is None:
        raise NotReady("the clock has not signed since the cache was emptied")
    age = max(0.0, time.time() - float(signed_at))
    if age > settings.READY_BEAT_AGE_SECONDS:
        raise NotReady(f"the clock signed {age:.0f} s ago, {settings.READY_BEAT_AGE_SECONDS} s are allowed")
    return age


def check_oldest_due_delivery() -> float | None:
    """Return how long the oldest due delivery has waited; raise NotReady where that is longer than allowed."""
    age = oldest_due_seconds(at=timezone.now())
    if age > settings.READY_DELIVERY_AGE_SECONDS:
        limit = settings.READY_DELIVERY_AGE_SECONDS
        raise NotReady(f"the oldest due delivery has waited {age:.0f} s, {limit} s are allowed")
    return age


CHECKS: dict[str, Callable[[], float | None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
    "beat": check_beat,
    "oldest_due_delivery": check_oldest_due_delivery,
}


def run_check(name: str) -> Check:
    """Run one check and turn whatever it meets into a line; addresses and credentials stay out of it."""
    try:
        seconds = CHECKS[name]()
    except NotReady as reason:
        return Check(name, is_ok=False, detail=str(reason))
    except Exception as error:  # noqa: BLE001  # whatever the part answers with, the probe itself must answer
        logger.warning("health.check_failed", check=name, error=type(error).__name__)
        return Check(name, is_ok=False, detail=f"does not answer ({type(error).__name__})")
    return Check(name, is_ok=True, detail="ok", seconds=None if seconds is None else round(seconds, 1))


def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked, so that no restart follows from a part that is away."""
    return JsonResponse({"status": "alive"})


def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when every check holds, else 503; the body says which does not and why."""
    checks = [run_check(name) for name in CHECKS]
    is_ready = all(check.is_ok for check in checks)
    body = {
        "status": "ready" if is_ready else "not ready",
        "checks": {
            check.name: {"ok": check.is_ok, "detail": check.detail}
            | ({} if check.seconds is None else {"seconds": check.seconds})
            for check in checks
        },
    }
    return JsonResponse(body, status=200 if is_ready else 503, headers={"Cache-Control": "no-store"})


def may_read_metrics(request: HttpRequest) -> bool:
    """Whether the asker bears METRICS_TOKEN or, where none is set, sits on this network and came by no proxy."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False


def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures of all web processes together, and the age of what waits, as Prometheus reads them."""
    if not may_read_metrics(request):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        shared = CollectorRegistry()
        multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    else:
        shared = REGISTRY
    asked = CollectorRegistry()
    for collector in measured():
        asked.register(collector)
    body = generate_latest(shared) + generate_latest(asked)
    return HttpResponse(body, content_type=CONTENT_TYPE_PLAIN_0_0_4)


class ReadinessFigures(Collector):
    """The checks as figures, measured when asked: a stored gauge per process would be merged into nonsense."""

    def collect(self) -> Iterator[Metric]:
        """Yield one family of verdicts and one of ages."""
        ready = GaugeMetricFamily(
            "contractorhub_check_ok", "1 where a readiness check holds.", labels=["check"]
        )
        age = GaugeMetricFamily("contractorhub_check_age_seconds", "Age a check measured.", labels=["check"])
        for name in CHECKS:
            check = run_check(name)
            ready.add_metric([name], float(check.is_ok))
            if check.seconds is not None:
                age.add_metric([name], check.seconds)
        yield from (ready, age)


def measured() -> tuple[Collector, ...]:
    """Everything that is measured when somebody asks, whichever process answers."""
    return ReadinessFigures(), DeliveryMetrics(), WorkMetrics(), QueueMetrics()


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}
