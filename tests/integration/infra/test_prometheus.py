"""The alert rules in a running Prometheus that reads a running web server: every rule is evaluated, on real figures."""

import json
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contractorhub.hub.ports import free_port
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT, Part, running, wait_until
from tests.services.worker import running_web

PROMETHEUS = os.environ.get("PROMETHEUS_PATH") or shutil.which("prometheus") or ""
RULES = CHECKOUT / "docs" / "operating" / "alerts.yml"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.worker,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not PROMETHEUS, reason="no Prometheus on this machine: PROMETHEUS_PATH"),
]
CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: contractorhub
    static_configs: [{{targets: ["{target}"]}}]
"""


@pytest.fixture
def prometheus(broker: BrokerService, tmp_path: Path) -> Iterator[str]:
    """Its address; it reads a web server of the product, and the rules of the documentation."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running_web(tmp_path, env=broker.env()) as web:
        config = tmp_path / "prometheus.yml"
        config.write_text(CONFIG.format(rules=RULES, target=web.removeprefix("http://")))
        part = Part(
            command=(
                *(PROMETHEUS, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"),
                f"--storage.tsdb.path={tmp_path / 'series'}",
            ),
            env={"PATH": "/usr/bin:/bin"},
            log=tmp_path / "prometheus.log",
            is_ready=lambda: _asked(f"{address}/-/ready") is not None,
        )
        with running(part):
            yield address


def test_every_rule_is_evaluated_on_figures_of_a_running_server(prometheus: str) -> None:
    wait_until(
        lambda: _value(prometheus, "up") == "1" and all(rule["lastEvaluation"] > "2" for rule in _rules(prometheus)),
        seconds=60, what="a first reading and evaluation",
    )  # fmt: skip

    rules = _rules(prometheus)
    assert len(rules) == RULES.read_text().count("- alert:")
    assert {rule["name"]: rule.get("lastError", "") for rule in rules if rule["health"] != "ok"} == {}
    assert _value(prometheus, "contractorhub_delivery_oldest_due_seconds") == "0"


def test_an_alert_begins_to_wait_where_a_check_does_not_hold(prometheus: str) -> None:
    def states() -> dict[str, str]:
        return {rule["name"]: rule["state"] for rule in _rules(prometheus)}

    wait_until(lambda: states()["CheckFails"] == "pending", seconds=60, what="the clock that is not there")
    assert states()["NoticesWait"] == "inactive"


def _rules(address: str) -> list[dict[str, Any]]:
    groups = json.loads(_asked(f"{address}/api/v1/rules") or "{}")["data"]["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _value(address: str, series: str) -> str:
    found = json.loads(_asked(f"{address}/api/v1/query?query={series}") or "{}")["data"]["result"]
    return str(found[0]["value"][1]) if found else ""


def _asked(url: str) -> bytes | None:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            body: bytes = answer.read()
            return body
    except (OSError, urllib.error.HTTPError):
        return None
