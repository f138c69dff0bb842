"""What a pause or reassessment is aimed at: its projects, locked in one order so that two writers queue."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from projects.models import Client, Pause, Project


def locked_target(*, project: Project | None, client: Client | None) -> Project | Client:
    """Lock and return the fresh row of the one target that is given; SQLite's IMMEDIATE transaction already holds it.

    Raises ValueError unless exactly one is given.
    """
    if (project is None) == (client is None):
        raise ValueError("A pause is aimed at one project or one client.")
    lock = connection.features.has_select_for_update
    if project is not None:
        rows = Project.objects.select_related("client")
        return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=project.pk)
    assert client is not None  # noqa: S101 - the check above leaves nothing else
    clients = Client.objects.all()
    return (clients.select_for_update() if lock else clients).get(pk=client.pk)


def locked_pause(pause: Pause) -> Pause:
    """Lock and return the fresh row of a pause with its target."""
    rows = Pause.objects.select_related("project", "project__client", "client")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.get(pk=pause.pk)


def projects_of(pause: Pause, *, day: date) -> Sequence[Project]:
    """The projects a pause stops: its own, or its client's that neither ended by `day` nor were let go."""
    if pause.project is not None:
        return [pause.project]
    rows = Project.objects.filter(client=pause.client_id).running_on(day)
    return list(rows.exclude(releases__pause=pause.pk).order_by("code"))
