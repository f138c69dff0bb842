"""A project with people on it, its lead, and what a lead types when the client stops work."""

from datetime import timedelta

import pytest

from projects.models import Project, User
from projects.operations.pauses import PauseAnswers, PauseTerms
from tests.factories import (
    ContractorFactory,
    EngagementFactory,
    ProjectFactory,
    RateFactory,
    UserFactory,
    work_weeks,
)
from tests.factories.base import NOW


@pytest.fixture
def lead() -> User:
    """Somebody who leads the project."""
    return UserFactory.make(name="Lea Moreno", is_staff=True)


@pytest.fixture
def project(lead: User) -> Project:
    """A project with three people on it who worked for a quarter."""
    project = ProjectFactory.make(code="CHORDUS", name="Chordus", leads=[lead])
    for _ in range(3):
        engagement = EngagementFactory.make(project=project, contractor=ContractorFactory.make())
        RateFactory.make(engagement=engagement)
        work_weeks(engagement)
    return project


@pytest.fixture
def answers() -> PauseAnswers:
    """All six answers but the first instant."""
    return PauseAnswers(
        what_stopped="All annotation work.",
        why="The client is checking a security incident.",
        what_happens_to_pay="Hours you already worked are paid as usual.",
        what_to_do_now="Please do not log new hours.",
        next_update_by=NOW + timedelta(days=2),
        confidential_note="Breach at vendor Blackbird.",
    )


@pytest.fixture
def terms() -> PauseTerms:
    """A full pause from now on."""
    return PauseTerms(reason_code="security_incident")
