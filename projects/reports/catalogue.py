"""Every report there is: its name, its parameters, who may pull it, and how its table is built."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from projects import access
from projects.domain.errors import NotAllowed, UnableToReport
from projects.models import User
from projects.reports import (
    client_concentration,
    data_quality,
    deliveries,
    estimate_accuracy,
    exposure,
    income_impact,
    journal,
    obligations,
    parted,
    pause_register,
    paused_hours,
    period_ledger,
    promises,
    redeployment,
    reference_pay,
    remaining_length,
)
from projects.reports.drafts import Ask, Draft, fingerprint
from projects.reports.parameters import Parameter, as_of_day, checked, described, listed
from projects.reports.table import Facts, Table
from projects.reports.version import CODE_VERSION

SUBTOTALED_ROWS: Final = 50_000
NO_SUBTOTALS: Final = (
    f"Above {SUBTOTALED_ROWS:,} rows subtotals are left out: group more coarsely to see them."
)
LIVE_ROWS: Final = 20_000
"""More rows are not reckoned while somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: `may_pull` decides who gets it, `count` says how many rows one that may be long will have."""

    name: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    build: Callable[[Ask], Draft]
    may_pull: Callable[[User], bool] = access.may_pull_reports
    count: Callable[[Ask], int] | None = None

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name; None where the report does not take it."""
        return next((one for one in self.parameters if one.name == name), None)


REPORTS: Final = (
    Report(
        "income-impact",
        "Income impact",
        "What pauses cost contractors, by client, project, person, week: expected, earned, standby, lost.",
        income_impact.PARAMETERS,
        income_impact.build,
        count=income_impact.count,
    ),
    Report(
        "pause-register",
        "Pause register",
        "Every pause as it stood on a day: since when, why, on which terms, whom it stopped and who had seen it.",
        pause_register.PARAMETERS,
        pause_register.build,
    ),
    Report(
        "exposure",
        "Exposure",
        "What it would cost if a client stopped all work from next Monday for some weeks.",
        exposure.PARAMETERS,
        exposure.build,
    ),
    Report(
        "concentration",
        "Concentration",
        "Month by month, how much of what people earn hangs on one client.",
        client_concentration.PARAMETERS,
        client_concentration.build,
    ),
    Report(
        "remaining-length",
        "Remaining length",
        "What each open pause costs if it lasts 1 to 13 weeks more, and how likely past pauses make that.",
        remaining_length.PARAMETERS,
        remaining_length.build,
    ),
    Report(
        "reference-pay",
        "Reference pay",
        "What the policy agreed with each client says of the paused days, beside what is expected of them.",
        parted.PARAMETERS,
        reference_pay.build,
    ),
    Report(
        "obligations",
        "Standby and notice pay",
        "What pauses make somebody owe: standby pay by their terms, and pay for notice that came too late.",
        parted.PARAMETERS,
        obligations.build,
    ),
    Report(
        "redeployment",
        "Redeployment",
        "Open seats, who was offered them, what came of it, and what the accepted ones pay a week.",
        redeployment.PARAMETERS,
        redeployment.build,
    ),
    Report(
        "paused-hours",
        "Hours inside a pause",
        "Work that was logged while it was stopped: how it stands, what was decided and why.",
        paused_hours.PARAMETERS,
        paused_hours.build,
    ),
    Report(
        "deliveries",
        "Deliveries",
        "How many notices of each pause were promised on each channel, and what became of them.",
        deliveries.PARAMETERS,
        deliveries.build,
    ),
    Report(
        "promises",
        "Promise keeping",
        "Every next word that was promised, when it came, and how late it was.",
        promises.PARAMETERS,
        promises.build,
    ),
    Report(
        "estimate-accuracy",
        "Estimate against actual",
        "What was first said of the pauses that are over, against what it came to.",
        estimate_accuracy.PARAMETERS,
        estimate_accuracy.build,
    ),
    Report(
        "period-ledger",
        "Period ledger",
        "What a closed period booked: its own weeks, and adjustments of weeks that were closed before.",
        period_ledger.PARAMETERS,
        period_ledger.build,
    ),
    Report(
        "journal",
        "Journal",
        "The balanced entries of a closed period, for QuickBooks, Xero, NetSuite or any other books.",
        journal.PARAMETERS,
        journal.build,
    ),
    Report(
        "data-quality",
        "Data quality",
        "What makes a sum doubtful: missing hours and rates, hours inside a pause, provisional estimates.",
        data_quality.PARAMETERS,
        data_quality.build,
    ),
)


def report_named(name: str) -> Report:
    """The report of this name. Raises UnableToReport that lists the names."""
    for report in REPORTS:
        if report.name == name:
            return report
    names = listed([report.name for report in REPORTS])
    raise UnableToReport(f"There is no report “{name}”; choose from {names}.", field="name")


def reports_for(user: User) -> tuple[Report, ...]:
    """The reports somebody may pull."""
    return tuple(report for report in REPORTS if report.may_pull(user))


def ask_for(
    report: Report,
    asked: Mapping[str, Sequence[str]],
    *,
    as_of: str | date | None,
    by: User | None,
    at: datetime,
) -> Ask:
    """Check a question. Raises NotAllowed, or UnableToReport with the field and the allowed values."""
    if by is not None and not report.may_pull(by):
        raise NotAllowed("Reports are for finance, auditors and operations.")
    values = checked(report.name, report.parameters, asked)
    return Ask(as_of=as_of_day(as_of, at=at), values=values, at=at, by=by)


def is_long(report: Report, ask: Ask) -> bool:
    """Whether the answer has more rows than can be reckoned while somebody waits."""
    return report.count is not None and report.count(ask) > LIVE_ROWS


def table_of(report: Report, ask: Ask) -> tuple[Table, Draft]:
    """Build a report's table as the record stands now, with the draft it was made from."""
    draft = report.build(ask)
    is_cut = (draft.row_count or 0) > SUBTOTALED_ROWS
    facts = Facts(
        generated_at=ask.at,
        code_version=CODE_VERSION,
        inputs_fingerprint=fingerprint(draft.inputs),
        method_version=draft.method_version,
    )
    table = Table(
        name=report.name.replace("-", "_"),
        title=report.title,
        columns=draft.columns,
        rows=draft.rows,
        row_count=draft.row_count,
        as_of=ask.as_of,
        facts=facts,
        parameters=described(report.parameters, ask.values),
        groups=() if is_cut else draft.groups,
        method=draft.method,
        notes=(*draft.notes, NO_SUBTOTALS) if is_cut else draft.notes,
        charts=draft.charts,
    )
    return table, draft
