"""Times the estimate: people x 104 weeks to expected hours with 80 % and 95 % ranges, calibrated on all lengths.

Usage: python bench/estimate.py [PEOPLE] (default 100,000). Ends with one JSON line: `pure_seconds_100k` (arrays in,
arrays out, best of three), `pure_seconds_30k`, `explained_seconds_per_1000` (day by day with lines, one process),
`peak_mb_1m` (peak memory of a fresh process judging 1,000,000 people, its 416 MB of weeks included), and the figures of
`estimate_whole.py`: `whole_seconds_100k`, from the rows of PostgreSQL to written results on two cores.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from projects.impact.bulk import calibrate_and_judge
from projects.impact.context import build_context
from projects.impact.estimate import estimate_people
from projects.impact.inputs import EngagementInputs, History, PauseSpan, PersonInputs, RateSpan
from projects.impact.panel import PanelWeeks
from tests.services.postgres import running_postgres, usable_server

WEEKS = 104
STRETCH = 8
AS_OF = date(2025, 11, 10)
ROUNDS = 3
EXPLAINED = 2_000
MILLION = 1_000_000


def people_weeks(people: int, seed: int = 0) -> PanelWeeks:
    """Contractors with their own pace, absences and first week; thirty to a project."""
    random = np.random.default_rng(seed)
    hours = np.empty((WEEKS, people), np.float32)
    works = random.beta(4, 2, people).astype(np.float32)
    for week in range(WEEKS):
        hours[week] = random.standard_gamma(4, people, dtype=np.float32) * 8
        hours[week] *= random.random(people, dtype=np.float32) < works
    start = (random.random(people) ** 2 * (WEEKS - 5)).astype(np.int32)
    for week in range(WEEKS):
        hours[week][start > week] = 0
    return PanelWeeks(hours, start, random.integers(0, max(people // 30, 1), people).astype(np.int32))


def pure_seconds(people: int, rounds: int = ROUNDS) -> float:
    """Arrays in, arrays out: calibration of five lengths, then everybody's hours and both ranges."""
    panel = people_weeks(people)
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        _, chunks = calibrate_and_judge(panel, as_of=AS_OF, weeks=STRETCH)
        best = min(best, time.perf_counter() - began)
        assert sum(len(chunk.expected) for chunk in chunks) == people
    return best


def explained_seconds_per_1000() -> float:
    """Day by day with rates, holidays, weeks and lines, from daily history, in one process."""
    panel = people_weeks(3_000)
    context = build_context(panel, as_of=AS_OF, projects=[str(n) for n in range(100)])
    people = [_person(n) for n in range(EXPLAINED)]
    estimate_people(people[:50], context, until=AS_OF + timedelta(weeks=4))
    began = time.perf_counter()
    done = estimate_people(people, context, until=AS_OF + timedelta(weeks=4))
    assert all(done)
    return (time.perf_counter() - began) / EXPLAINED * 1000


def _person(number: int) -> PersonInputs:
    random = np.random.default_rng(number)
    days = np.arange(AS_OF.toordinal() - WEEKS * 7, AS_OF.toordinal())
    days = days[((days + 6) % 7 < 5) & (random.random(len(days)) < 0.9)]
    history = History.from_columns(days, random.integers(10_000, 32_000, len(days)))
    starts_at = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=ZoneInfo("UTC"))
    engagement = EngagementInputs(
        str(number),
        str(number % 100),
        "ORION",
        "UTC",
        date(2023, 1, 2),
        None,
        (RateSpan(date(2023, 1, 2), "hour", 21_000_000, "USD", 144_000),),
        history,
        (PauseSpan("1", starts_at, None),),
    )
    return PersonInputs(str(number), "US", None, AS_OF, (engagement,))


def peak_mb(people: int) -> float:
    """Peak resident memory of a fresh process that judges so many people."""
    out = subprocess.run(
        [sys.executable, __file__, "--judge", str(people)], capture_output=True, text=True, check=True
    )
    return float(out.stdout.strip().splitlines()[-1])


def judge(people: int) -> None:
    """The fresh process of `peak_mb`."""
    pure_seconds(people, rounds=1)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def whole_path() -> dict[str, float]:
    """PostgreSQL rows to written results, in a database of its own."""
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL", "")
        if not url.startswith("postgres"):
            url = usable_server() or stack.enter_context(running_postgres(is_durable=True)).url
        out = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("estimate_whole.py"))],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=os.environ | {"DATABASE_URL": url},
        )
    figures: dict[str, float] = json.loads(out.stdout.strip().splitlines()[-1])
    whole = figures.pop("whole_seconds_100k")
    return {"whole_seconds_100k": whole} | {f"whole_{name}": value for name, value in figures.items()}


def timed(label: str, figure: Callable[[], float]) -> float:
    """Run, print, return."""
    value = figure()
    print(f"{label:45s} {value:9.2f}", flush=True)
    return value


def main() -> None:
    """All figures, the last line as JSON."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    figures = {
        "pure_seconds_100k": timed(
            f"pure seconds, {people} people", lambda: pure_seconds(people) * 100_000 / people
        ),
        "pure_seconds_30k": timed("pure seconds, 30000 people", lambda: pure_seconds(30_000)),
        "explained_seconds_per_1000": timed("explained, seconds a 1000 people", explained_seconds_per_1000),
        "peak_mb_1m": timed("peak MB, 1000000 people", lambda: peak_mb(MILLION)),
    }
    print(json.dumps(figures | whole_path()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--judge"]:
        judge(int(sys.argv[2]))
    else:
        main()
