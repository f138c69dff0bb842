"""What the firm's own people say about any estimate: their past, and what colleagues worked since a pause began."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from django.db.models import F, Max, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from projects.impact.context import FirmContext, build_context
from projects.impact.evidence import peer_evidence
from projects.impact.inputs import PeerEvidence
from projects.models import Engagement, HoursEntry
from projects.queries.panels import HOUR, Ordinals, Sample, panel_of, read_sample

SUBMITTING_PEOPLE = 200
"""So many engagements of a project tell how far its sheets are in."""
SUBMITTING_WEEKS = 5
RECENT_ARRIVAL_WEEKS = 4
"""Somebody this new on a project may be there because of a pause: such hours are no measure of a usual week."""
MOST_PEER_WEEKS = 13
SATURDAY = 5


def submitted_by_project(*, as_of: date) -> dict[int, date]:
    """The last local date with hours of every project, up to `as_of`: later days are not handed in yet, not idle.

    Judged by the project's first 200 engagements that were running within five weeks, in one query.
    """
    since = as_of - timedelta(weeks=SUBMITTING_WEEKS)
    last = (
        HoursEntry.objects.filter(engagement=OuterRef("pk"), worked_on__lte=as_of, worked_on__gt=since)
        .order_by("-worked_on")
        .values("worked_on")[:1]
    )
    numbered = (
        Engagement.objects.overlapping(since, as_of + timedelta(days=1))
        .annotate(place=Window(RowNumber(), partition_by=F("project_id"), order_by=F("pk").asc()))
        .filter(place__lte=SUBMITTING_PEOPLE)
        .values("pk")
    )
    rows = (
        Engagement.objects.filter(pk__in=numbered)
        .annotate(last=Subquery(last))
        .values("project_id")
        .annotate(through=Max("last"))
        .values_list("project_id", "through")
    )
    return {project_id: through for project_id, through in rows if through is not None}


def firm_context(*, origin: date, submitted: Mapping[int, date]) -> FirmContext:
    """Calibrate on the 104 weeks that end at `origin` (exclusive); empty where nobody has worked."""
    sample = read_sample(origin=origin, before=origin, submitted=submitted)
    if not sample.terms:
        return FirmContext.empty(origin)
    projects = sorted({term.project.pk for term in sample.terms})
    panel, shares = panel_of(sample, {pk: place for place, pk in enumerate(projects)})
    return build_context(panel, as_of=origin, projects=[str(pk) for pk in projects], weekday_shares=shares)


def peers_by_country(
    *, origin: date, before: date, context: FirmContext, submitted: Mapping[int, date]
) -> dict[str, PeerEvidence]:
    """What colleagues whom no pause stopped really worked in the whole weeks since `origin`, by their country.

    Weeks end at `before` at the latest, at most thirteen count. People paused, away or without sheets in those weeks
    are left out, and so are recent arrivals. Empty until one week is over.
    """
    weeks = min((before - origin).days // 7, MOST_PEER_WEEKS)
    if weeks < 1 or not context.people:
        return {}
    through = origin + timedelta(weeks=weeks)
    sample = read_sample(origin=origin, before=through, submitted=submitted)
    if not sample.terms:
        return {}
    panel, _ = panel_of(sample, {int(name): place for name, place in context.projects.items()})
    worked, left_out = _since(sample, weeks)
    home = {term.contractor_id: term.country for term in sample.terms}
    countries = np.asarray([home[person] for person in sample.people])
    found = {}
    for country in sorted(set(countries.tolist())):
        chosen = np.flatnonzero(countries == country)
        found[country] = peer_evidence(
            panel.take(chosen), worked[:, chosen], context, left_out=left_out[chosen], origin=origin
        )
    return {country: evidence for country, evidence in found.items() if evidence.people}


def _since(sample: Sample, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Hours of the weeks since the origin [weeks x people], and whose of them say nothing [people]."""
    origin = sample.origin.toordinal()
    worked = np.zeros((weeks, len(sample.people)), np.float32)
    left_out = np.asarray([_is_away(sample.away[person], origin) for person in sample.people])
    arrived = sample.origin - timedelta(weeks=RECENT_ARRIVAL_WEEKS)
    for term in sample.terms:
        history, column = sample.histories[term.pk], sample.column[term.contractor_id]
        days = history.ordinals - origin
        inside = (days >= 0) & (days < 7 * weeks)
        worked[:, column] += np.bincount(days[inside] // 7, history.seconds[inside] / HOUR, weeks)
        left_out[column] |= term.starts_on > arrived
    return worked, left_out


def _is_away(away: Ordinals, origin: int) -> bool:
    """Whether a weekday since the origin does not count: sheets that end on a Friday are whole all the same."""
    since = away[away >= origin]
    return bool(((since + 6) % 7 < SATURDAY).any())
