"""The one command: it brings everything up, shares what it started, respects what it is given, and ends whole."""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from contractorhub.hub.lock import MARK, processes_marked
from contractorhub.hub.plan import make_plan, write_note
from contractorhub.hub.ports import free_port
from contractorhub.hub.prepare import collect_static, static_fingerprint
from contractorhub.hub.supervisor_file import DELIVERY_QUEUES, FIGURE_QUEUES, programs, render
from tests.services.processes import CHECKOUT, PYTHON, wait_until

pytestmark = pytest.mark.once


class TestThePlan:
    """What one start brings along itself."""

    @pytest.fixture(autouse=True)
    def _own_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def test_nothing_given_means_a_broker_and_a_mail_server_of_its_own(self, tmp_path: Path) -> None:
        plan = make_plan(given={}, noted={}, data_dir=tmp_path)

        assert plan.broker
        assert plan.mail_port
        assert plan.variables["CELERY_BROKER_URL"].endswith(f"@127.0.0.1:{plan.broker.port}/0")
        assert plan.variables["CACHE_URL"].endswith(f"@127.0.0.1:{plan.broker.port}/1")
        assert plan.variables["MAILBOX_DIR"] == str(tmp_path / "mail")

    def test_what_is_given_is_used_and_not_started(self, tmp_path: Path) -> None:
        given = {
            "CELERY_BROKER_URL": "redis://elsewhere/0",
            "CACHE_URL_FILE": str(tmp_path / "cache"),
            "EMAIL_URL": "smtp://mail:25",
            "UNRELATED": "x",
        }

        plan = make_plan(given=given, noted={}, data_dir=tmp_path)

        assert plan.broker is None
        assert plan.mail_port is None
        assert plan.variables == {key: value for key, value in given.items() if key != "UNRELATED"}

    def test_a_later_start_takes_the_same_ports(self, tmp_path: Path) -> None:
        first = make_plan(given={"PORT": "8123"}, noted={}, data_dir=tmp_path)
        second = make_plan(given={"PORT": "8123"}, noted=first.variables, data_dir=tmp_path)

        assert first == second

    def test_a_port_taken_meanwhile_is_not_taken_again(self, tmp_path: Path) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen(1)
            port = other.getsockname()[1]
            plan = make_plan(given={}, noted={"EMAIL_URL": f"smtp://127.0.0.1:{port}"}, data_dir=tmp_path)

        assert plan.mail_port != port

    def test_the_note_is_its_owners_alone(self, tmp_path: Path) -> None:
        write_note({"PORT": "1"}, tmp_path / "hub.env")

        assert (tmp_path / "hub.env").stat().st_mode & 0o777 == 0o600

    def test_the_broker_s_password_stands_in_no_command(self, tmp_path: Path) -> None:
        plan = make_plan(given={}, noted={}, data_dir=tmp_path)
        assert plan.broker

        text = render(
            programs(plan, port=8000, data_dir=tmp_path, checkout=CHECKOUT),
            data_dir=tmp_path,
            checkout=CHECKOUT,
        )

        assert plan.broker.password not in text


def test_the_workers_listen_to_every_queue(settings: object) -> None:
    assert sorted(DELIVERY_QUEUES + FIGURE_QUEUES) == sorted(settings.WORKER_QUEUES)  # type: ignore[attr-defined]


def test_static_files_are_collected_again_only_when_one_changed(tmp_path: Path, settings: object) -> None:
    settings.STATIC_ROOT = str(tmp_path / "static")  # type: ignore[attr-defined]
    stamp = tmp_path / "stamp"

    assert collect_static(stamp, tmp_path / "static")
    assert not collect_static(stamp, tmp_path / "static")
    stamp.write_text("another version's")
    assert collect_static(stamp, tmp_path / "static")
    assert stamp.read_text() == static_fingerprint()


@dataclass
class Hub:
    """A running hub and where it is to be found."""

    process: "subprocess.Popen[str]"
    base: str
    data_dir: Path
    env: Mapping[str, str]

    def manage(self, *command: str, **extra: str) -> "subprocess.CompletedProcess[str]":
        """Run a command by hand, as a second terminal would: it knows no more than the folder."""
        env = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(self.data_dir), **extra}
        command_line = [PYTHON, "manage.py", *command]
        return subprocess.run(
            command_line, env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False
        )

    def processes(self) -> list[int]:
        """Return every process that carries this hub's mark."""
        marks = self.mark()
        return processes_marked(marks) if marks else []

    def mark(self) -> str:
        """Return the mark of this hub's folder."""
        for pair in Path(f"/proc/{self.process.pid}/environ").read_bytes().split(b"\0"):
            if pair.startswith(f"{MARK}=".encode()):
                return pair.split(b"=", 1)[1].decode()
        return ""


def answers(url: str, status: int = 200) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == status)
    except OSError:
        return False


