"""Lets work go on on one project of a paused client, while the pause of the rest stands."""

from datetime import datetime

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToResume
from projects.domain.periods import local_day
from projects.models import Pause, PauseRelease, PauseUpdate, Project, User
from projects.models.pauses import PauseState
from projects.operations.estimates import ask_for_estimate
from projects.operations.history import record
from projects.operations.targets import locked_pause, projects_of
from projects.operations.telling import put_on_timeline, tell_of_release


def resume_project(
    *, pause: Pause, project: Project, by: User | None, at: datetime, text: str = ""
) -> PauseRelease:
    """Resume one project of a client's pause from now on, and tell its people; the others stay paused.

    Raises NotAllowed or UnableToResume; then nothing is written.
    """
    if by is not None and not access.may_pause(by, project=project):
        raise NotAllowed("You may resume only projects you lead and clients you own.")
    with transaction.atomic():
        fresh = locked_pause(pause)
        if fresh.client_id is None or project.client_id != fresh.client_id:
            raise UnableToResume("Only a project of a paused client is resumed by itself.", field="project")
        if fresh.state != PauseState.IN_EFFECT or fresh.starts_at >= at:
            raise UnableToResume(
                f"Pause {fresh.pk} is not in effect, so no project of it can be resumed by itself."
            )
        standing = list(projects_of(fresh, day=local_day(at, "UTC")))
        if project not in standing:
            raise UnableToResume(f"Work on {project.code} goes on already.", field="project")
        if len(standing) == 1:
            raise UnableToResume(
                f"{project.code} is the last project of this pause; end the pause itself.", field="project"
            )
        update = put_on_timeline(
            pause=fresh, kind=PauseUpdate.Kind.RELEASED, text=_words(project, text), by=by, at=at
        )
        tell_of_release(pause=fresh, project=project, update=update, text=text.strip(), at=at)
        release = PauseRelease.objects.create(
            pause=fresh, project=project, released_at=at, by=by, text=text.strip()
        )
        ask_for_estimate(pause=fresh, reason="released", at=at)
        record(
            verb="pause.released",
            subject_ref=fresh.ref,
            before={},
            after={"project": project.code},
            by=by,
            at=at,
        )
        return release


def _words(project: Project, text: str) -> str:
    return f"{project.code}. {text.strip()}" if text.strip() else project.code
