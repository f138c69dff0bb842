"""A preview in words: what would stop being earned, what changed since it was seen, and what leaked."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.admin.leaks import leaked
from projects.domain.money import format_money
from projects.models import Pause
from projects.queries.previews import PausePreview, what_changed
from projects.queries.second_person import weekly_pay
from projects.queries.usual_pay import UsualPay, WeeklyPay

_WHOLE = 10_000
WEEK_DAYS = 5


@dataclass(frozen=True, slots=True)
class LossLine:
    """One currency's line: what is usually earned a week, what of it stops, what standby pay gives back."""

    currency: str
    people: int
    usual: str
    lost: str
    low: str
    high: str
    standby: str


def usual_pay(preview: PausePreview) -> UsualPay:
    """Usual weekly pay of the people in the preview."""
    return weekly_pay(preview.pause, day=preview.starts_at.date(), audience=str(preview.people))


def loss_lines(pause: Pause, usual: UsualPay) -> tuple[LossLine, ...]:
    """The weekly loss of a pause with these terms, one line a currency."""
    return tuple(_line(pause, row) for row in usual.pay)


def _line(pause: Pause, row: WeeklyPay) -> LossLine:
    stopped = _WHOLE - pause.remaining_share_bp
    unpaid = stopped * (_WHOLE - pause.standby_share_bp)

    def share(minor: int) -> str:
        return format_money(_part(minor, unpaid, _WHOLE * _WHOLE) - _a_day_given(pause, row), row.currency)

    standby = _part(row.central_minor, stopped * pause.standby_share_bp, _WHOLE * _WHOLE)
    a_day, given = _a_day_words(pause), _a_day_given(pause, row)
    standby += given
    return LossLine(
        currency=row.currency,
        people=row.people,
        usual=format_money(row.central_minor, row.currency),
        lost=share(row.central_minor),
        low=share(row.low_minor),
        high=share(row.high_minor),
        standby=" · ".join(filter(None, [format_money(standby, row.currency) if standby else "", a_day])),
    )


def _a_day_given(pause: Pause, row: WeeklyPay) -> int:
    """What standby pay a day gives back in a week of five days to people paid in its own currency."""
    days = min(WEEK_DAYS, pause.standby_max_days or WEEK_DAYS)
    return pause.standby_daily_minor * days * row.people if row.currency == pause.standby_currency else 0


def _a_day_words(pause: Pause) -> str:
    if not pause.standby_daily_minor:
        return ""
    money = format_money(pause.standby_daily_minor, pause.standby_currency)
    if pause.standby_max_days is None:
        return _("%(money)s a day each") % {"money": money}
    return _("%(money)s a day each, for at most %(days)s days") % {
        "money": money,
        "days": pause.standby_max_days,
    }


def _part(minor: int, numerator: int, denominator: int) -> int:
    """A share of an amount in minor units, rounded half up."""
    return (2 * minor * numerator + denominator) // (2 * denominator)


def changes_in_words(seen: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What differs from the preview that was seen, a sentence each."""
    changed = {name: (then, later) for name, then, later in what_changed(seen, now)}
    if "people" in changed:
        changed.pop("audience", None)
    return tuple(_sentence(name, then, later) for name, (then, later) in changed.items())


def _sentence(name: str, then: str, later: str) -> str:
    if name == "audience":
        return _("Somebody joined and somebody left: the number of people is the same, the people are not.")
    if name == "draft":
        return _("The words or terms were saved again since you looked.")
    kind, _space, which = name.partition(" ")
    labels = {
        "people": _("People the pause stops"),
        "unreachable": _("People nobody can reach"),
        "email": _("People reached by email"),
        "slack": _("People reached on Slack"),
        "contracts_ending": _("Contracts ending meanwhile"),
        "excluded": _("People who go on working"),
        "other_pauses": _("Other pauses in force"),
        "country": _("People in %(name)s") % {"name": which},
        "project": _("People on %(name)s") % {"name": which},
    }
    told = {"what": labels.get(kind, name), "then": then or _("none"), "now": later or _("none")}
    return _("%(what)s: %(then)s before, %(now)s now.") % told


def leaks_of(pause: Pause) -> tuple[str, ...]:
    """Words of the confidential note that contractors would read."""
    client = pause.client or (pause.project.client if pause.project else None)
    known = [client.name, client.code] if client else []
    named = [pause.project] if pause.project else pause.named_projects() if pause.chosen else []
    known += [words for project in named for words in (project.name, project.code)]
    public = (pause.what_stopped, pause.why, pause.what_happens_to_pay, pause.what_to_do_now)
    return leaked(pause.confidential_note, public, known=known)