@contextlib.contextmanager
def running_hub(data_dir: Path, **extra: str) -> Iterator[Hub]:
    port = free_port()
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(data_dir),
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        **extra,
    }
    # Should this test be killed itself, the hub ends as by a request to stop.
    guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    with (data_dir / "terminal").open("w") as terminal:
        process = subprocess.Popen(
            [*guard, PYTHON, "manage.py", "hub", "--no-demo"],
            env=env,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
    hub = Hub(process, f"http://127.0.0.1:{port}", data_dir, env)
    try:
        wait_until(
            lambda: process.poll() is not None or answers(f"{hub.base}/healthz"),
            seconds=100,
            what="a page of the hub",
        )
        assert process.poll() is None, (data_dir / "terminal").read_text()
        yield hub
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
        process.wait(5)


def logs(data_dir: Path, name: str) -> str:
    path = data_dir / "log" / f"{name}.log"
    return path.read_text(errors="replace") if path.exists() else ""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the starts of this file: the first prepares it, the later ones find it prepared."""
    return tmp_path_factory.mktemp("hub")


def _pid(hub: Hub, needle: bytes) -> int:
    return min((pid for pid in hub.processes() if needle in _command(pid)), default=0)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _nothing_left(mark: str, seconds: float) -> None:
    wait_until(lambda: not processes_marked(mark), seconds=seconds, what="no process left")


@pytest.mark.worker
class TestStoppingTheHub:
    """The whole product, started as a newcomer starts it: however it is ended, it ends whole."""

    def test_it_comes_up_whole_and_ends_whole_within_ten_seconds_of_ctrl_c(self, home: Path) -> None:
        with running_hub(home) as hub:
            wait_until(lambda: _pid(hub, b"deliveries@") > 0, seconds=20, what="a worker")
            wait_until(lambda: "is running" in (home / "terminal").read_text(), seconds=30, what="a greeting")
            mark = hub.mark()
            assert _pid(hub, b"valkey-server")
            assert len(hub.processes()) >= 8
            began = time.monotonic()

            hub.process.send_signal(signal.SIGINT)
            code = hub.process.wait(15)

            assert time.monotonic() - began < 10
            assert code == 0
            _nothing_left(mark, 2)
        assert f"{hub.base}/mailbox/" in (home / "terminal").read_text()

    def test_a_closed_terminal_ends_it_too(self, home: Path) -> None:
        with running_hub(home) as hub:
            mark = hub.mark()

            hub.process.send_signal(signal.SIGHUP)

            assert hub.process.wait(15) == 0
            _nothing_left(mark, 2)

    def test_killing_the_supervisor_leaves_nothing_behind(self, home: Path) -> None:
        with running_hub(home) as hub:
            mark = hub.mark()

            hub.process.kill()
            hub.process.wait(5)

            _nothing_left(mark, 10)


@pytest.fixture(scope="class")
def orphan(home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """What an earlier start leaves where the kernel does not help."""
    mark = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    orphan = subprocess.Popen(["sleep", "600"], env={"PATH": "/usr/bin:/bin", MARK: mark})
    yield orphan
    orphan.kill()
    orphan.wait(5)


@pytest.fixture(scope="class")
def hub(home: Path, orphan: "subprocess.Popen[bytes]") -> Iterator[Hub]:
    """A hub whose workers are ready."""
    earlier = logs(home, "deliveries").count(" ready.")
    with running_hub(home) as hub:
        wait_until(
            lambda: logs(home, "deliveries").count(" ready.") > earlier,
            seconds=60,
            what="a worker that is ready",
        )
        yield hub


@pytest.mark.worker
class TestARunningHub:
    """One hub, started once beside a process that an earlier one had left behind."""

    def test_it_ended_what_was_left_and_said_so(
        self, home: Path, orphan: "subprocess.Popen[bytes]", hub: Hub
    ) -> None:
        assert orphan.wait(5) == -signal.SIGKILL
        assert "Ended 1 processes" in (home / "terminal").read_text()

    def test_a_command_by_hand_shares_its_broker_its_mail_server_and_its_secrets(
        self, home: Path, hub: Hub
    ) -> None:
        code = "from django.core.cache import cache; cache.set('greeting', 'from another terminal', 60)"
        assert hub.manage("shell", "-v0", "-c", code).returncode == 0
        code = "from django.core.cache import cache; print(cache.get('greeting'))"
        assert "from another terminal" in hub.manage("shell", "-v0", "-c", code).stdout
        assert hub.manage("sendtestemail", "ana@demo.example").returncode == 0
        second = hub.manage("hub", PORT=str(free_port()))

        assert answers(f"{hub.base}/healthz")
        letters = list((home / "mail" / "new").iterdir())
        assert any("Subject: Test email" in letter.read_text() for letter in letters)
        assert second.returncode == 1
        assert second.stderr.startswith(f"CommandError: ContractorHub already runs from {home}.")

    def test_a_killed_worker_and_a_killed_broker_come_back(self, home: Path, hub: Hub) -> None:
        began = logs(home, "deliveries").count(" ready.")
        broker, worker = _pid(hub, b"valkey-server"), _pid(hub, b"deliveries@")

        assert broker
        assert worker
        os.kill(broker, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)

        wait_until(lambda: _pid(hub, b"valkey-server") not in {0, broker}, seconds=20, what="a new broker")
        wait_until(
            lambda: logs(home, "deliveries").count(" ready.") > began, seconds=60, what="a new worker, ready"
        )


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        run = subprocess.run(
            [PYTHON, "manage.py", "hub"],
            env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "PORT": str(port)},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert run.returncode == 1
    assert run.stderr == f"CommandError: Port {port} is taken. Choose another one: PORT={port + 1} make run\n"


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    run = subprocess.run(
        [PYTHON, "manage.py", "hub"],
        env={
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": str(tmp_path),
            "PORT": str(free_port()),
            "DATABASE_URL": f"postgresql://hub:verysecret@127.0.0.1:{port}/hub",
        },
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 1
    assert "The database hub at 127.0.0.1" in run.stderr
    assert "Traceback" not in run.stderr
    assert "verysecret" not in run.stderr
