"""The lists of a pause as CSV: who lacks the news, and which messages need a person."""

from datetime import datetime
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.models import DeliveryState
from projects.admin.finish import channel_label
from projects.admin.pause_page import lack_of, seen_pause
from projects.models import Pause
from projects.queries.unseen import deliveries_that_need_a_person, people_lacking, rows_of
from projects.reports.table import Column, Facts, Kind, Row, Table
from projects.reports.writers.csv_file import to_csv


def unseen_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was not told, did not open or did not acknowledge, as CSV in which no name starts a formula."""
    pause, lack = seen_pause(request, pk), lack_of(request)
    return _as_csv(_unseen(pause, lack, at=timezone.now()), f"pause-{pause.pk}-not-{lack}.csv")


def needing_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every message that needs a person, the unknown ones first, as CSV."""
    pause = seen_pause(request, pk)
    return _as_csv(_needing(pause, at=timezone.now()), f"pause-{pause.pk}-need-a-person.csv")


def _as_csv(table: Table, name: str) -> HttpResponse:
    out = BytesIO()
    to_csv(table, out, bom=True)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _needing(pause: Pause, *, at: datetime) -> Table:
    def rows() -> list[Row]:
        return [
            (
                row.recipient.name,
                row.address,
                str(channel_label(row.channel)),
                str(DeliveryState(row.state).label),
                row.reason,
                row.recorded_at,
            )
            for row in deliveries_that_need_a_person(pause).iterator(chunk_size=2_000)
        ]

    return Table(
        name=f"pause_{pause.pk}_need_a_person",
        title=_("Messages that need a person"),
        columns=(
            Column("recipient", _("Who")),
            Column("address", _("Address")),
            Column("channel", _("Channel")),
            Column("state", _("State")),
            Column("why", _("Why")),
            Column("recorded_at", _("Since"), Kind.INSTANT),
        ),
        rows=rows,
        as_of=at,
        facts=Facts(generated_at=at, code_version=""),
    )


def _unseen(pause: Pause, lack: str, *, at: datetime) -> Table:
    people = people_lacking(pause, lack)

    def rows() -> list[Row]:
        return [
            (
                row.name,
                row.email,
                row.country,
                _("yes") if row.is_told else _("no"),
                row.how_told or "",
                row.opened_at,
                row.acknowledged_at,
            )
            for row in rows_of(people)
        ]

    return Table(
        name=f"pause_{pause.pk}_not_{lack}",
        title=_("Who has not seen it"),
        columns=(
            Column("contractor", _("Contractor")),
            Column("email", _("Email")),
            Column("country", _("Country"), Kind.CODE),
            Column("told", _("Told")),
            Column("how_told", _("Told by hand")),
            Column("opened_at", _("Opened"), Kind.INSTANT),
            Column("acknowledged_at", _("Acknowledged"), Kind.INSTANT),
        ),
        rows=rows,
        as_of=at,
        facts=Facts(generated_at=at, code_version=""),
    )
