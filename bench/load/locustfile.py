"""The readers, as locust runs them in an environment without the product: who asks for which page, and how often.

LOAD_PLAN names a file that says whose cookies and tokens there are, and how many of each kind ask how often. A reader
who was kept waiting asks the next time sooner, so that the rate of a kind stays what it should be.
"""

import itertools
import json
import os
import random
import time
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import FastHttpUser, task

PLAN: dict[str, Any] = json.loads(Path(os.environ["LOAD_PLAN"]).read_text())
AS_A_BROWSER = {"Accept-Encoding": "gzip", "Accept-Language": "en"}


class Reader(FastHttpUser):
    """Somebody who asks; each takes the next identity of their kind."""

    abstract = True
    network_timeout = 60.0
    identities: ClassVar["itertools.cycle[dict[str, str]]"]
    each_per_second: ClassVar[float]

    def on_start(self) -> None:
        """Become somebody, and come at some moment of one's own: all at once and again all at once is no crowd."""
        self.headers = AS_A_BROWSER | next(self.identities)
        gevent.sleep(random.uniform(0, 1 / self.each_per_second))
        self.asks_at = time.monotonic()

    def wait_time(self) -> float:
        """Seconds until the next moment of this reader's own beat, which begins where it came.

        Locust's own pacing counts from where readers are made, which is one moment for all of them.
        """
        self.asks_at += 1 / self.each_per_second
        return max(self.asks_at - time.monotonic(), 0.0)

    def ask(self, address: str, name: str, **more: str) -> Any:
        """One page; a redirection is no page."""
        with self.client.get(
            address, name=name, headers=self.headers | more, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code not in (200, 304):
                answer.failure(f"answered {answer.status_code}")
            return answer


def _kind(name: str) -> dict[str, Any]:
    """How many there are of a kind, how often each asks, and who they are."""
    kind = PLAN["kinds"][name]
    return {
        "fixed_count": kind["readers"],
        "identities": itertools.cycle(kind["identities"]),
        "each_per_second": kind["each_per_second"],
    }


class Contractor(Reader):
    """A contractor who looks how things stand, and now and then reads more."""

    fixed_count, identities, each_per_second = _kind("portal").values()

    @task(14)
    def first_page(self) -> None:
        """How things stand."""
        self.ask("/portal/", "portal: first page")

    @task(3)
    def pause(self) -> None:
        """The pause and all its words."""
        self.ask(f"/portal/pauses/{PLAN['pause']}/", "portal: pause")

    @task(2)
    def estimate(self) -> None:
        """What it costs, with the arithmetic."""
        self.ask(f"/portal/pauses/{PLAN['pause']}/estimate/", "portal: estimate")

    @task(1)
    def settings(self) -> None:
        """Which notices come how."""
        self.ask("/portal/settings/", "portal: settings")


class Tracker(Reader):
    """A time tracker that asks whether hours may be logged; every fourth question carries the last validator."""

    fixed_count, identities, each_per_second = _kind("lock").values()
    numbers: ClassVar["itertools.count[int]"] = itertools.count(0, 7_919)

    @task
    def lock(self) -> None:
        """One person on one project."""
        number = next(self.numbers) % PLAN["people"]
        pair = f"contractor=p{number}@people.example&project=P{number % PLAN['projects']}"
        self.ask(f"/api/v1/hours-lock?{pair}", "hours lock")


class Desk(Reader):
    """A lead who goes through the lists of the admin."""

    fixed_count, identities, each_per_second = _kind("desk").values()
    pages: ClassVar["itertools.cycle[str]"] = itertools.cycle(
        [
            "",
            "projects/contractor/",
            "projects/engagement/",
            "projects/pause/",
            "projects/contractor/?q=person+77",
        ]
    )

    @task
    def lists(self) -> None:
        """The next list."""
        page = next(self.pages)
        self.ask(f"/admin/{page}", f"admin: {page or 'first page'}")


class Finance(Reader):
    """Somebody in finance."""

    fixed_count, identities, each_per_second = _kind("finance").values()
    pages: ClassVar["itertools.cycle[str]"] = itertools.cycle(["", "reports/income-impact/", "runs/"])

    @task
    def pages_in_turn(self) -> None:
        """The next page."""
        page = next(self.pages)
        self.ask(f"/finance/{page}", f"finance: {page or 'first page'}")
