"""A pulled report stays put: the same bytes whatever comes in, and what moved is said by the difference."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from projects.domain.errors import NotAllowed, UnableToReport
from projects.domain.money import decimal_to_minor
from projects.models import AuditEvent, HoursEntry, ReportRun
from projects.operations.rates import upload_rates
from projects.reports.catalogue import REPORTS
from projects.reports.difference import difference_of
from projects.reports.files import FORMATS, write_file
from projects.reports.frozen import table_of_run
from projects.reports.runs import pull_report
from projects.reports.table import UnableToWriteTable
from projects.reports.writers.cells import shown
from projects.reports.writers.figures import amounts_of, figures_of
from tests.factories import HoursEntryFactory, UserFactory
from tests.integration.estimates.world import NEXT_MONDAY, estimated
from tests.integration.reports.world import AS_OF, AT, Firm, make_firm, member, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept_firm(kept_rows: Callable[[], AbstractContextManager[None]]) -> Firm:
    """Five people, three pauses, and some of what was said about them."""
    with kept_rows():
        found = make_firm()
        tell(found)
        return found


@pytest.fixture
def firm(kept_firm: Firm) -> Firm:
    """The firm, for one test to do with as it likes."""
    return deepcopy(kept_firm)


def pulled(name: str = "income-impact", *, is_fresh: bool = False, **asked: str) -> ReportRun:
    """A report as of the tests' day."""
    words = {key: [value] for key, value in asked.items()}
    return pull_report(name=name, parameters=words, as_of=AS_OF, by=None, at=AT, is_fresh=is_fresh)


def written(run: ReportRun, format_: str) -> bytes:
    """A run's file."""
    out = BytesIO()
    FORMATS[format_].write(table_of_run(run), out)
    return out.getvalue()


def ana_worked_after_all(firm: Firm) -> None:
    """Hours come in late for a week that was estimated, and the pause is estimated anew."""
    for day in range(2):
        HoursEntryFactory.make(engagement=firm.people[0], worked_on=NEXT_MONDAY.replace(day=3 + day))
    firm.ended.notice_sent_at = None
    firm.ended.save()
    estimated(firm.ended, as_of=AS_OF)


@pytest.mark.parametrize("report", [each.name for each in REPORTS])
def test_pulled_again_after_new_hours_every_format_has_the_same_bytes(report: str, firm: Firm) -> None:
    first = pulled(report)
    before = {name: written(first, name) for name in ("csv", "json", "pdf")}
    ana_worked_after_all(firm)
    again = pulled(report)
    assert again == first
    assert {name: written(again, name) for name in before} == before


def test_a_fresh_run_is_made_only_where_figures_moved_and_the_earlier_stays(firm: Firm) -> None:
    first = pulled(by="project,contractor")
    assert pulled(by="project,contractor", is_fresh=True) == first
    ana_worked_after_all(firm)
    fresh = pulled(by="project,contractor", is_fresh=True)
    assert fresh != first
    assert pulled(by="project,contractor") == fresh
    first.refresh_from_db()
    assert figures_of(table_of_run(first)).checksum == first.checksum


def test_the_difference_says_which_row_moved_by_how_much_and_why(firm: Firm) -> None:
    first = pulled(by="project,contractor")
    ana_worked_after_all(firm)
    found = difference_of(first, pulled(by="project,contractor", is_fresh=True))
    (row,) = found.rows
    assert row.change == "moved"
    assert [cell for _, cell in row.names][:2] == ["CHORDUS", "Ana Reyes"]
    moved = {number.column.key: number.by for number in row.numbers}
    assert (moved["earned"], moved["lost"]) == (32_000, -32_000)
    assert {(each.column.key, each.currency): each.by for each in found.totals}["lost", "USD"] == -32_000
    assert found.same == 4
    assert found.reasons == (
        f"Pause {firm.ended.pk} was estimated anew as of {AS_OF}: somebody asked for a new estimate.",
    )


