"""The record: every row the business keeps, with the constraints that guard it."""

from projects.models.calendars import CalendarDay, WorkingWeek
from projects.models.clients import Client
from projects.models.corrections import Correction, CorrectionPaper
from projects.models.desk import AnswerTemplate, Approval, DraftHand, MinimumPay, ToldByHand
from projects.models.estimates import EstimateChunk, EstimateRun, EstimateWeek, LostIncomeEstimate
from projects.models.history import AuditEvent, AuditHead
from projects.models.hours import HoursDecision, HoursEntry, HoursImport, Leave
from projects.models.imports import Alias, Compaction, ReplacedHours, SavedMapping, UnmatchedHours, Upload
from projects.models.jobs import JobRun
from projects.models.pauses import Acknowledgement, Pause, PauseExclusion, PauseRelease, PauseUpdate
from projects.models.people import Contractor, RoleGrant, User
from projects.models.periods import AccountingPeriod, PeriodLine
from projects.models.personal import CalendarLink, ErasureRequest
from projects.models.rates import ExchangeRate
from projects.models.reads import PayRead
from projects.models.reports import ReportBlock, ReportRun
from projects.models.schedules import ReportSchedule, ReportSending
from projects.models.scope import ScopeReassessment
from projects.models.seats import Candidacy, ContractorSkill, OpenSeat
from projects.models.statements import Statement
from projects.models.work import Engagement, Project, Rate

__all__ = [
    "AccountingPeriod",
    "Acknowledgement",
    "Alias",
    "AnswerTemplate",
    "Approval",
    "AuditEvent",
    "AuditHead",
    "CalendarDay",
    "CalendarLink",
    "Candidacy",
    "Client",
    "Compaction",
    "Contractor",
    "ContractorSkill",
    "Correction",
    "CorrectionPaper",
    "DraftHand",
    "Engagement",
    "ErasureRequest",
    "EstimateChunk",
    "EstimateRun",
    "EstimateWeek",
    "ExchangeRate",
    "HoursDecision",
    "HoursEntry",
    "HoursImport",
    "JobRun",
    "Leave",
    "LostIncomeEstimate",
    "MinimumPay",
    "OpenSeat",
    "Pause",
    "PauseExclusion",
    "PauseRelease",
    "PauseUpdate",
    "PayRead",
    "PeriodLine",
    "Project",
    "Rate",
    "ReplacedHours",
    "ReportBlock",
    "ReportRun",
    "ReportSchedule",
    "ReportSending",
    "RoleGrant",
    "SavedMapping",
    "ScopeReassessment",
    "Statement",
    "ToldByHand",
    "UnmatchedHours",
    "Upload",
    "User",
    "WorkingWeek",
]
