"""Makers of rows for tests: every one gives a row that the database accepts, small and the same each time."""

from tests.factories.estimates import (
    EstimateChunkFactory,
    EstimateRunFactory,
    EstimateWeekFactory,
    LostIncomeEstimateFactory,
)
from tests.factories.hours import HoursEntryFactory, HoursImportFactory, LeaveFactory, work_weeks
from tests.factories.pauses import (
    AcknowledgementFactory,
    ClientPauseFactory,
    PauseExclusionFactory,
    PauseFactory,
    PauseUpdateFactory,
    ScopeReassessmentFactory,
)
from tests.factories.people import ContractorFactory, RoleGrantFactory, UserFactory
from tests.factories.records import AuditEventFactory, JobRunFactory, ReportRunFactory
from tests.factories.work import (
    ClientFactory,
    EngagementFactory,
    OpenSeatFactory,
    ProjectFactory,
    RateFactory,
)

__all__ = [
    "AcknowledgementFactory",
    "AuditEventFactory",
    "ClientFactory",
    "ClientPauseFactory",
    "ContractorFactory",
    "EngagementFactory",
    "EstimateChunkFactory",
    "EstimateRunFactory",
    "EstimateWeekFactory",
    "HoursEntryFactory",
    "HoursImportFactory",
    "JobRunFactory",
    "LeaveFactory",
    "LostIncomeEstimateFactory",
    "OpenSeatFactory",
    "PauseExclusionFactory",
    "PauseFactory",
    "PauseUpdateFactory",
    "ProjectFactory",
    "RateFactory",
    "ReportRunFactory",
    "RoleGrantFactory",
    "ScopeReassessmentFactory",
    "UserFactory",
    "work_weeks",
]
