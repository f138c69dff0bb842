"""The words of notices around the desk: seats offered and answered, and the second person's word."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.messages import Message
from notifications.models import Endpoint
from projects.domain.money import format_rate
from projects.models import Approval, Candidacy, Pause
from projects.notices import GOOD_FOR, contents_of, target_name
from projects.wording import format_day, lead_names

UNREACHED: Final = "people.unreached"
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom a notice did not reach on one channel, and whether another channel has or still may."""

    name: str
    channel: str
    reason: str
    has_other: bool


def unreached_message(
    *, pause: Pause, people: Sequence[Unreached], subject_ref: str, key: str, at: datetime
) -> Message:
    """That people could not be reached, for whoever looks after the pause; the first twenty by name."""
    context = {
        "target": lambda: target_name(pause),
        "count": len(people),
        "text": lambda: _named(people),
    }
    return Message(
        kind=UNREACHED,
        category="critical",
        subject_ref=subject_ref,
        thread_key=subject_ref,
        idempotency_key=key,
        contents=contents_of(
            "people_unreached",
            context,
            {"en"},
            url=f"{settings.BASE_URL}/admin/projects/pause/{pause.pk}/change/",
        ),
        expires_at=at + GOOD_FOR,
    )


def switched_off_message(*, endpoint: Endpoint, at: datetime) -> Message:
    """That an integration gets no more events because its endpoint kept failing, for its owner."""
    off_at = endpoint.disabled_at or at
    context = {"title": endpoint.name, "text": endpoint.disabled_reason}
    subject_ref = f"endpoint:{endpoint.pk}"
    return Message(
        kind="endpoint.switched_off",
        category="critical",
        subject_ref=subject_ref,
        thread_key=subject_ref,
        idempotency_key=f"{subject_ref}:off:{off_at.isoformat()}",
        contents=contents_of(
            "endpoint_switched_off",
            context,
            {"en"},
            url=f"{settings.BASE_URL}/admin/notifications/endpoint/{endpoint.pk}/change/",
        ),
        expires_at=at + GOOD_FOR,
    )


def _named(people: Sequence[Unreached]) -> str:
    """A line a person, those whom no other channel reaches first."""
    lines = []
    for person in sorted(people, key=lambda each: (each.has_other, each.name))[:MOST_NAMED]:
        other = _("told on another channel") if person.has_other else _("no other channel")
        lines.append(f"{person.name} ({person.channel.replace('_', ' ')}, {other}): {person.reason}")
    if len(people) > MOST_NAMED:
        lines.append(_("and %(count)d more") % {"count": len(people) - MOST_NAMED})
    return "\n".join(lines)


def seat_message(
    *, template: str, candidacy: Candidacy, locales: Collection[str], key: str, at: datetime
) -> Message:
    """What became of a person and an open seat.

    `template` is one of seat_offered, seat_withdrawn (for the person), seat_interest, seat_accepted, seat_declined
    (for the project's leads).
    """
    seat = candidacy.seat
    is_for_person = template in {"seat_offered", "seat_withdrawn"}
    address = "/portal/" if is_for_person else f"/admin/projects/openseat/{seat.pk}/change/"
    context = {
        "target": seat.project.name,
        "title": seat.title,
        "who": candidacy.contractor.name,
        "text": candidacy.words,
        "leads": lead_names([seat.project]),
        "terms": lambda: offer_words(candidacy),
    }
    return Message(
        kind=template.replace("_", ".", 1),
        category="update",
        subject_ref=candidacy.ref,
        thread_key=candidacy.ref,
        idempotency_key=key,
        contents=contents_of(template, context, locales, url=f"{settings.BASE_URL}{address}"),
        expires_at=at + GOOD_FOR,
    )


def approval_message(*, template: str, approval: Approval, at: datetime) -> Message:
    """That a draft waits for a second person (approval_asked), or what they said (approval_given, approval_refused)."""
    pause = approval.pause
    context = {
        "target": lambda: target_name(pause),
        "who": str(approval.decided_by or approval.asked_by),
        "text": approval.words,
    }
    page = "change" if template == "approval_given" else "preview"
    return Message(
        kind=template.replace("_", ".", 1),
        category="critical",
        subject_ref=f"approval:{approval.pk}",
        thread_key=f"approval:{approval.pk}",
        idempotency_key=f"approval:{approval.pk}:{template}",
        contents=contents_of(
            template, context, {"en"}, url=f"{settings.BASE_URL}/admin/projects/pause/{pause.pk}/{page}/"
        ),
        expires_at=at + GOOD_FOR,
    )


def offer_words(candidacy: Candidacy) -> str:
    """The terms of an offer in a few short sentences of the active language; nothing before there are any."""
    if candidacy.starts_on is None or candidacy.amount_millionths is None:
        return ""
    rate = format_rate(candidacy.amount_millionths, candidacy.seat.currency)
    terms = [
        _("From %(day)s.") % {"day": format_day(candidacy.starts_on)},
        _("Rate: %(rate)s for each %(unit)s.") % {"rate": rate, "unit": candidacy.seat.get_basis_display()},
    ]
    if candidacy.weekly_seconds is not None:
        terms.append(_("Hours a week: %(hours)s.") % {"hours": f"{candidacy.weekly_seconds / 3600:g}"})
    if candidacy.ends_on:
        terms.append(_("Last day of work: before %(day)s.") % {"day": format_day(candidacy.ends_on)})
    return " ".join(terms)
