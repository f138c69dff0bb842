"""Addresses of the API, version 1."""

from django.urls import URLPattern, path, re_path, register_converter
from django.urls.converters import IntConverter

from contractorhub.api.views import (
    approvals,
    calendars,
    closing,
    docs,
    hours,
    hours_lock,
    intake,
    pauses,
    reports,
    seats,
    tokens,
    webhooks,
    work,
)
from contractorhub.api.views.base import NothingHere


class _Key(IntConverter):
    """A row's number, of no more digits than a database's key has."""

    regex = "[0-9]{1,18}"


register_converter(_Key, "key")
app_name = "api"
urlpatterns: list[URLPattern] = [
    path("me/", work.Me.as_view(), name="me"),
    path("clients/", work.ClientList.as_view(), name="clients"),
    path("clients/<str:code>/", work.ClientDetail.as_view(), name="client"),
    path("projects/", work.ProjectList.as_view(), name="projects"),
    path("projects/<str:code>/", work.ProjectDetail.as_view(), name="project"),
    path("engagements/", work.EngagementList.as_view(), name="engagements"),
    path("engagements/<uuid:public_id>/", work.EngagementDetail.as_view(), name="engagement"),
    path("engagements/<uuid:public_id>/rates/", work.EngagementRates.as_view(), name="engagement-rates"),
    path("engagements/<uuid:public_id>/end/", work.EndEngagement.as_view(), name="engagement-end"),
    path("contractors/", work.ContractorList.as_view(), name="contractors"),
    path("contractors/<uuid:public_id>/", work.ContractorDetail.as_view(), name="contractor"),
    path("open-seats/", seats.OpenSeatList.as_view(), name="open-seats"),
    path("open-seats/<key:pk>/", seats.OpenSeatDetail.as_view(), name="open-seat"),
    path("open-seats/<key:pk>/close/", seats.CloseSeat.as_view(), name="open-seat-close"),
    path("open-seats/<key:pk>/candidates/", seats.SeatCandidates.as_view(), name="open-seat-candidates"),
    path("open-seats/<key:pk>/interest/", seats.SeatInterest.as_view(), name="open-seat-interest"),
    path("open-seats/<key:pk>/offer/", seats.OfferSeat.as_view(), name="open-seat-offer"),
    path("candidacies/", seats.CandidacyList.as_view(), name="candidacies"),
    path("candidacies/<key:pk>/", seats.CandidacyDetail.as_view(), name="candidacy"),
    path("candidacies/<key:pk>/<str:act>/", seats.CandidacyAct.as_view(), name="candidacy-act"),
    path("reassessments/", work.ReassessmentList.as_view(), name="reassessments"),
    path("reassessments/<key:pk>/", work.ReassessmentDetail.as_view(), name="reassessment"),
    path("reassessments/<key:pk>/decide/", work.DecideReassessment.as_view(), name="reassessment-decide"),
    path("estimates/", work.EstimateList.as_view(), name="estimates"),
    path("pauses/", pauses.PauseList.as_view(), name="pauses"),
    path("pauses/<uuid:public_id>/", pauses.PauseDetail.as_view(), name="pause"),
    path("pauses/<uuid:public_id>/updates/", pauses.PauseUpdates.as_view(), name="pause-updates"),
    path("pauses/<uuid:public_id>/deliveries/", pauses.PauseDeliveries.as_view(), name="pause-deliveries"),
    path("pauses/<uuid:public_id>/resume/", pauses.ResumePause.as_view(), name="pause-resume"),
    path("pauses/<uuid:public_id>/release/", pauses.ReleaseProject.as_view(), name="pause-release"),
    path("pauses/<uuid:public_id>/void/", pauses.VoidPause.as_view(), name="pause-void"),
    path("pauses/<uuid:public_id>/acknowledge/", pauses.AcknowledgePause.as_view(), name="pause-acknowledge"),
    path("approvals/", approvals.ApprovalList.as_view(), name="approvals"),
    path("approvals/<key:pk>/", approvals.ApprovalDetail.as_view(), name="approval"),
    path("approvals/<key:pk>/approve/", approvals.Approve.as_view(), name="approval-approve"),
    path("approvals/<key:pk>/send-back/", approvals.SendBack.as_view(), name="approval-send-back"),
    path("calendars/days-off/", calendars.DaysOff.as_view(), name="days-off"),
    path("calendars/days/", calendars.CalendarDayList.as_view(), name="calendar-days"),
    path("calendars/days/<key:pk>/", calendars.CalendarDayDetail.as_view(), name="calendar-day"),
    path("calendars/weeks/", calendars.WorkingWeekList.as_view(), name="working-weeks"),
    path("hours/", hours.HoursList.as_view(), name="hours"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/<slug:name>/", reports.ReportDetail.as_view(), name="report"),
    path("periods/", closing.PeriodList.as_view(), name="periods"),
    path("schedules/", closing.ScheduleList.as_view(), name="schedules"),
    path("schedules/<uuid:public_id>/", closing.ScheduleDetail.as_view(), name="schedule"),
    path(
        "schedules/<uuid:public_id>/sendings/", closing.ScheduleSendings.as_view(), name="schedule-sendings"
    ),
    path("schedules/<uuid:public_id>/<str:act>/", closing.ScheduleAct.as_view(), name="schedule-act"),
    path("corrections/", closing.CorrectionList.as_view(), name="corrections"),
    path(
        "corrections/<uuid:public_id>/withdraw/",
        closing.WithdrawCorrection.as_view(),
        name="correction-withdraw",
    ),
    path("corrections/<uuid:public_id>/<str:act>/", closing.CorrectionAct.as_view(), name="correction-act"),
    path("hours/bulk/", intake.HoursBulk.as_view(), name="hours-bulk"),
    path("roster/bulk/", intake.RosterBulk.as_view(), name="roster-bulk"),
    path("imports/", intake.UploadList.as_view(), name="imports"),
    path("imports/<uuid:public_id>/", intake.UploadDetail.as_view(), name="import"),
    path("imports/<uuid:public_id>/answer/", intake.UploadAnswer.as_view(), name="import-answer"),
    path("imports/<uuid:public_id>/<str:name>.csv", intake.UploadFile.as_view(), name="import-file"),
    path("imports/<uuid:public_id>/<str:act>/", intake.UploadAct.as_view(), name="import-act"),
    path("hours-lock", hours_lock.HoursLock.as_view(), name="hours-lock"),
    path("tokens/", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/<uuid:public_id>/", tokens.TokenDetail.as_view(), name="token"),
    path("webhooks/events/", webhooks.EventTypes.as_view(), name="webhook-events"),
    path("webhooks/endpoints/", webhooks.EndpointList.as_view(), name="webhook-endpoints"),
    path("webhooks/endpoints/<uuid:public_id>/", webhooks.EndpointDetail.as_view(), name="webhook-endpoint"),
    path(
        "webhooks/endpoints/<uuid:public_id>/rotate-secret/",
        webhooks.RotateSecret.as_view(),
        name="webhook-rotate-secret",
    ),
    path("webhooks/endpoints/<uuid:public_id>/test/", webhooks.TestEvent.as_view(), name="webhook-test"),
    path("webhooks/endpoints/<uuid:public_id>/sent/", webhooks.SentEvents.as_view(), name="webhook-sent"),
    path("webhooks/endpoints/<uuid:public_id>/replay/", webhooks.Replay.as_view(), name="webhook-replay"),
    path("schema/", docs.Schema.as_view(), name="schema"),
    path("docs/", docs.Docs.as_view(), name="docs"),
    re_path(r"", NothingHere.as_view(), name="nothing-here"),
]
