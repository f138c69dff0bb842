"""A workspace, a product that it knocks at, and the people in both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from contractorhub.slack import inbox
from contractorhub.slack.models import SlackAccount
from contractorhub.slack.work import dispatch
from notifications.relay import relay
from projects.models import Contractor, Pause, Project, User
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from tests.factories import ClientFactory, ContractorFactory, EngagementFactory, ProjectFactory, UserFactory
from tests.fakes.slack import Post, SlackStandIn, running_slack
from tests.fakes.slack_person import Product, SlackPerson

SECRET = "a signing secret of the tests"


@dataclass
class Firm:
    """Ana works on CHORDUS, which Lea leads; both are members of the workspace, and so is Sam, whom nobody knows."""

    slack: SlackStandIn
    product: Product
    project: Project
    lead: User
    contractor: Contractor

    def person(self, user_id: str) -> SlackPerson:
        """Somebody in front of Slack."""
        return SlackPerson(self.slack, self.product, user_id)

    @property
    def ana(self) -> SlackPerson:
        """The contractor."""
        return self.person("U0ANA")

    @property
    def lea(self) -> SlackPerson:
        """The lead, who has linked her account."""
        return self.person("U0LEA")

    @property
    def sam(self) -> SlackPerson:
        """A member whom we do not know."""
        return self.person("U0SAM")

    def work(self) -> None:
        """What the workers do: everything that is due, events and notices."""
        while inbox.work_on_due(dispatch=dispatch, at=timezone.now()):
            pass

    def relay(self) -> None:
        """Send the notices that wait; mail goes to the console."""
        for _bell in range(6):  # as many bells as there may be batches that were overtaken
            relay(clock=timezone.now)

    def pause(self) -> Pause:
        """Pause CHORDUS, and tell everybody in Slack."""
        at = timezone.now()
        pause = open_pause(
            project=self.project,
            answers=PauseAnswers(
                what_stopped="All work on <!channel> & more.",
                why="The client looks into a security incident.",
                what_happens_to_pay="Hours worked before are paid.",
                what_to_do_now="Ask Lea.",
                next_update_by=at + timedelta(days=2),
            ),
            terms=PauseTerms(reason_code="security_incident"),
            by=self.lead,
            at=at - timedelta(minutes=5),
        )
        self.relay()
        return pause

    def post_in_channel(self) -> Post:
        """The notice in the project's channel."""
        return next(post for post in self.slack.posts if post.channel == "C0CHORDUS")


@pytest.fixture
def firm(settings: Any, transactional_db: None, live_server: LiveServer) -> Iterator[Firm]:
    """The firm, its workspace and the product."""
    with running_slack() as slack:
        settings.SLACK_API_URL, settings.SLACK_BOT_TOKEN = slack.url, slack.token
        settings.SLACK_SIGNING_SECRET = SECRET
        settings.SLACK_CLIENT_ID, settings.SLACK_CLIENT_SECRET = slack.client
        lead = UserFactory.make(email="lea@firm.example", name="Lea")
        login = UserFactory.make(email="ana@people.example", name="Ana")
        project = ProjectFactory.make(
            client=ClientFactory.make(code="ORION", name="Orion"),
            code="CHORDUS",
            name="Chords",
            slack_channel="C0CHORDUS",
            leads=[lead],
        )
        contractor = ContractorFactory.make(
            name="Ana", email="ana@people.example", user=login, slack_user_id="U0ANA"
        )
        EngagementFactory.make(contractor=contractor, project=project)
        SlackAccount.objects.create(
            team_id="T0TEST", slack_user_id="U0LEA", user=lead, linked_at=timezone.now()
        )
        yield Firm(slack, Product(live_server.url, SECRET), project, lead, contractor)
