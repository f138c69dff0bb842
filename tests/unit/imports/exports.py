"""Writes exports as each tool writes them, from the same made-up entries, for the round-trip and fuzz tests."""

# ruff: noqa: DTZ001 - local clock times have no zone, and exports have long lines
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

NAMES = st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=1, max_size=12)


@dataclass(frozen=True)
class Entry:
    """A made-up entry; `seconds` is a whole number of minutes where a tool rounds to them."""

    person: str
    email: str
    project: str
    client: str
    start: datetime
    seconds: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)


ENTRIES = st.lists(
    st.builds(
        Entry,
        person=NAMES,
        email=st.sampled_from(["ana@b.co", "bo@b.co", "cem@example.org"]),
        project=NAMES,
        client=NAMES,
        start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 30)).map(
            lambda at: at.replace(microsecond=0, second=0)
        ),
        seconds=st.integers(1, 20 * 60).map(lambda minutes: minutes * 60),
    ),
    min_size=1,
    max_size=12,
)


def span(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def table(
    header: list[str], rows: list[list[str]], *, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()


def toggl(entries: list[Entry]) -> str:
    header = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags"
    return table(
        [*header.split(","), "Amount (USD)"],
        [
            [one.person, one.email, one.client, one.project, "", "x, y", "Yes", f"{one.start:%Y-%m-%d}", f"{one.start:%H:%M:%S}",
             f"{one.end:%Y-%m-%d}", f"{one.end:%H:%M:%S}", span(one.seconds), "a, b", "1.00"]
            for one in entries
        ],
    )  # fmt: skip


def clockify(entries: list[Entry]) -> str:
    header = "Project,Client,Description,Task,User,Group,Email,Tags,Type,Billable,Start Date,Start Time,End Date,End Time"
    return table(
        [*header.split(","), "Duration (h)", "Duration (decimal)"],
        [
            [one.project, one.client, 'say "x"', "t", one.person, "", one.email, "", "Regular", "No", f"{one.start:%m/%d/%Y}",
             f"{one.start:%I:%M:%S %p}", f"{one.end:%m/%d/%Y}", f"{one.end:%I:%M:%S %p}", span(one.seconds),
             f"{one.seconds / 3600:.2f}"]
            for one in entries
        ],
        quoting=csv.QUOTE_ALL,
    )  # fmt: skip


def harvest(entries: list[Entry]) -> str:
    header = "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,First Name,Last Name,Employee Id,Currency"
    return table(
        header.split(","),
        [
            [f"{one.start:%d.%m.%Y}", one.client, one.project, "", "t", "n\nm", f"{one.seconds / 3600:.4f}".replace(".", ","),
             "Yes", one.person, "Sá", one.email, "Euro - EUR"]
            for one in entries
        ],
        delimiter=";",
    )  # fmt: skip


def kimai(entries: list[Entry]) -> str:
    header = "Datum,Von,Bis,Dauer,Währung,Preis,Name,Benutzer,E-Mail,Kunde,Projekt,Tätigkeit,Beschreibung,Abrechenbar"
    return table(
        header.split(","),
        [
            [f"{one.start:%Y-%m-%d}", f"{one.start:%H:%M}", f"{one.end:%H:%M}", f"{one.seconds // 3600}:{one.seconds // 60 % 60:02d}",
             "EUR", "-100.92", one.person, "u", one.email, one.client, one.project, "a", "b", "1"]
            for one in entries
        ],
    )  # fmt: skip


def kimai1(entries: list[Entry]) -> str:
    header = "Date,From,To,Duration,Rate,Internal rate,User,Name,Customer,Project,Activity,Description,Exported,Billable,E-mail"
    return table(
        header.split(","),
        [
            [f"{one.start:%Y-%m-%d}", f"{one.start:%H:%M}", f"{one.end:%H:%M}", str(one.seconds), " KYD 10.00 ", "0", "u",
             one.person, one.client, one.project, "a", "b", "No", "Yes", one.email]
            for one in entries
        ],
        quoting=csv.QUOTE_ALL,
    )  # fmt: skip


def solidtime(entries: list[Entry]) -> str:
    header = "Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags,Email"
    return table(
        header.split(","),
        [
            ["d", "", one.project, one.client, one.person, f"{one.start:%Y-%m-%d %H:%M:%S}", f"{one.end:%Y-%m-%d %H:%M:%S}",
             span(one.seconds), f"{one.seconds / 3600:.2f}", "Yes", "", one.email]
            for one in entries
        ],
    )  # fmt: skip


def noko(entries: list[Entry]) -> str:
    header = "Date,Person,Teams,Email,Group/Client,Project,Minutes,Hours,Notes"
    return table(
        header.split(","),
        [
            [f"{one.start:%Y-%m-%d}", one.person, "", one.email, one.client, one.project, str(one.seconds // 60),
             f"{one.seconds / 3600:.2f}", ""]
            for one in entries
        ],
    )  # fmt: skip


def tick(entries: list[Entry]) -> str:
    header = "Id,Client,Project ID,Project,Task,Date,User,Hours,Rate,Total,Email"
    return table(
        header.split(","),
        [
            [str(at), one.client, "9", one.project, "t", f"{one.start:%Y-%m-%d}", one.person, f"{one.seconds / 3600:.4f}", "1", "1",
             one.email]
            for at, one in enumerate(entries)
        ],
    )  # fmt: skip


def hubstaff(entries: list[Entry]) -> str:
    first = entries[0].start.date()
    days = [first + timedelta(days=at) for at in range(7)]
    header = "Organization,Time Zone,Member,Email,Job title,Job type,Employee ID,Tax info,Location,Time zone,Date added"
    rows = [
        ["Firm", "UTC", one.person, one.email, "", "", "", "", "", "UTC", "2020-01-01",
         *(span(one.seconds).removeprefix("0") if day == one.start.date() else "" for day in days), span(one.seconds), "", "", "USD"]
        for one in entries
        if one.start.date() in days
    ]  # fmt: skip
    return table(
        [*header.split(","), *map(str, days), "Total worked", "Activity", "Spent total", "Currency"], rows
    )


CLOCKED: dict[str, Callable[[list[Entry]], str]] = {
    "toggl": toggl,
    "clockify": clockify,
    "kimai": kimai,
    "kimai1": kimai1,
    "solidtime": solidtime,
}
DATED: dict[str, Callable[[list[Entry]], str]] = {"harvest": harvest, "noko": noko, "tick": tick}
ALL: dict[str, Callable[[list[Entry]], str]] = {**CLOCKED, **DATED, "hubstaff": hubstaff}


def by_day(entry: Entry) -> dict[date, int]:
    """Return the seconds of an entry on each date, counted minute by minute and not by the reader's own rule."""
    found: dict[date, int] = {}
    for at in range(0, entry.seconds, 60):
        day = (entry.start + timedelta(seconds=at)).date()
        found[day] = found.get(day, 0) + 60
    return found
