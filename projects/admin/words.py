"""Values into words for the desk: instants on a project's clock, hours, rates, links, and how far off a time is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.domain.money import format_rate
from projects.models import Client, Pause, Project, Rate
from projects.models.work import PayBasis

HOUR = 3600


def zone_of(target: Pause | Project | Client) -> str:
    """The clock a target is told on: the project's own, for several the one most of them keep."""
    if isinstance(target, Project):
        return target.time_zone
    if isinstance(target, Pause):
        return target.project.time_zone if target.project else clock_of(target.named_projects())
    return clock_of(target.projects.all())


def clock_of(projects: Iterable[Project]) -> str:
    """The clock that most of these projects keep."""
    zones = [project.time_zone for project in projects]
    return max(sorted(set(zones)), key=zones.count) if zones else "UTC"


def far_off(instant: datetime, *, at: datetime) -> str:
    """How far an instant lies ahead or behind: “in 3 hours”, “2 days ago”."""
    gap = instant - at
    span = _span(abs(gap))
    return _("in %(span)s") % {"span": span} if gap >= timedelta() else _("%(span)s ago") % {"span": span}


def _span(gap: timedelta) -> str:
    minutes = round(gap / timedelta(minutes=1))
    if minutes < 90:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def hours_words(seconds: int | None) -> str:
    """Seconds as hours: 144000 is “40 h”; a dash where nothing is agreed."""
    return "–" if seconds is None else f"{seconds / HOUR:g} h"


def rate_words(rate: Rate | None) -> str:
    """A rate with what it pays for: “$21.50 an hour”."""
    if rate is None:
        return "–"
    return rate_sentence(rate.amount_millionths, rate.currency, rate.basis)


def rate_sentence(millionths: int, currency: str, basis: str) -> str:
    """An amount in millionths with its basis in words."""
    return _("%(amount)s per %(basis)s") % {
        "amount": format_rate(millionths, currency),
        "basis": PayBasis(basis).label,
    }


def link(address: str, words: str) -> SafeString:
    """A link to an address of our own."""
    return format_html('<a href="{}">{}</a>', address, words)


def composer_address(target: Project | Client) -> str:
    """Where a pause of this target is composed."""
    kind = "project" if isinstance(target, Project) else "client"
    return f"{reverse('admin:projects_pause_add')}?{kind}={target.pk}"


def composer_address_of(projects: Sequence[Project]) -> str:
    """Where one pause of these projects is composed."""
    chosen = urlencode([("project", project.pk) for project in projects])
    return f"{reverse('admin:projects_pause_add')}?{chosen}"


def counted(number: int) -> str:
    """A number as the reader's language groups it."""
    return str(formats.number_format(number, use_l10n=True, force_grouping=True))
