"""What a pause of a whole client reaches, as a tree: the client, its projects, and how each stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from projects.domain.periods import local_day
from projects.models import Client, Pause, Project
from projects.queries.previews import PausePreview
from projects.queries.recipients import engagements_reached


@dataclass(frozen=True, slots=True)
class Branch:
    """One project under a paused client: how many people it stops there, or why it does not."""

    project: Project
    people: int
    has_ended: bool
    released_at: datetime | None
    own_pause: Pause | None

    @property
    def is_stopped(self) -> bool:
        """Whether the pause of the client stops work here."""
        return not self.has_ended and self.released_at is None


@dataclass(frozen=True, slots=True)
class Cascade:
    """A client and its projects, or those that were chosen; people on several are one person and hear once."""

    client: Client
    is_whole: bool
    people: int
    branches: tuple[Branch, ...]

    @property
    def told_once(self) -> int:
        """How many notices are saved because somebody works on more than one of these projects."""
        return sum(branch.people for branch in self.branches if branch.is_stopped) - self.people


def cascade_of(pause: Pause, preview: PausePreview) -> Cascade | None:
    """The tree of a draft from what its preview counted; None for a pause of one project."""
    if pause.client is None:
        return None
    people = {counted.name: counted.people for counted in preview.projects}
    return _cascade(pause, people=people, total=preview.people, at=preview.starts_at)


def cascade_now(pause: Pause, *, at: datetime) -> Cascade | None:
    """The tree of an open pause as it stands; None for a pause of one project."""
    if pause.client is None:
        return None
    reached = engagements_reached(pause).order_by()
    people = dict(reached.values_list("project__code").annotate(Count("contractor", distinct=True)))
    total = reached.values("contractor").distinct().count()
    return _cascade(pause, people=people, total=total, at=at)


def _cascade(pause: Pause, *, people: Mapping[str, int], total: int, at: datetime) -> Cascade | None:
    if pause.client is None:
        return None
    projects = list(pause.named_projects())
    released = dict(pause.releases.values_list("project", "released_at")) if pause.pk else {}
    own = {row.project_id: row for row in Pause.objects.open().filter(project__in=projects)}
    return Cascade(
        client=pause.client,
        is_whole=not pause.chosen,
        people=total,
        branches=tuple(
            Branch(
                project=project,
                people=people.get(project.code, 0),
                has_ended=project.ended_on is not None
                and project.ended_on <= local_day(at, project.time_zone),
                released_at=released.get(project.pk),
                own_pause=own.get(project.pk),
            )
            for project in projects
        ),
    )