def test_a_difference_of_unlike_runs_is_refused(firm: Firm) -> None:
    with pytest.raises(UnableToReport, match="Only two runs of one report"):
        difference_of(pulled(by="project"), pulled(by="client"))


def test_a_row_that_was_changed_behind_our_back_is_never_written(firm: Firm) -> None:
    run = pulled(by="project")
    run.rows["rows"][0][-1] += 1
    with pytest.raises(UnableToWriteTable, match="checksum"):
        written(run, "csv")


def test_pulling_is_told_to_the_audit_trail_once(firm: Firm) -> None:
    run = pulled()
    pulled()
    (event,) = AuditEvent.objects.filter(verb="report.pulled")
    assert (event.subject_ref, event.after["checksum"]) == (f"report:{run.pk}", run.checksum)


def test_a_run_belongs_to_who_pulled_it_and_nobody_else_may(firm: Firm) -> None:
    who = member("finance")
    run = pull_report(name="promises", parameters={}, as_of=AS_OF, by=who, at=AT)
    assert run.by == who
    with pytest.raises(NotAllowed):
        pull_report(name="promises", parameters={}, as_of=AS_OF, by=UserFactory.make(), at=AT)


def test_a_writer_that_fails_half_way_leaves_the_earlier_file_and_nothing_else(
    firm: Firm, tmp_path: Path
) -> None:
    run = pulled(by="project")
    path = tmp_path / "impact.csv"
    write_file(table_of_run(run), FORMATS["csv"], path)
    whole = path.read_bytes()
    run.rows["rows"][0][-1] += 1
    with pytest.raises(UnableToWriteTable):
        write_file(table_of_run(run), FORMATS["csv"], path)
    assert path.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [path]


def test_all_files_of_a_run_have_the_same_cents(firm: Firm) -> None:
    words = {"by": ["contractor"], "in": ["EUR"]}
    run = pull_report(name="income-impact", parameters=words, as_of=AS_OF, by=None, at=AT)
    table = table_of_run(run)
    sums = amounts_of(figures_of(table).totals)
    rows: list[Any] = list(table.open_rows())
    lost, currency_at = table.positions["lost"], table.positions["currency"]
    assert sums["USD", "lost"] == sum(row[lost] for row in rows if row[currency_at] == "USD") == 760_000
    sheet: Any = load_workbook(BytesIO(written(run, "xlsx")), data_only=True)["Rows"]
    titles = [cell.value for cell in sheet[1]]
    in_sheet = [line[titles.index("Lost")] for line in sheet.iter_rows(2, 1 + len(rows), values_only=True)]
    assert [decimal_to_minor(Decimal(str(value)), "USD") for value in in_sheet] == [row[lost] for row in rows]
    found = json.loads(written(run, "json"))
    totals = {line["currency"]: line["sums"] for line in found["totals"]}
    assert totals["USD"]["lost"] == "7600.00"
    assert found["checksum"] == run.checksum
    csv = written(run, "csv").decode()
    for column in ("expected", "lost", "lost_in"):
        place = table.positions[column]
        for row in table.open_rows():
            currency = "EUR" if column == "lost_in" else str(row[table.positions["currency"]])
            assert shown(table.columns[place].kind, row[place], currency).replace(",", "") in csv


def test_hours_that_are_deleted_do_not_reach_a_kept_run(firm: Firm) -> None:
    run = pulled("data-quality")
    HoursEntry.objects.all().delete()
    assert pulled("data-quality") == run


def test_a_rate_that_was_corrected_is_named_in_the_difference(firm: Firm) -> None:
    first = pulled(by="currency", **{"in": "USD"})
    upload_rates(data=b"day,from,to,rate\n2026-03-30,EUR,USD,1.25\n", file_name="march.csv", by=None, at=AT)
    found = difference_of(first, pulled(by="currency", is_fresh=True, **{"in": "USD"}))
    assert any("The rate of EUR in USD went from 1.1484" in reason for reason in found.reasons)
    assert any("to 1.25 of 2026-03-30." in reason for reason in found.reasons)
