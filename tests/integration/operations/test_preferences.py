"""Contractors choose how they are told of things, and cannot cut themselves off from news that work stops."""

from datetime import time
from typing import Any

import pytest

from notifications.messages import Channel
from notifications.preferences import Category, Preferences, QuietHours, Way
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import AuditEvent, Contractor
from projects.operations.people_settings import set_preferences
from projects.queries.own_preferences import own_preferences
from tests.factories.base import NOW
from tests.factories.people import ContractorFactory, UserFactory

pytestmark = pytest.mark.django_db

NIGHT = QuietHours(time(22), time(7))
MUTED = {(Category.UPDATE, Channel.EMAIL): Way.NEVER}


@pytest.fixture
def ana(settings: Any) -> Contractor:
    """Somebody with a login whom email and Slack reach."""
    settings.SLACK_BOT_TOKEN = "xoxb-test"
    return ContractorFactory.create(user=UserFactory.create())


def choose(contractor: Contractor, **wishes: Any) -> Preferences:
    """Set preferences as the contractor themselves."""
    chosen = {"ways": {}, "quiet_hours": None, "digest_at": None, **wishes}
    assert contractor.user is not None
    return set_preferences(contractor=contractor, by=chosen.pop("by", contractor.user), at=NOW, **chosen)


def test_who_never_chose_hears_everything_at_once_on_every_channel(ana: Contractor) -> None:
    shown = own_preferences(ana)

    assert shown.channels == (Channel.EMAIL, Channel.SLACK_DM)
    assert {way for choice in shown.choices for way in choice.ways.values()} == {Way.ALWAYS}
    assert [choice.is_critical for choice in shown.choices] == [True, False]


def test_what_was_chosen_is_shown_again_and_leaves_one_audit_row(ana: Contractor) -> None:
    for _time in range(2):
        choose(ana, ways=MUTED, quiet_hours=NIGHT, digest_at=time(8, 30))

    shown = own_preferences(ana)
    assert shown.choices[1].ways == {Channel.EMAIL: Way.NEVER, Channel.SLACK_DM: Way.ALWAYS}
    assert (shown.quiet_hours, shown.digest_at) == (NIGHT, time(8, 30))
    assert AuditEvent.objects.filter(verb="contractor.preferences_set").count() == 1


def test_choosing_the_usual_again_forgets_the_choice(ana: Contractor) -> None:
    choose(ana, ways=MUTED)

    assert choose(ana, ways={(Category.UPDATE, Channel.EMAIL): Way.ALWAYS}) == Preferences()


@pytest.mark.parametrize("way", [Way.NEVER, Way.IF_NEEDED])
def test_critical_news_keeps_one_channel(ana: Contractor, way: Way) -> None:
    ways = {(Category.CRITICAL, Channel.EMAIL): way, (Category.CRITICAL, Channel.SLACK_DM): Way.NEVER}

    with pytest.raises(UnableToEngage, match="at least one channel") as refusal:
        choose(ana, ways=ways)

    assert refusal.value.field == "ways"
    assert not AuditEvent.objects.exists()


def test_without_slack_email_cannot_be_muted_for_critical_news(ana: Contractor) -> None:
    ana.slack_user_id = ""

    with pytest.raises(UnableToEngage):
        choose(ana, ways={(Category.CRITICAL, Channel.EMAIL): Way.NEVER})


def test_quiet_hours_without_length_and_other_channels_are_refused(ana: Contractor) -> None:
    with pytest.raises(UnableToEngage, match="different end"):
        choose(ana, quiet_hours=QuietHours(time(7), time(7)))
    with pytest.raises(UnableToEngage, match="email and Slack"):
        choose(ana, ways={(Category.UPDATE, Channel.WEBHOOK): Way.NEVER})


def test_nobody_chooses_for_somebody_else(ana: Contractor) -> None:
    with pytest.raises(NotAllowed):
        choose(ana, by=UserFactory.create())
