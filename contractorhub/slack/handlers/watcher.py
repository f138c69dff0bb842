"""The watcher, off unless a workspace switched it on: a message that sounds like a pause is shown to the leads only."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, to_person
from contractorhub.slack.models import Sighting, WatchedWorkspace
from contractorhub.slack.payloads import Event, plain, slack_id
from contractorhub.slack.people import accounts_of_leads, projects_in
from contractorhub.slack.records import keep_proposal
from contractorhub.slack.watching import sounds_like_a_pause
from projects.models import Pause, Project


def look_at(event: Event, at: datetime) -> Sequence[Call]:
    """Propose a pause to the leads of a project that has none, once a day at most."""
    body = event.body
    channel, text = slack_id(body.get("channel")), plain(body.get("text"))
    if not WatchedWorkspace.objects.filter(team_id=event.team_id).exists() or not sounds_like_a_pause(text):
        return []
    found: list[Call] = []
    for project in projects_in(event.team_id, channel).select_related("client"):
        leads = accounts_of_leads(project, event.team_id)
        if leads and not Pause.objects.open().reaching(project).exists():
            row = _noted(event, project, at)
            found += [_proposal(lead, row, project) for lead in leads] if row else []
    return found


def _noted(event: Event, project: Project, at: datetime) -> Sighting | None:
    body = event.body
    return keep_proposal(
        team_id=event.team_id,
        channel=slack_id(body.get("channel")),
        ts=str(body.get("ts"))[:20],
        author=slack_id(body.get("user")),
        text=plain(body.get("text"))[:3_000],
        project=project,
        at=at,
    )


def _proposal(lead: str, row: Sighting, project: Project) -> Call:
    quoted = row.text[:1_000]
    words = saying.said("desk/proposal", target=project.code, address=row.address, text=quoted)
    opener = saying.button("open_from_proposal", _("Open a pause"), value=str(row.pk), style="primary")
    return to_person(lead, text=words, blocks=saying.shapes([saying.section(words), saying.buttons(opener)]))
