"""The mails about saved reports: that one is ready, or that it could not be built; a link, never the figures."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from notifications.messages import Message
from projects.models import ReportSchedule, ReportSending
from projects.notices import contents_of

GOOD_FOR: Final = timedelta(days=7)


def report_message(
    *, template: str, schedule: ReportSchedule, sending: ReportSending, at: datetime
) -> Message:
    """The mail of one time a schedule was due; `template` is report_ready or report_failed."""
    run = sending.run
    address = f"runs/{run.public_id}" if run is not None else f"schedules/{schedule.public_id}"
    context = {
        "title": schedule.title,
        "as_of": sending.as_of.isoformat(),
        "rows": f"{run.row_count:,}" if run is not None else "",
        "text": sending.error,
    }
    return Message(
        kind=template.replace("_", ".", 1),
        category="update" if run is not None else "critical",
        subject_ref=schedule.ref,
        thread_key=schedule.ref,
        idempotency_key=f"{schedule.ref}:{sending.due_at.isoformat()}",
        contents=contents_of(template, context, {"en"}, url=f"{settings.BASE_URL}/finance/{address}/"),
        expires_at=at + GOOD_FOR,
    )
