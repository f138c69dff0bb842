"""What may become of a pause, and which answers it cannot open without."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from projects.domain.errors import UnableToPause
from projects.domain.money import is_currency

DRAFT = "draft"
SCHEDULED = "scheduled"
IN_EFFECT = "in_effect"
ENDED = "ended"
VOID = "void"

FOLLOWS: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset({SCHEDULED, IN_EFFECT, VOID}),
    SCHEDULED: frozenset({IN_EFFECT, VOID}),
    IN_EFFECT: frozenset({ENDED, VOID}),
    ENDED: frozenset(),
    VOID: frozenset(),
}

QUESTIONS: Mapping[str, str] = {
    "what_stopped": "What stops?",
    "why": "Why, in words contractors may read?",
    "what_happens_to_pay": "What happens to pay?",
    "what_to_do_now": "What should people do now?",
}

MAX_BACKDATING = timedelta(days=366)
MAX_AHEAD = timedelta(days=366)
MOST_STANDBY_MINOR = 10**12
MOST_STANDBY_DAYS = 366
MOST_TYPED_CHARACTERS = 20_000  # what a draft keeps of an answer that is still too long, and of a note
MAX_ANSWER_CHARACTERS = 3_000  # a Slack section holds 3,000 characters (slack_sdk models)


def may_become(state: str, next_state: str) -> bool:
    """Whether a pause in `state` may go on to `next_state`."""
    return next_state in FOLLOWS[state]


def state_at_opening(*, starts_at: datetime, at: datetime) -> str:
    """Scheduled when it starts later than now, else in effect (now or backdated)."""
    return SCHEDULED if starts_at > at else IN_EFFECT


def refuse_unanswered(answers: Mapping[str, str]) -> None:
    """Raise UnableToPause, naming the field, for the first answer that is blank or too long."""
    for field, question in QUESTIONS.items():
        answer = answers.get(field, "").strip()
        if not answer:
            raise UnableToPause(
                f"“{question}” has no answer. “Not known yet” is an answer; leaving it blank is not.",
                field=field,
            )
        if len(answer) > MAX_ANSWER_CHARACTERS:
            raise UnableToPause(
                f"The answer to “{question}” has {len(answer):,} characters; at most {MAX_ANSWER_CHARACTERS:,} "
                "reach everybody whole.",
                field=field,
            )


def refuse_impossible_period(
    *, starts_at: datetime, ends_at: datetime | None, next_update_by: datetime | None, at: datetime
) -> None:
    """Raise UnableToPause for a period that ends before it starts, lies too far off, or a next word already due."""
    if ends_at is not None and ends_at <= starts_at:
        raise UnableToPause("A pause cannot end before it starts.", field="ends_at")
    if starts_at < at - MAX_BACKDATING:
        raise UnableToPause("A pause can be backdated by one year at most.", field="starts_at")
    if starts_at > at + MAX_AHEAD:
        raise UnableToPause("A pause can be scheduled one year ahead at most.", field="starts_at")
    if next_update_by is None:
        raise UnableToPause("Say by when the next word comes.", field="next_update_by")
    if next_update_by <= at:
        raise UnableToPause(
            "The next word must be promised for a time still to come.", field="next_update_by"
        )


def refuse_unfit_standby(*, share_bp: int, daily_minor: int, currency: str, max_days: int | None) -> None:
    """Raise UnableToPause unless standby pay is a share, an amount a day with its currency, both, or nothing."""
    if not 0 <= share_bp <= 10_000:
        raise UnableToPause("Standby pay is a share from 0 to 100 %.", field="standby_share_bp")
    if not 0 <= daily_minor <= MOST_STANDBY_MINOR:
        raise UnableToPause("That is no amount of standby pay a day.", field="standby_daily_minor")
    if daily_minor and not is_currency(currency):
        raise UnableToPause("Standby pay a day needs its currency, such as USD.", field="standby_currency")
    if not daily_minor and (currency or max_days is not None):
        raise UnableToPause(
            "A currency or a number of days of standby pay needs the amount a day.",
            field="standby_daily_minor",
        )
    if max_days is not None and not 1 <= max_days <= MOST_STANDBY_DAYS:
        raise UnableToPause(
            f"Standby pay a day is paid for 1 to {MOST_STANDBY_DAYS} days.", field="standby_max_days"
        )


def refuse_unfit_kind(*, kind: str, remaining_share_bp: int) -> None:
    """Raise UnableToPause when the share of hours that goes on does not fit the kind of pause."""
    if kind == "full" and remaining_share_bp != 0:
        raise UnableToPause("In a full pause no hours go on.", field="remaining_share_bp")
    if kind == "reduced" and not 0 < remaining_share_bp < 10_000:
        raise UnableToPause(
            "In a reduced pause say which share of hours goes on, between 0 and 100 %.",
            field="remaining_share_bp",
        )
