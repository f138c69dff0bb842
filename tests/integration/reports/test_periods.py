"""A closed period stays as it was booked: what moves afterwards is an adjustment of the next, and the books balance."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import date, datetime, timedelta

import pytest

from projects.domain.errors import NotAllowed, UnableToClose, UnableToReport
from projects.models import AccountingPeriod, AuditEvent, PeriodLine, ReportRun
from projects.operations.periods import close_period
from projects.queries.periods import AMOUNTS, to_book
from projects.reports.files import formats_for
from projects.reports.frozen import table_of_run
from projects.reports.runs import pull_report
from projects.reports.table import UnableToWriteTable
from projects.reports.writers.figures import amounts_of, figures_of
from tests.integration.estimates.world import MONDAY, NEXT_MONDAY, SECOND_MONDAY
from tests.integration.reports.test_runs import ana_worked_after_all
from tests.integration.reports.world import AS_OF, AT, Firm, make_firm, member

pytestmark = pytest.mark.django_db
SUNDAY = NEXT_MONDAY - timedelta(days=1)


@pytest.fixture(scope="module")
def kept_firm(kept_rows: Callable[[], AbstractContextManager[None]]) -> Firm:
    """Five people, three pauses, dollars and euros."""
    with kept_rows():
        return make_firm()


@pytest.fixture
def firm(kept_firm: Firm) -> Firm:
    """The firm, for one test to do with as it likes."""
    return deepcopy(kept_firm)


def close(last_day: date, *, first_day: date | None = None, at: datetime = AT) -> AccountingPeriod:
    """Close as somebody in finance."""
    return close_period(last_day=last_day, first_day=first_day, by=member("finance"), at=at)


def booked(period: AccountingPeriod | None = None) -> dict[str, int]:
    """What was booked as lost, by currency and kind."""
    sums: defaultdict[str, int] = defaultdict(int)
    for line in PeriodLine.objects.filter(**({"period": period} if period else {})):
        sums[f"{line.currency}{' moved' if line.is_adjustment else ''}"] += line.lost_minor
    return dict(sums)


def pulled(name: str, **asked: str) -> ReportRun:
    """A report as of the tests' day."""
    words = {key: [value] for key, value in asked.items()}
    return pull_report(name=name, parameters=words, as_of=AS_OF, by=None, at=AT)


def file_of(run: ReportRun, written_as: str) -> list[list[str]]:
    """A run's file, as cells."""
    out = io.BytesIO()
    formats_for(run.name)[written_as].write(table_of_run(run), out)
    return list(csv.reader(io.StringIO(out.getvalue().decode())))


def test_a_period_books_its_weeks_and_a_later_change_is_an_adjustment_of_the_next(firm: Firm) -> None:
    first = close(SUNDAY, first_day=MONDAY)
    assert booked(first) == {"USD": 160_000, "EUR": 69_333}  # Ana and Ben; Carla
    before = list(PeriodLine.objects.filter(period=first).values_list())
    ana_worked_after_all(firm)
    second = close(NEXT_MONDAY + timedelta(days=13))
    assert booked(second)["USD moved"] == -32_000
    assert list(PeriodLine.objects.filter(period=first).values_list()) == before
    assert first.checksum == AccountingPeriod.objects.get(pk=first.pk).checksum
    assert AuditEvent.objects.filter(verb="period.closed").count() == 2


def test_all_closed_periods_together_are_the_figures_of_the_day_the_last_was_closed(firm: Firm) -> None:
    close(SUNDAY, first_day=MONDAY)
    ana_worked_after_all(firm)
    close(SECOND_MONDAY + timedelta(days=6))
    firm.orion.state, firm.orion.closed_at = "void", AT - timedelta(minutes=1)
    firm.orion.save()
    close(SECOND_MONDAY + timedelta(days=13))
    income = amounts_of(
        figures_of(table_of_run(pulled("income-impact", by="week", last_week="2026-03-29"))).totals
    )
    sums = booked()
    for code in ("USD", "EUR"):
        assert sums.get(code, 0) + sums.get(f"{code} moved", 0) == income[code, "lost"], code
    (still,) = (
        one for one in to_book(first_week=AS_OF, last_week=AS_OF, as_of=AS_OF) if one.currency == "USD"
    )
    assert still.moved.lost_minor == 0


