"""Pauses of chosen projects of one client: a pause of the client that lets every other project go from the start."""

from collections.abc import Collection, Sequence
from datetime import datetime

from projects.domain.errors import UnableToPause
from projects.domain.periods import local_day
from projects.models import Client, Pause, PauseRelease, Project


def refuse_unfit_choice(client: Client, codes: Collection[str], *, starts_at: datetime) -> None:
    """Raise UnableToPause unless these are two or more running projects of the client with no pause of their own."""
    if len(set(codes)) < 2:
        raise UnableToPause("Choose two projects or more; one alone is paused by itself.", field="target")
    projects = list(Project.objects.filter(client=client, code__in=codes).order_by("code"))
    foreign = sorted(set(codes) - {project.code for project in projects})
    if foreign:
        raise UnableToPause(f"{client.code} has no project {foreign[0]}.", field="target")
    for project in projects:
        if project.ended_on and project.ended_on <= local_day(starts_at, project.time_zone):
            raise UnableToPause(f"{project.code} ended on {project.ended_on}; leave it out.", field="target")
    _refuse_paused_already(projects)


def _refuse_paused_already(projects: Sequence[Project]) -> None:
    """A project that is paused by itself, or among other chosen ones, has its news and its promise already."""
    pks = [project.pk for project in projects]
    standing = Pause.objects.open().of_any(pks).exclude(client__isnull=False, chosen_codes="")
    for pause in standing.select_related("project", "client", "opened_by").order_by("pk"):
        let_go = pause.releases.values("project")
        shared = pause.named_projects().filter(pk__in=pks).exclude(pk__in=let_go).first()
        if shared is not None:
            advice = "Leave it out, or send an update to that pause instead."
            raise already_paused(shared.code, pause, advice=advice)


def already_paused(code: str, standing: Pause, *, advice: str) -> UnableToPause:
    """The refusal that names the pause which stands in the way."""
    opener = standing.opened_by or "the system"
    return UnableToPause(
        f"{code} is already paused: pause {standing.pk}, {standing.get_state_display().lower()}, "
        f"since {standing.starts_at:%Y-%m-%d %H:%M} UTC, opened by {opener}. {advice}",
        field="target",
    )


def leave_out_the_rest(pause: Pause, *, at: datetime) -> None:
    """Let go from the start every project of the client that a pause of chosen ones does not name."""
    pause.releases.filter(from_the_start=True).delete()
    if not pause.chosen:
        return
    rest = Project.objects.filter(client=pause.client_id).exclude(code__in=pause.chosen)
    PauseRelease.objects.bulk_create(_left_out(pause, project, at=at) for project in rest)


def leave_out_of_chosen_pauses(project: Project, *, at: datetime) -> None:
    """Let a new project go from the start in every pause of chosen projects of its client: it was not chosen."""
    pauses = Pause.objects.filter(client=project.client_id).exclude(chosen_codes="")
    PauseRelease.objects.bulk_create(_left_out(pause, project, at=at) for pause in pauses)


def _left_out(pause: Pause, project: Project, *, at: datetime) -> PauseRelease:
    """Never later than the pause begins, so that not an instant of it counts."""
    return PauseRelease(
        pause=pause, project=project, released_at=min(pause.starts_at, at), by=None, from_the_start=True
    )
