"""Contractors are linked to Slack by what the workspaces' own lists of members say."""

from typing import Any

import pytest

from notifications.directory import slack_members
from projects.models import AuditEvent, Contractor
from projects.operations.slack_members import take_in_slack_members
from tests.factories import ContractorFactory
from tests.factories.base import NOW
from tests.fakes.slack import running_slack

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_nights_reading_links_whoever_is_a_member_and_leaves_others_own_links_alone(settings: Any) -> None:
    ContractorFactory(email="new@people.example", slack_user_id="")
    ContractorFactory(email="moved@people.example", slack_user_id="U0GONE")
    ContractorFactory(email="own@people.example", slack_user_id="U0OWN")
    ContractorFactory(email="no@people.example", slack_user_id="")
    with running_slack() as slack:
        settings.SLACK_BOT_TOKEN, settings.SLACK_API_URL = slack.token, slack.url
        slack.teams["T0TEST"].members = {
            "new@people.example": "U0NEW",
            "moved@people.example": "U0MOVED",
            "own@people.example": "U0OTHER",
            "private@elsewhere.example": "U0OWN",
        }

        linked = take_in_slack_members(members=slack_members(at=NOW), at=NOW)

    assert linked == 2
    assert dict(Contractor.objects.values_list("email", "slack_user_id")) == {
        "new@people.example": "U0NEW",
        "moved@people.example": "U0MOVED",
        "own@people.example": "U0OWN",
        "no@people.example": "",
    }
    assert AuditEvent.objects.latest("pk").after == {"linked": 2}


def test_a_slack_that_cannot_be_asked_changes_nothing(settings: Any) -> None:
    ContractorFactory(email="new@people.example", slack_user_id="U0OLD")
    settings.SLACK_BOT_TOKEN, settings.SLACK_API_URL = "xoxb-none", "http://127.0.0.1:1/api/"

    assert take_in_slack_members(members=slack_members(at=NOW), at=NOW) == 0

    assert Contractor.objects.get().slack_user_id == "U0OLD"
