"""Makes pauses that answer all six questions, what was said about them, and scope reassessments."""

from datetime import timedelta

import factory

from projects.models import Acknowledgement, Pause, PauseExclusion, PauseUpdate, ScopeReassessment
from projects.models.pauses import PauseState, ReasonCode
from tests.factories.base import NOW, RowFactory
from tests.factories.people import ContractorFactory, UserFactory
from tests.factories.work import ClientFactory, ProjectFactory


class PauseFactory(RowFactory[Pause]):
    """A full pause of one project, in effect since `NOW`, next word in two days.

    `state=PauseState.ENDED` (with `ends_at`) or `VOID` closes it; `ClientPauseFactory` pauses a whole client.
    """

    class Meta:
        model = Pause

    project = factory.SubFactory(ProjectFactory)
    state = PauseState.IN_EFFECT
    starts_at = NOW
    ends_at = None
    reason_code = ReasonCode.SECURITY_INCIDENT
    what_stopped = "All work on the project."
    why = "The client is looking into a security incident."
    what_happens_to_pay = "Hours worked before this notice are paid."
    next_update_by = factory.LazyAttribute(lambda pause: pause.starts_at + timedelta(days=2))
    what_to_do_now = "Stop logging hours and ask your lead about other work."
    opened_by = factory.SubFactory(UserFactory)
    opened_at = factory.SelfAttribute("starts_at")
    notice_sent_at = factory.SelfAttribute("starts_at")
    closed_at = factory.LazyAttribute(
        lambda pause: (
            (pause.ends_at or pause.starts_at) if pause.state in {PauseState.ENDED, PauseState.VOID} else None
        )
    )


class ClientPauseFactory(PauseFactory):
    """The same for every project of a client."""

    project = None
    client = factory.SubFactory(ClientFactory)


class PauseExclusionFactory(RowFactory[PauseExclusion]):
    """Somebody who keeps working through a pause."""

    class Meta:
        model = PauseExclusion

    pause = factory.SubFactory(PauseFactory)
    contractor = factory.SubFactory(ContractorFactory)
    reason = "Hands the data back to the client."


class PauseUpdateFactory(RowFactory[PauseUpdate]):
    """One word on the timeline of a pause."""

    class Meta:
        model = PauseUpdate

    pause = factory.SubFactory(PauseFactory)
    kind = PauseUpdate.Kind.UPDATED
    text = "The client has begun its review."
    next_update_by = NOW + timedelta(days=2)
    at = NOW
    by = factory.SubFactory(UserFactory)


class AcknowledgementFactory(RowFactory[Acknowledgement]):
    """Somebody who has opened the news of a pause."""

    class Meta:
        model = Acknowledgement

    pause = factory.SubFactory(PauseFactory)
    contractor = factory.SubFactory(ContractorFactory)
    opened_at = NOW
    via = "portal"


class ScopeReassessmentFactory(RowFactory[ScopeReassessment]):
    """A reassessment that is under way."""

    class Meta:
        model = ScopeReassessment

    project = factory.SubFactory(ProjectFactory)
    what_it_means = "The client is deciding which tasks go on; nothing changes until then."
    next_update_by = NOW + timedelta(days=2)
    started_at = NOW
    started_by = factory.SubFactory(UserFactory)
