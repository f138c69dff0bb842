"""The cases in the order in which they are run, and the ratios that come of them."""

import contextlib
import queue
import smtplib
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bench.delivery import peers, product
from bench.delivery.places import Receiver, fill, running_receiver, slow_road, smtp_source
from notifications.models import Delivery, Notice
from tests.fakes.slack import running_slack
from tests.services.broker import BrokerService, running_broker
from tests.services.processes import PYTHON, Part, running, wait_until
from tests.services.worker import has_signed, process_env

FAR_CONNECTIONS, FAR_PROCESSES = 32, 4  # docs/operating/mail-and-slack.md
Figures = dict[str, float]


@dataclass
class Bench:
    """What every case uses, and the figures so far."""

    folder: Path
    sizes: dict[str, int]
    broker: BrokerService
    receiver: Receiver
    figures: Figures = field(default_factory=dict)
    mail_bytes: int = 0
    """How long one of our mails is: as long are those of the load tool and of smtplib's threads."""

    @classmethod
    @contextlib.contextmanager
    def prepared(cls, folder: Path, sizes: dict[str, int]) -> Iterator["Bench"]:
        """Fill the database and start broker and receiver."""
        from celery import current_app

        with running_broker(folder) as broker, running_receiver(folder) as receiver:
            from contractorhub.celery import app

            app.conf.broker_url = broker.tasks_url
            app.set_default()
            current_app.conf.broker_url = broker.tasks_url
            fill(sizes)
            with connection.cursor() as cursor:
                cursor.execute(peers.TABLE)
            yield cls(folder, sizes, broker, receiver)

    @property
    def scale(self) -> float:
        """The share of the full sizes that is measured."""
        return self.sizes["K10"] / 10_000

    def run(self, only: set[str]) -> Figures:
        """Every case, or those that were asked for."""
        cases: dict[str, Callable[[], None]] = {
            "words": self.words,
            "limit": self.limit,
            "product": self.product,
            "limit2": self.limit,
            "batch": self.batch,
            "post_office": self.post_office,
            "one": self.one_by_one,
            "limit3": self.limit,
            "far": self.far_away,
            "slack": self.slack_post,
            "idle": self.idle,
        }
        for name, case in cases.items():
            if not only or name == "words" or name.rstrip("23") in only:
                try:
                    case()
                except Exception as error:  # noqa: BLE001 - a case that fails costs no other its figures
                    print(name, "failed:", type(error).__name__, error, flush=True)
                print(name, {key: round(value, 3) for key, value in self.figures.items()}, flush=True)
        return self.ratios()

    def ratios(self) -> Figures:
        """What the product is held to, then every rate in mails a second."""
        found = self.figures
        peers_best = max(found.get(name, 0.0) for name in ("batch_celery", "post_office", "task_a_recipient"))
        ours = min(found.get("product_10k", 0.0), found.get("product_100k", 0.0))
        ratios = {
            "vs_best_peer": ours / peers_best if peers_best else 0.0,
            "vs_limit": ours / found["smtp_source"] if "smtp_source" in found else 0.0,
            "growth_100k_vs_10k": found.get("product_100k", 0.0) / found.get("product_10k", 1.0),
            "vs_smtplib_20ms": found.get("product_20ms", 0.0) / found.get("smtplib_32_threads_20ms", 1.0),
        }
        return {name: round(value, 3) for name, value in (ratios | found).items()}

    # --- Cases -----------------------------------------------------------------------------------------------
    def words(self) -> None:
        """One small pause gives the peers the very words that we send."""
        product.pause("S0")
        content = Notice.objects.latest("pk").contents["en"]["email"]
        for name in ("subject", "text", "html"):
            template = content[name].replace("\ue000", "{{ ").replace("\ue001", " }}")
            (self.folder / name).write_text(template)
        self.mail_bytes = product.bytes_of_a_mail()

    def limit(self) -> None:
        """postfix's own load tool; the median of its runs."""
        rate = smtp_source(
            self.receiver.port, mails=max(int(20_000 * self.scale), 2_000), size=self.mail_bytes
        )
        rates = [*getattr(self, "_limits", []), rate]
        self._limits = rates
        self.figures["smtp_source"] = statistics.median(rates)

    def product(self) -> None:
        """10,000 before and after 100,000, for the machine itself is not as fast at one minute as at the next."""
        env = self._env(self.receiver.port)
        before = self.receiver.count()
        waited = Delivery.objects.filter(state="queued", channel="email").count()
        order = ("W3", "K10", "K100", "L10")  # the first only wakes workers that have just begun
        with product.workers(self.folder, self.broker, env):
            runs = {code: product.rate_of_pause(code, self.sizes[code]) for code in order}
        self.figures["product_10k"] = (runs["K10"]["rate"] + runs["L10"]["rate"]) / 2
        self.figures["product_100k"] = runs["K100"]["rate"]
        self.figures["open_seconds_10k"] = runs["L10"]["open_seconds"]
        self.figures["open_seconds_100k"] = runs["K100"]["open_seconds"]
        self.figures["received_beyond_promised"] = (
            self.receiver.count() - before - waited - sum(self.sizes[code] for code in order)
        )

    def batch(self) -> None:
        """Tasks of 500, one connection and one update each."""

        def ask(pks: list[int]) -> None:
            for first in range(0, len(pks), 500):
                peers.send_batch.delay(pks[first : first + 500])

        self._peer("batch_celery", int(10_000 * self.scale), ask)

    def one_by_one(self) -> None:
        """A task a recipient with send_mail."""
        self._peer(
            "task_a_recipient", int(800 * self.scale), lambda pks: [peers.send_one.delay(pk) for pk in pks]
        )

    def post_office(self) -> None:
        """django-post-office, its batch size and log level tuned, two processes."""
        from post_office import mail
        from post_office.models import Email

        words, count = peers.words(), int(4_000 * self.scale)
        began = time.perf_counter()
        mail.send_many([self._post_office_mail(letter, words) for letter in peers.letters(count)])
        subprocess.run(
            [PYTHON, "manage.py", "send_queued_mail", "--processes", "2"],
            env=self._process_env(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert Email.objects.filter(status=0).count() == count
        self.figures["post_office"] = count / (time.perf_counter() - began)

    def far_away(self) -> None:
        """A mail server 20 ms away: 32 threads of smtplib, ours as it comes, and as our guide says for such a place."""
        with slow_road(self.folder, self.receiver.port) as port:
            self.figures["smtplib_32_threads_20ms"] = _smtplib_threads(
                port, mails=int(2_000 * self.scale), size=self.mail_bytes
            )
            env = self._env(port)
            with product.workers(self.folder, self.broker, env):
                self.figures["product_20ms_as_it_comes"] = product.rate_of_pause("R10", self.sizes["R10"])[
                    "rate"
                ]
            far = env | {"EMAIL_CONNECTIONS": str(FAR_CONNECTIONS)}
            with product.workers(self.folder, self.broker, far, processes=FAR_PROCESSES):
                self.figures["product_20ms"] = product.rate_of_pause("F10", self.sizes["F10"])["rate"]

    def slack_post(self) -> None:
        """From commit to the post in a channel while 100,000 mails wait."""
        from django.conf import settings

        with running_slack() as slack:
            settings.SLACK_BOT_TOKEN = slack.token
            env = self._env(self.receiver.port) | {
                "SLACK_BOT_TOKEN": slack.token,
                "SLACK_API_URL": slack.url,
            }
            with product.workers(self.folder, self.broker, env):
                product.pause("M100")
                codes = [code for code in self.sizes if code.startswith("S") and code != "S0"]
                waits = product.channel_posts(codes, lambda: slack.posts)
                waiting = Delivery.objects.filter(state="queued", channel="email").count()
        self.figures["slack_post_p95_seconds"] = statistics.quantiles(waits, n=20)[-1]
        self.figures["mails_still_waiting_at_last_post"] = waiting

    def idle(self) -> None:
        """Queries a second of a worker and a clock with nothing to do."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE notifications_batch SET is_done = true, unknown_at = NULL")
            cursor.execute(
                "UPDATE notifications_delivery SET state = 'cancelled', reason = 'over' WHERE state <> 'sent'"
            )
        self.figures["idle_queries_a_second"] = product.idle_queries(
            self.folder, self.broker, self._env(self.receiver.port), seconds=max(60 * self.scale, 20)
        )

    # --- What cases share ------------------------------------------------------------------------------------
    def _env(self, port: int) -> dict[str, str]:
        return {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "contractorhub.settings"}

    def _process_env(self) -> dict[str, str]:
        mine = {"DJANGO_SETTINGS_MODULE": "bench.delivery.settings", "BENCH_FOLDER": str(self.folder)}
        return process_env(self.broker.env(), self._env(self.receiver.port), mine)

    def _peer(self, name: str, count: int, ask: Callable[[list[int]], Any]) -> None:
        """Time a Celery peer as we are timed: from the people to be told to the last row that says sent."""
        peers.app.conf.broker_url = self.broker.tasks_url
        worker = Part(
            command=(PYTHON, "-m", "celery", "-A", "bench.delivery.peers", "worker", "-n", f"{name}@here",
                     "-c", str(product.PROCESSES),
                     "--without-gossip", "--without-mingle"),
            env=self._process_env(),
            log=self.folder / f"{name}.log",
            is_ready=lambda: has_signed(self.broker, name),
            patience_seconds=60,
        )  # fmt: skip
        with running(worker):
            _told(min(count, 300), ask, name)  # wakes workers that have just begun
            began = time.perf_counter()
            _told(count, ask, name)
            self.figures[name] = count / (time.perf_counter() - began)

    def _post_office_mail(self, letter: peers.Letter, words: peers.Words) -> dict[str, Any]:
        text, html = words.of(letter)
        return {
            "recipients": [letter.email],
            "sender": "notices@contractorhub.example",
            "subject": words.subject,
            "message": text,
            "html_message": html,
        }


def _told(count: int, ask: Callable[[list[int]], Any], name: str) -> None:
    """Write down whom a peer tells, ask for it, and wait until every row says sent."""
    rows = peers.Letter.objects
    with transaction.atomic():
        pks = [letter.pk for letter in rows.bulk_create(peers.letters(count), batch_size=1_000)]
    ask(pks)
    wait_until(
        lambda: not rows.filter(pk__range=(pks[0], pks[-1]), is_sent=False).exists(),
        seconds=120,
        what=f"the end of {name}",
        every_seconds=0.05,
    )


def _smtplib_threads(port: int, *, mails: int, size: int) -> float:
    """Mails a second of 32 threads that share the work, one connection each."""
    left: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(mails):
        left.put(number)
    body = "Subject: hello\r\n\r\n" + ("x" * 70 + "\r\n") * (size // 72)

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
            while True:
                try:
                    number = left.get_nowait()
                except queue.Empty:
                    return
                server.sendmail("a@a.example", [f"b{number}@b.example"], body)

    threads = [threading.Thread(target=send) for _ in range(32)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return mails / (time.perf_counter() - began)
