"""Lets contractors choose for themselves: language, clock, and how they are told of things."""

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.messages import Channel
from notifications.preferences import PERSONAL_CHANNELS, Category, Preferences, QuietHours, Way, is_reachable
from notifications.returns import unsubscribe
from notifications.unsubscribing import MuteWish
from notifications.wishes import keep_wishes, wishes_of_one
from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.domain.money import is_currency
from projects.models import Contractor, User
from projects.operations.history import record
from projects.queries.own_preferences import channels_reaching, contractor_key


def choose_how_to_read(
    *,
    contractor: Contractor,
    locale: str,
    time_zone: str,
    display_currency: str,
    offered: Collection[str],
    by: User,
    at: datetime,
) -> Contractor:
    """Keep the language (one of `offered`), the time zone and the currency in which amounts are shown as well.

    Asking for what already holds writes nothing; an empty currency shows amounts as they are paid. A region that was
    known stays with the same language: somebody with `en-PH` who keeps English keeps `en-PH`.
    Raises UnableToEngage, naming the field, for a language, zone or currency we do not know.
    """
    if locale not in offered:
        raise UnableToEngage(_("Choose one of the languages in the list."), field="locale")
    if time_zone not in available_timezones():
        raise UnableToEngage(_("Choose a time zone from the list, such as Asia/Manila."), field="time_zone")
    if display_currency and not is_currency(display_currency):
        raise UnableToEngage(_("Choose a currency from the list."), field="display_currency")
    with transaction.atomic():
        fresh = Contractor.objects.select_for_update().get(pk=contractor.pk)
        kept = fresh.locale if fresh.locale.replace("_", "-").split("-")[0] == locale else locale
        after = {"locale": kept, "time_zone": time_zone, "display_currency": display_currency}
        before = {name: getattr(fresh, name) for name in after}
        if before == after:
            return fresh
        Contractor.objects.filter(pk=fresh.pk).update(**after)
        fresh.refresh_from_db()
        record(
            verb="contractor.settings_chosen",
            subject_ref=f"contractor:{fresh.pk}",
            before=before,
            after=after,
            by=by,
            at=at,
        )
        return fresh


def set_preferences(
    *,
    contractor: Contractor,
    ways: Mapping[tuple[Category, Channel], Way],
    quiet_hours: QuietHours | None,
    digest_at: time | None,
    by: User,
    at: datetime,
) -> Preferences:
    """Keep how a contractor wishes to be told of things; the same wishes again write nothing.

    For a page: show `queries.own_preferences.own_preferences(contractor)`, and pass back what was chosen there:

    - `ways` names a way for each (category, channel) shown; what it does not name stays as it is. `ALWAYS` is at
      once, `IF_NEEDED` only when another channel failed or nothing was opened for some hours, `NEVER` is muted.
    - `quiet_hours` on the contractor's own clock hold back what is not critical; None for no quiet hours.
    - `digest_at` gathers what is not critical into one message a day at that time; None for each as it comes.

    Raises NotAllowed for anybody but the contractor and operations; UnableToEngage, with `field` one of `ways` and
    `quiet_hours`, when critical news would come on no channel at once, or the quiet hours have no length.
    """
    if contractor.user_id != by.pk and not access.is_operations(by):
        raise NotAllowed("Only the contractor chooses how they are told of things.")
    if quiet_hours is not None and quiet_hours.starts_at == quiet_hours.ends_at:
        raise UnableToEngage(_("Quiet hours need a beginning and a different end."), field="quiet_hours")
    if any(channel not in PERSONAL_CHANNELS for _category, channel in ways):
        raise UnableToEngage("Choose among email and Slack messages.", field="ways")
    key = contractor_key(contractor)
    with transaction.atomic():
        Contractor.objects.select_for_update().get(pk=contractor.pk)
        before = wishes_of_one(key)
        # At once is the default and is not kept, so that equal wishes are equal values.
        chosen = {place: way for place, way in {**before.ways, **ways}.items() if way != Way.ALWAYS}
        wishes = Preferences(ways=chosen, quiet_hours=quiet_hours, digest_at=digest_at)
        if not is_reachable(Category.CRITICAL, channels_reaching(contractor), wishes):
            raise UnableToEngage(
                _("Keep at least one channel on which you hear at once when work stops or goes on."),
                field="ways",
            )
        if wishes != before:
            keep_wishes(key, wishes, at=at)
            record(
                verb="contractor.preferences_set",
                subject_ref=key,
                before=_told(before),
                after=_told(wishes),
                by=by,
                at=at,
            )
        return wishes


def unsubscribe_by_link(*, wish: MuteWish, at: datetime) -> None:
    """Mute what a signed link of a mail names, for whoever it was sent to; a second click changes nothing."""
    with transaction.atomic():
        before = wishes_of_one(wish.recipient_key)
        unsubscribe(recipient_key=wish.recipient_key, category=wish.category, channel=wish.channel, at=at)
        after = wishes_of_one(wish.recipient_key)
        if after != before:
            record(
                verb="recipient.unsubscribed",
                subject_ref=wish.recipient_key,
                before=_told(before),
                after=_told(after),
                by=None,
                at=at,
            )


def _told(wishes: Preferences) -> dict[str, Any]:
    """Wishes as the audit trail keeps them."""
    quiet = wishes.quiet_hours
    return {
        "ways": {
            f"{category}:{channel}": way.value for (category, channel), way in sorted(wishes.ways.items())
        },
        "quiet_hours": [quiet.starts_at.isoformat(), quiet.ends_at.isoformat()] if quiet else None,
        "digest_at": wishes.digest_at.isoformat() if wishes.digest_at else None,
    }


def reach_in_slack(*, contractor: Contractor, address: str, by: User, at: datetime) -> None:
    """Keep where in Slack a contractor is reached: `U0123`, or `T0123/U0123` with several workspaces.

    One Slack member is one person: an older row with the same address was mistaken, and loses it.
    """
    with transaction.atomic():
        Contractor.objects.filter(slack_user_id=address).exclude(pk=contractor.pk).update(slack_user_id="")
        Contractor.objects.filter(pk=contractor.pk).update(slack_user_id=address)
        record(
            verb="contractor.slack_linked",
            subject_ref=contractor_key(contractor),
            before={"is_linked": bool(contractor.slack_user_id)},
            after={"is_linked": True},
            by=by,
            at=at,
        )
