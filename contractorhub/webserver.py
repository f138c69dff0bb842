"""Gunicorn's configuration: threads for pages that wait on the database, figures of all processes in one."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

_figures = Path(
    os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(prefix="contractorhub-metrics-")
)
_figures.mkdir(parents=True, exist_ok=True)
for _old in _figures.glob("*.db"):
    _old.unlink(missing_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_figures)

# Figures are kept where processes share them only if the variable stands when the library is first imported.
from prometheus_client import multiprocess  # noqa: E402

from notifications.collector import leave_out_what_is_loaded  # noqa: E402

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"  # the hub narrows it to loopback
worker_class = "contractorhub.webworker.PatientWorker"  # gthread, which slow senders cannot hold up
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 60
graceful_timeout = 3
keepalive = 5
max_requests = 20_000  # a leak, should there be one, ends with its process
max_requests_jitter = 2_000
preload_app = True
control_socket_disable = True
errorlog = "-"
accesslog = None  # contractorhub.middleware logs requests, without addresses
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # heartbeats must not wait on a disk


def when_ready(_server: Any) -> None:
    """Take what the program itself holds out of the collector's sight: looking it over would hold up an answer."""
    leave_out_what_is_loaded()


def child_exit(_server: Any, worker: Any) -> None:
    """Drop the live gauges of a worker that ended."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Leave no files of figures behind."""
    shutil.rmtree(_figures, ignore_errors=True)