def test_the_ledger_tells_own_weeks_from_adjustments(firm: Firm) -> None:
    close(SUNDAY, first_day=MONDAY)
    ana_worked_after_all(firm)
    close(NEXT_MONDAY + timedelta(days=6))
    table = table_of_run(pulled("period-ledger", by="kind,project"))
    rows = [
        dict(zip([column.key for column in table.columns], row, strict=True)) for row in table.open_rows()
    ]
    moved = [row for row in rows if row["kind"] == "adjustments"]
    assert [(row["project"], row["earned"], row["lost"], row["people"]) for row in moved] == [
        ("CHORDUS", 32_000, -32_000, 1)
    ]
    earlier = table_of_run(pulled("period-ledger", by="currency", period=str(MONDAY)))
    assert amounts_of(figures_of(earlier).totals)["EUR", "lost"] == 69_333


def test_the_income_impact_says_that_closed_weeks_have_moved(firm: Firm) -> None:
    close(SUNDAY, first_day=MONDAY)
    assert any("nothing has moved" in note for note in table_of_run(pulled("income-impact")).notes)
    ana_worked_after_all(firm)
    run = pull_report(name="income-impact", parameters={}, as_of=AS_OF, by=None, at=AT, is_fresh=True)
    assert any("moved by -$320.00 since" in note for note in table_of_run(run).notes)


@pytest.mark.parametrize(
    ("last_day", "first_day", "field", "said"),
    [
        (SUNDAY, None, "first_day", "Say with which week"),
        (MONDAY - timedelta(days=7), MONDAY, "last_day", "lies before the first week"),
        (AS_OF, MONDAY, "last_day", "the last day that can be closed is 2026-03-29"),
        (SUNDAY, MONDAY - timedelta(weeks=60), "last_day", "at most 53 weeks"),
    ],
)
def test_an_impossible_period_is_refused_with_its_field(
    last_day: date, first_day: date | None, field: str, said: str, firm: Firm
) -> None:
    with pytest.raises(UnableToClose, match=said) as refused:
        close(last_day, first_day=first_day)
    assert refused.value.field == field
    assert not AccountingPeriod.objects.exists()


def test_periods_follow_one_another_and_only_finance_and_operations_close(firm: Firm) -> None:
    close(SUNDAY, first_day=MONDAY)
    with pytest.raises(UnableToClose, match="The next period begins on 2026-03-09"):
        close(SECOND_MONDAY, first_day=SECOND_MONDAY)
    with pytest.raises(UnableToClose, match="lies before"):
        close(SUNDAY)
    with pytest.raises(NotAllowed):
        close_period(last_day=SECOND_MONDAY, by=member("auditor"), at=AT)
    with pytest.raises(UnableToReport, match="No such period was closed"):
        pull_report(
            name="period-ledger",
            parameters={"period": [str(MONDAY)]},
            as_of=date(2026, 3, 1),
            by=None,
            at=AT,
        )


def test_a_pause_without_an_estimate_keeps_a_period_open(firm: Firm) -> None:
    firm.open.estimate_runs.all().delete()
    with pytest.raises(UnableToClose, match=f"Without a finished estimate: pause {firm.open.pk}"):
        close(SUNDAY, first_day=MONDAY)


def standby_moved(firm: Firm) -> None:
    """HARP's pause has a quarter of standby: two weeks are closed, then the terms turn out to be lower."""
    close(SECOND_MONDAY + timedelta(days=6), first_day=SECOND_MONDAY)
    lines = PeriodLine.objects.get(engagement=firm.people[4])
    assert (lines.standby_minor, lines.lost_minor) == (20_000, 60_000)
    PeriodLine.objects.filter(pk=lines.pk).update(standby_minor=30_000, lost_minor=50_000)  # as if booked so
    close(SECOND_MONDAY + timedelta(days=13))


