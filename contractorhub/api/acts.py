"""From a request's body to one operation of the business, as the asker, now."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from contractorhub.api import sets
from contractorhub.api.errors import unknown
from contractorhub.api.serializers.acts import (
    OpenPauseIn,
    ReleaseIn,
    ResumePauseIn,
    UpdatePauseIn,
    VoidPauseIn,
)
from projects import access
from projects.domain.errors import NotAllowed
from projects.models import Acknowledgement, Client, Pause, PauseUpdate, Project, User
from projects.operations.acknowledgements import acknowledge_pause
from projects.operations.pause_changes import extend_pause, resume_pause, update_pause, void_pause
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.operations.releases import resume_project
from projects.queries.portal import pause_of_contractor


def open_by(user: User, body: Any) -> Pause:
    """Open a pause. Raises ValidationError with every field that is missing or wrong, or a DomainError."""
    form = OpenPauseIn(data=body)
    form.is_valid(raise_exception=True)
    project, client = target_of(user, form.validated_data)
    answers, terms = answers_and_terms(user, form.validated_data)
    return open_pause(
        project=project, client=client, answers=answers, terms=terms, by=user, at=timezone.now()
    )


def answers_and_terms(user: User, asked: Mapping[str, Any]) -> tuple[PauseAnswers, PauseTerms]:
    """The six answers and the terms of a pause that is asked for. Raises ValidationError for unknown people."""
    answers = PauseAnswers(
        what_stopped=asked["what_stopped"],
        why=asked["why"],
        what_happens_to_pay=asked["what_happens_to_pay"],
        what_to_do_now=asked["what_to_do_now"],
        next_update_by=asked["next_update_by"],
        confidential_note=asked["confidential_note"],
    )
    terms = PauseTerms(
        reason_code=asked["reason_code"],
        kind=asked["kind"],
        remaining_share_bp=asked["remaining_share_bp"],
        starts_at=asked["starts_at"],
        ends_at=asked["ends_at"],
        expected_resume=asked.get("expected_resume", "unknown"),
        expected_resume_from=asked["expected_resume_from"],
        expected_resume_until=asked["expected_resume_until"],
        standby_share_bp=asked["standby_share_bp"],
        standby_daily_minor=asked["standby_daily_minor"],
        standby_currency=asked["standby_currency"],
        standby_max_days=asked["standby_max_days"],
        exclusions=_exclusions(user, asked["exclusions"]),
        only=tuple(dict.fromkeys(asked["projects"])),
    )
    return answers, terms


def target_of(user: User, asked: Mapping[str, Any]) -> tuple[Project | None, Client | None]:
    """The project or the client to pause, among those the asker sees. Raises ValidationError."""
    if "project" in asked:
        project = access.projects_visible_to(user).filter(code=asked["project"]).first()
        if project is None:
            raise unknown("project", "There is no such project that you may see.")
        return project, None
    client = access.clients_visible_to(user).filter(code=asked["client"]).first()
    if client is None:
        raise unknown("client", "There is no such client that you may see.")
    return None, client


def _exclusions(user: User, asked: list[dict[str, Any]]) -> tuple[tuple[int, str], ...]:
    wanted = {each["contractor"]: each["reason"] for each in asked}
    rows = access.contractors_visible_to(user).filter(public_id__in=wanted)
    found = dict(rows.values_list("public_id", "pk"))
    if len(found) < len(wanted):
        raise unknown("exclusions", "Somebody named here is nobody you may see.")
    return tuple((found[public_id], reason) for public_id, reason in wanted.items())


def update_by(user: User, pause: Pause, body: Any) -> PauseUpdate:
    """Say the next word, with what is known of the end where it is told."""
    form = UpdatePauseIn(data=body)
    form.is_valid(raise_exception=True)
    asked = form.validated_data
    said = {"pause": pause, "text": asked["text"], "next_update_by": asked["next_update_by"]}
    if "expected_resume" not in asked:
        note = asked["confidential_note"]
        return update_pause(**said, confidential_note=note, by=user, at=timezone.now())
    return extend_pause(
        **said,
        expected_resume=asked["expected_resume"],
        expected_resume_from=asked["expected_resume_from"],
        expected_resume_until=asked["expected_resume_until"],
        by=user,
        at=timezone.now(),
    )


def resume_by(user: User, pause: Pause, body: Any) -> Pause:
    """End the pause now."""
    form = ResumePauseIn(data=body)
    form.is_valid(raise_exception=True)
    asked = form.validated_data
    return resume_pause(
        pause=pause, text=asked["text"], outcome=asked.get("outcome", ""), by=user, at=timezone.now()
    )


def released_by(user: User, pause: Pause, body: Any) -> PauseUpdate:
    """Let one project of a client's pause go on; the word on the timeline that says so."""
    form = ReleaseIn(data=body)
    form.is_valid(raise_exception=True)
    asked = form.validated_data
    project = access.projects_visible_to(user).filter(code=asked["project"]).first()
    if project is None:
        raise unknown("project", "There is no such project that you may see.")
    resume_project(pause=pause, project=project, text=asked["text"], by=user, at=timezone.now())
    return sets.updates(pause).filter(kind=PauseUpdate.Kind.RELEASED).latest("pk")


def void_by(user: User, pause: Pause, body: Any) -> Pause:
    """Make the pause void."""
    form = VoidPauseIn(data=body)
    form.is_valid(raise_exception=True)
    return void_pause(pause=pause, reason=form.validated_data["reason"], by=user, at=timezone.now())


def acknowledge_by(user: User, pause: Pause) -> Acknowledgement:
    """Acknowledge as the contractor the asker is. Raises NotAllowed for everybody whom the pause does not stop."""
    contractor, now = access.own_contractor(user), timezone.now()
    if contractor is None or pause_of_contractor(contractor, pause.public_id, now) is None:
        raise NotAllowed("Only contractors whom this pause stops acknowledge it.")
    return acknowledge_pause(pause=pause, contractor=contractor, via="api", at=now)
