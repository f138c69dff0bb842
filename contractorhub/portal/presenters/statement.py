"""A kept statement as the document that is printed, and what a stranger reads about one."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from projects.models import Statement
from projects.reports.writers.statement_pdf import StatementDocument, StatementPause

ISSUER = "ContractorHub"


def printed(statement: Statement) -> StatementDocument:
    """The document of a statement, from nothing but what was frozen when it was made."""
    kept = statement.document
    return StatementDocument(
        person=kept["person"],
        reference=kept["reference"],
        issuer=getattr(settings, "FIRM_NAME", ISSUER),
        issued_at=datetime.fromisoformat(kept["issued_at"]),
        starts_on=date.fromisoformat(kept["starts_on"]),
        ends_on=date.fromisoformat(kept["ends_on"]) - timedelta(days=1),
        pauses=tuple(_pause(each) for each in kept["pauses"]),
        method=method_words(),
        code=kept["code"],
        verification_url=f"{settings.BASE_URL}{reverse('verify', args=[kept['code']])}",
        # The fixed words of the paper are English; a locale of another language would mix two.
        locale=kept["locale"] if kept["locale"].replace("_", "-").split("-")[0] == "en" else "en",
    )


def method_words() -> tuple[str, ...]:
    """How the figures come about, in plain words."""
    return (
        (
            "What was expected is worked out from the hours that this person logged in the weeks before the work was "
            "stopped, and from the rate agreed for each day. Leave, public holidays and earlier interruptions are "
            "left out of the usual week."
        ),
        (
            "What was earned on the same work, what was earned on other work on top of the usual, and standby pay are "
            "taken off. All amounts are before tax. Whole weeks are counted, from Monday to Sunday."
        ),
        ("These are estimates made by a fixed method that is the same for everybody."),
    )


def _pause(kept: dict[str, Any]) -> StatementPause:
    ends_on = date.fromisoformat(kept["ends_on"]) if kept["ends_on"] else None
    starts_on = date.fromisoformat(kept["starts_on"])
    return StatementPause(
        project=kept["project"],
        starts_on=starts_on,
        # Kept days end where the next begins; on paper the last day within is said.
        ends_on=max(ends_on - timedelta(days=1), starts_on) if ends_on else None,
        currency=kept["currency"],
        expected=kept["expected"],
        earned=kept["earned"],
        recovered=kept["recovered"],
        standby=kept["standby"],
        lost=kept["lost"],
        low=kept["low"],
        high=kept["high"],
        text=" ".join(kept["why"].split()),
    )
