"""What was done, in words: the verbs of the audit trail as the desk reads them."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.models.pauses import ExpectedResume, PauseKind, PauseState, ReasonCode
from projects.wording import format_share

VERBS = {
    "approval.asked": _("asked a second person"),
    "approval.refused": _("sent the draft back"),
    "audit.exported": _("took the audit trail away as a file"),
    "contractor.changed": _("changed a contractor"),
    "contractor.made": _("recorded a contractor"),
    "contractor.settings_chosen": _("chose language and clock"),
    "contractor.skills_set": _("wrote down skills"),
    "deliveries.requeued": _("sent messages again"),
    "engagement.ended": _("ended an engagement"),
    "engagement.made": _("engaged somebody"),
    "pause.began": _("the pause began"),
    "pause.ended": _("resumed work"),
    "pause.extended": _("gave new dates"),
    "pause.opened": _("paused work"),
    "pause.released": _("resumed one project"),
    "pause.updated": _("sent an update"),
    "pause.voided": _("declared the pause void"),
    "people.nudged": _("nudged people"),
    "people.told_by_hand": _("told people by hand"),
    "people.tried_elsewhere": _("tried another channel"),
    "project.changed": _("changed the project"),
    "project.made": _("recorded the project"),
    "rate.changed": _("changed a rate"),
    "scope.decided": _("decided the scope"),
    "scope.started": _("began to reassess the scope"),
    "seat.accepted": _("took a seat"),
    "seat.changed": _("changed a seat"),
    "seat.closed": _("closed a seat"),
    "seat.declined": _("declined a seat"),
    "seat.interested": _("would like a seat"),
    "seat.offered": _("offered a seat"),
    "seat.opened": _("opened a seat"),
    "seat.withdrawn": _("took back an interest or an offer"),
}

FACTS = {
    "approved_by": _("approved by (number of the user)"),
    "ends_at": _("end"),
    "excluded": _("people who go on working (numbers)"),
    "expected_resume": _("expected to go on"),
    "expected_resume_from": _("day, or first day"),
    "expected_resume_until": _("last day"),
    "has_confidential_note": _("has a confidential note"),
    "kind": _("how much stops"),
    "next_update_by": _("next word by"),
    "reason_code": _("reason"),
    "remaining_share_bp": _("share of hours that goes on"),
    "standby_share_bp": _("standby pay"),
    "standby_daily_minor": _("standby pay a day (minor units)"),
    "standby_currency": _("currency of standby pay a day"),
    "standby_max_days": _("most days of standby pay"),
    "starts_at": _("start"),
    "state": _("state"),
    "target": _("what is paused"),
    "what_happens_to_pay": _("What happens to pay?"),
    "what_stopped": _("What stops?"),
    "what_to_do_now": _("What should people do now?"),
    "why": _("Why?"),
}


CHOICES = {
    "state": dict(PauseState.choices),
    "kind": dict(PauseKind.choices),
    "reason_code": dict(ReasonCode.choices),
    "expected_resume": dict(ExpectedResume.choices),
}


def fact_words(name: str, value: Any) -> str:
    """The value of a fact as a reader says it: choices by their label, instants in UTC, shares in percent."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name in CHOICES and isinstance(value, str):
        return str(CHOICES[name].get(value, value))
    if name.endswith("_share_bp") and isinstance(value, int):
        return format_share(int(value))
    if name in {"starts_at", "ends_at", "next_update_by"}:
        return f"{datetime.fromisoformat(str(value)).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def in_words(verb: str) -> str:
    """A verb of the audit trail as a reader says it; one without words is shown as it is kept."""
    return str(VERBS.get(verb, verb.replace(".", " ").replace("_", " ")))


def fact_name(name: str) -> str:
    """A fact of a pause as a reader calls it."""
    return str(FACTS.get(name, name.replace("_", " ")))
