"""Requests that act on pauses; what the business refuses, it refuses itself, with the field's name."""

from typing import Any, Final

from rest_framework import serializers

from contractorhub.api.errors import refused
from contractorhub.api.fields import Day, Instant, InstantOrNow
from contractorhub.api.strict import Key, Number, Text
from projects.domain.pausing import MAX_ANSWER_CHARACTERS, MOST_STANDBY_DAYS, MOST_STANDBY_MINOR
from projects.models.pauses import ExpectedResume, PauseKind, ReasonCode
from projects.models.scope import ScopeOutcome

OUTCOMES: Final = [choice for choice in ScopeOutcome.choices if choice[0] != ScopeOutcome.PENDING]
_MAX_EXCLUSIONS: Final = 1_000
_MAX_PROJECTS: Final = 100


def _answer(**options: Any) -> Text:
    return Text(max_length=MAX_ANSWER_CHARACTERS, **options)


class ExclusionIn(serializers.Serializer[Any]):
    """A contractor whom the pause does not stop, and why."""

    contractor = Key(help_text="The contractor's `public_id`.")
    reason = Text(max_length=300)


class ExpectedResumeIn(serializers.Serializer[Any]):
    """What is known of the day work goes on."""

    expected_resume = serializers.ChoiceField(choices=ExpectedResume.choices, required=False)
    expected_resume_from = Day(required=False, allow_null=True, default=None)
    expected_resume_until = Day(required=False, allow_null=True, default=None)


class OpenPauseIn(ExpectedResumeIn):
    """A pause of one project, of some projects of one client, or of one whole client, with all six answers."""

    project = Text(max_length=30, required=False, help_text="A project's code; or `client`.")
    client = Text(max_length=30, required=False, help_text="A client's code; or `project`.")
    projects = serializers.ListField(
        child=Text(max_length=30), default=list, max_length=_MAX_PROJECTS,
        help_text="With `client`: the codes of the projects of it that are paused, two or more; else all of them.",
    )  # fmt: skip
    reason_code = serializers.ChoiceField(choices=ReasonCode.choices)
    what_stopped = _answer()
    starts_at = InstantOrNow()
    why = _answer(help_text="In words contractors may read.")
    what_happens_to_pay = _answer()
    next_update_by = Instant()
    what_to_do_now = _answer()
    ends_at = Instant(required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(choices=PauseKind.choices, default=PauseKind.FULL)
    remaining_share_bp = Number(min_value=0, max_value=9_999, default=0)
    standby_share_bp = Number(min_value=0, max_value=10_000, default=0)
    standby_daily_minor = Number(
        min_value=0, max_value=MOST_STANDBY_MINOR, default=0,
        help_text="Standby pay for each paused day on which work was expected, on top of any share.",
    )  # fmt: skip
    standby_currency = Text(max_length=3, default="", allow_blank=True)
    standby_max_days = Number(
        min_value=1, max_value=MOST_STANDBY_DAYS, required=False, allow_null=True, default=None
    )
    confidential_note = _answer(
        default="", allow_blank=True, help_text="Kept with the pause, never sent, never told here."
    )
    exclusions = serializers.ListField(child=ExclusionIn(), default=list, max_length=_MAX_EXCLUSIONS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none or two targets, and the same person excluded twice."""
        if ("project" in attrs) == ("client" in attrs):
            raise refused("project", "Name one project or one client.")
        if attrs["projects"] and "client" not in attrs:
            raise refused("projects", "Name the client whose projects these are.")
        people = [each["contractor"] for each in attrs["exclusions"]]
        if len(people) != len(set(people)):
            raise refused("exclusions", "Somebody is named twice.")
        return attrs


class UpdatePauseIn(ExpectedResumeIn):
    """The next word on a pause; with `expected_resume` it also says what is now known of its end."""

    text = _answer()
    next_update_by = Instant()
    confidential_note = _answer(default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse days without `expected_resume`, and a note beside it."""
        if "expected_resume" in attrs:
            if attrs["confidential_note"]:
                raise refused(
                    "confidential_note", "Keep the note with an update of its own, without expected dates."
                )
        elif attrs["expected_resume_from"] or attrs["expected_resume_until"]:
            raise refused("expected_resume", "Say whether the day is unknown, in a window, or a date.")
        return attrs


class ResumePauseIn(serializers.Serializer[Any]):
    """Work goes on now; `outcome` also records how the scope was decided."""

    text = _answer(default="", allow_blank=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES, required=False)


class ReleaseIn(serializers.Serializer[Any]):
    """Work goes on now on one project of a paused client; the others stay paused."""

    project = Text(max_length=30, help_text="The project's code.")
    text = _answer(default="", allow_blank=True)


class VoidPauseIn(serializers.Serializer[Any]):
    """The pause was opened by mistake."""

    reason = _answer()


class NothingIn(serializers.Serializer[Any]):
    """No fields: the address says it all."""
