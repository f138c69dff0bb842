"""Everything kept about one contractor that is theirs to read, as plain values for an export."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from projects.models import (
    Acknowledgement,
    Contractor,
    Correction,
    CorrectionPaper,
    Engagement,
    ErasureRequest,
    HoursEntry,
    Leave,
    LostIncomeEstimate,
    PauseUpdate,
    Rate,
    Statement,
)
from projects.queries.own_preferences import own_preferences
from projects.queries.pay_reads import reads_of_pay
from projects.queries.portal_rows import pauses_told_to

_PAUSE_FIELDS = (
    "public_id", "project__code", "client__code", "kind", "remaining_share_bp", "state", "starts_at", "ends_at",
    "reason_code", "what_stopped", "why", "what_happens_to_pay", "what_to_do_now", "next_update_by",
    "expected_resume", "expected_resume_from", "expected_resume_until", "standby_share_bp", "standby_daily_minor",
    "standby_currency", "standby_max_days",
)  # fmt: skip
_ESTIMATE_FIELDS = (
    "run__pause__public_id", "engagement__public_id", "run__as_of", "run__method_version", "run__state", "run__policy",
    "currency", "reference_minor", "guaranteed_minor",
    "starts_on", "ends_on", "expected_seconds", "expected_minor", "earned_minor", "recovered_minor", "standby_minor",
    "lost_minor", "low80_minor", "high80_minor", "low95_minor", "high95_minor", "is_provisional", "reasons", "lines",
)  # fmt: skip


def own_data(contractor: Contractor, at: datetime) -> dict[str, Any]:
    """The export's document: amounts in minor units, rates in millionths, times in seconds, instants in UTC.

    Nothing confidential and nothing of anybody else is in it.
    """
    own = {"engagement__contractor": contractor}
    told = pauses_told_to(contractor)
    return {
        "exported_at": at,
        "contractor": _contractor(contractor),
        "engagements": _rows(
            Engagement.objects.filter(contractor=contractor),
            "public_id", "project__code", "project__client__code", "starts_on", "ends_on",
        ),
        "rates": _rows(
            Rate.objects.filter(**own).order_by("engagement", "starts_on"),
            "engagement__public_id", "starts_on", "basis", "amount_millionths", "currency",
            "contracted_weekly_seconds", "weekday_seconds", "max_weekly_seconds",
        ),
        "hours": _rows(
            HoursEntry.objects.filter(**own).order_by("worked_on", "pk"),
            "engagement__public_id", "worked_on", "seconds", "tasks", "source", "recorded_at",
        ),
        "leave": _rows(Leave.objects.filter(contractor=contractor), "kind", "starts_on", "ends_on"),
        "preferences": _preferences(contractor),
        "pauses": _rows(told, *_PAUSE_FIELDS),
        "updates": _rows(
            PauseUpdate.objects.filter(pause__in=told), "pause__public_id", "kind", "text", "at", "next_update_by"
        ),
        "acknowledgements": _rows(
            Acknowledgement.objects.filter(contractor=contractor),
            "pause__public_id", "opened_at", "acknowledged_at", "via",
        ),
        "estimates": _rows(LostIncomeEstimate.objects.filter(**own).order_by("run__asked_at", "pk"), *_ESTIMATE_FIELDS),
        "corrections": _rows(
            Correction.objects.filter(contractor=contractor),
            "public_id", "engagement__public_id", "kind", "state", "worked_on", "seconds", "starts_on", "ends_on",
            "basis", "amount_millionths", "currency", "words", "asked_at", "closed_at", "answer",
        ),
        "correction_papers": _rows(
            CorrectionPaper.objects.filter(correction__contractor=contractor),
            "correction__public_id", "name", "content_type", "size",
        ),
        "erasure_requests": _rows(
            ErasureRequest.objects.filter(contractor=contractor), "asked_at", "closed_at", "answer"
        ),
        "pay_reads": [
            {"by": read.who, "what": read.what, "via": read.via, "report": read.name, "first_at": read.first_at,
             "last_at": read.last_at, "times": read.times}
            for read in reads_of_pay(contractor)
        ],
        "statements": _rows(
            Statement.objects.filter(contractor=contractor), "code", "starts_on", "ends_on", "made_at", "revoked_at"
        ),
    }  # fmt: skip


def _contractor(contractor: Contractor) -> dict[str, Any]:
    names = (
        "public_id", "name", "email", "external_id", "slack_user_id", "country", "region", "locale", "time_zone",
        "display_currency", "created_at",
    )  # fmt: skip
    return {name: getattr(contractor, name) for name in names}


def _preferences(contractor: Contractor) -> list[dict[str, Any]]:
    """How the person wishes to be told of things, one row a category and channel."""
    wishes = own_preferences(contractor)
    quiet = wishes.quiet_hours
    return [
        {
            "category": choice.category.value,
            "channel": channel.value,
            "way": way.value,
            "quiet_from": quiet.starts_at if quiet else None,
            "quiet_until": quiet.ends_at if quiet else None,
            "digest_at": wishes.digest_at,
        }
        for choice in wishes.choices
        for channel, way in choice.ways.items()
    ]


def _rows(rows: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    """Rows as plain values, the path of a field joined by dots."""
    return [{name.replace("__", "."): value for name, value in row.items()} for row in rows.values(*fields)]
