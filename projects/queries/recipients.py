"""Who hears of a fact, on which channels, with the personal words that each one's notice is filled with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Final

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.messages import Channel, Recipient
from notifications.workspaces import is_slack_connected
from projects.domain.periods import local_day
from projects.models import Contractor, Engagement, Pause, PauseExclusion, PauseRelease, Project, User
from projects.wording import format_instant

OpenWork = Callable[[int, str, str], str]
"""From (contractor, country, language) to the open seats that fit them, in words."""
NO_LONGER_ENGAGED = "no longer engaged on the project"
_PERSON: Final = "contractor:"


def engagements_reached(pause: Pause) -> QuerySet[Engagement]:
    """Engagements that a pause stops: on its projects, sharing a day with it, of nobody excluded.

    Days are counted in UTC here with a day to spare at both ends; the estimate counts in each project's zone.
    """
    on_target = Q(project=pause.project_id) if pause.project_id else Q(project__client=pause.client_id)
    first_day = local_day(pause.starts_at, "UTC")
    last_day = local_day(pause.ends_at, "UTC") if pause.ends_at else None
    excluded = PauseExclusion.objects.filter(pause=pause.pk).values("contractor")
    rows = Engagement.objects.filter(on_target).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first_day))
    released = PauseRelease.objects.filter(pause=pause.pk).values("project")
    rows = rows.filter(
        Q(project__ended_on__isnull=True) | Q(project__ended_on__gt=first_day),
    ).exclude(contractor__in=excluded)
    rows = rows.exclude(project__in=released) if pause.client_id else rows
    return rows if last_day is None else rows.filter(starts_on__lte=last_day)


def contractors_reached(pause: Pause) -> QuerySet[Contractor]:
    """The people a pause stops, each once."""
    return Contractor.objects.filter(pk__in=engagements_reached(pause).values("contractor"))


def recipients_of_pause(
    pause: Pause, projects: Sequence[Project], *, open_work: OpenWork | None = None
) -> Iterator[Recipient]:
    """The channel of each project first, then every person the pause stops, with the open work that fits them."""
    times = {"since": pause.starts_at, "until": pause.ends_at, "next_word": pause.next_update_by}
    yield from channel_recipients(projects, times)
    yield from people_recipients(contractors_reached(pause), times, open_work=open_work)


def recipients_of_project(
    project: Project, *, day: date, times: Mapping[str, datetime | None]
) -> Iterator[Recipient]:
    """The project's channel, then everybody engaged on it on or after `day`."""
    yield from channel_recipients([project], times)
    engaged = Engagement.objects.filter(project=project).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    yield from people_recipients(Contractor.objects.filter(pk__in=engaged.values("contractor")), times)


def people_recipients(
    contractors: QuerySet[Contractor],
    times: Mapping[str, datetime | None],
    *,
    open_work: OpenWork | None = None,
) -> Iterator[Recipient]:
    """One recipient a person, streamed in the order of their keys; `open_work` says which open seats fit them."""
    local_times, is_connected = _local_times(times), is_slack_connected()
    # A Slack address stays sealed as it lies: only who sends to it opens it.
    columns = contractors.order_by("pk").values_list(
        "pk", "name", "email", Cast("slack_user_id", CharField()), "locale", "time_zone", "country"
    )
    for pk, name, email, slack_address, locale, time_zone, country in columns.iterator(chunk_size=5_000):
        addresses = {Channel.EMAIL: email}
        if slack_address and is_connected:
            addresses[Channel.SLACK_DM] = slack_address
        fields = {"name": name, **local_times(locale, time_zone)}
        if open_work is not None:
            fields["open_work"] = open_work(pk, country, locale)
        yield Recipient(
            key=f"{_PERSON}{pk}",
            name=name,
            locale=locale,
            time_zone=time_zone,
            addresses=addresses,
            fields=fields,
        )


def channel_recipients(
    projects: Sequence[Project], times: Mapping[str, datetime | None]
) -> Iterator[Recipient]:
    """One recipient a project that has a Slack channel; none while Slack is not connected."""
    if not is_slack_connected():
        return
    local_times = _local_times(times)
    for project in projects:
        if project.slack_channel:
            with override("en"):
                everybody = _("everybody")
            yield Recipient(
                key=f"project:{project.pk}",
                name=project.name,
                locale="en",
                time_zone=project.time_zone,
                addresses={Channel.SLACK_CHANNEL: project.slack_channel},
                fields={"name": everybody, **local_times("en", project.time_zone)},
            )


def user_recipients(users: QuerySet[User], times: Mapping[str, datetime | None]) -> Iterator[Recipient]:
    """One recipient a person at a desk, by email; their clock is not on record, so instants are told in UTC."""
    told = _local_times(times)("en", "UTC")
    for user in users.distinct().order_by("pk"):
        yield Recipient(
            key=f"user:{user.pk}",
            name=user.name or user.email,
            locale="en",
            time_zone="UTC",
            addresses={Channel.EMAIL: user.email},
            fields={"name": user.get_short_name(), **told},
        )


def locales_of(contractors: QuerySet[Contractor]) -> frozenset[str]:
    """The languages these people read."""
    return frozenset(contractors.order_by().values_list("locale", flat=True).distinct())


def reasons_no_longer_due(subject_ref: str, keys: Sequence[str]) -> Mapping[str, str]:
    """Say, just before sending, which of these recipients no longer are to hear of a subject, and why.

    Ended, void and superseded pauses withdraw their notices in their own transaction; what can change
    without one is whether the person is still engaged.
    """
    subject, _sep, pause_id = subject_ref.partition(":")
    asked = {int(key.removeprefix(_PERSON)) for key in keys if key.startswith(_PERSON)}
    pause = Pause.objects.filter(pk=pause_id).first() if asked and subject == "pause" else None
    if pause is None:
        return {}
    # A batch holds people in the order of their keys: a range asks the same as hundreds of names.
    near = engagements_reached(pause).filter(contractor__gte=min(asked), contractor__lte=max(asked))
    reached = set(near.order_by().values_list("contractor", flat=True))
    return {f"{_PERSON}{gone}": NO_LONGER_ENGAGED for gone in asked - reached}


def _local_times(times: Mapping[str, datetime | None]) -> Callable[[str, str], dict[str, str]]:
    """Return a function that tells these instants on the clock of a zone, each zone and language reckoned once."""

    @cache
    def told(locale: str, time_zone: str) -> dict[str, str]:
        with override(locale):
            unknown = _("not known yet")
            return {
                name: format_instant(instant, time_zone, locale) if instant else unknown
                for name, instant in times.items()
            }

    return told