def test_the_journal_balances_and_a_correction_changes_sides(firm: Firm) -> None:
    standby_moved(firm)
    rows = file_of(pulled("journal", lost_account="Memo, lost", offset_account="Memo"), "csv")
    header, lines = rows[0], rows[1:]
    entries: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line in lines:
        cells = dict(zip(header, line, strict=True))
        entries[cells["Entry"]][0] += float(cells["Debit"] or 0)
        entries[cells["Entry"]][1] += float(cells["Credit"] or 0)
    assert {entry: sums[0] == sums[1] > 0 for entry, sums in entries.items()} == {"PAUSES-20260323-USD": True}
    corrections = [line for line in lines if "correction" in line[3] and "Standby" in line[3]]
    assert [(line[2], line[7], line[8]) for line in corrections] == [
        ("Accrued contractor pay", "100.00", ""),
        ("Standby pay", "", "100.00"),
    ]


@pytest.mark.parametrize(
    ("written_as", "header", "line"),
    [
        (
            "quickbooks",
            "Journal No,Journal Date,Account Name,Debits,Credits,Description,Name,Currency,Location,Class",
            "PAUSES-20260323-USD,03/29/2026,Standby pay,200.00,,"
            "'Standby pay, HARP, weeks from 2026-03-23',,USD,,HARP",
        ),
        (
            "xero",
            "*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1,TrackingName2,"
            "TrackingOption2",
            "PAUSES-20260323-USD,29/03/2026,'Standby pay, HARP, weeks from 2026-03-23',Accrued contractor pay,"
            "Tax Exempt,-200.00,Client,LYRA,Project,HARP",
        ),
        (
            "netsuite",
            "External ID,Date,Currency,Memo (Main),Account,Debit,Credit,Memo,Class",
            "PAUSES-20260323-USD,03/29/2026,USD,'Pauses, period to 2026-03-29',Accrued contractor pay,,200.00,"
            "'Standby pay, HARP, weeks from 2026-03-23',HARP",
        ),
    ],
)
def test_each_accounting_program_gets_the_file_it_imports(
    written_as: str, header: str, line: str, firm: Firm
) -> None:
    standby_moved(firm)
    rows = file_of(pulled("journal"), written_as)
    assert ",".join(rows[0]) == header
    assert next(csv.reader([line], quotechar="'")) in rows


def test_what_a_program_cannot_take_is_refused_and_other_reports_are_no_journals(firm: Firm) -> None:
    close(SECOND_MONDAY + timedelta(days=6), first_day=MONDAY)
    both = pulled("journal", lost_account="a", offset_account="b")
    with pytest.raises(UnableToWriteTable, match="choose one of EUR, USD"):
        file_of(both, "xero")
    assert file_of(pulled("journal", lost_account="a", offset_account="b", currency="EUR"), "xero")
    with pytest.raises(UnableToReport, match="both of its accounts") as refused:
        pulled("journal", lost_account="a")
    assert refused.value.field == "offset_account"
    assert "xero" not in formats_for("income-impact")


def test_what_a_page_foretells_is_what_is_booked(firm: Firm) -> None:
    close(SUNDAY, first_day=MONDAY)
    ana_worked_after_all(firm)
    week = SECOND_MONDAY + timedelta(days=7)
    foretold = {one.currency: one for one in to_book(first_week=NEXT_MONDAY, last_week=week, as_of=AS_OF)}
    lines = PeriodLine.objects.filter(period=close(week), currency="USD")
    for name in AMOUNTS:
        own, moved = getattr(foretold["USD"].own, name), getattr(foretold["USD"].moved, name)
        assert sum(getattr(line, name) for line in lines.filter(is_adjustment=False)) == own
        assert sum(getattr(line, name) for line in lines.filter(is_adjustment=True)) == moved
