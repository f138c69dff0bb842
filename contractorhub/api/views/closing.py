"""Periods that are closed, reports on a schedule, and corrections that are answered."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import closing, correcting, examples, filters, sets
from contractorhub.api.idempotency import IDEMPOTENCY_KEY, answer_once
from contractorhub.api.models import Scope
from contractorhub.api.serializers.acts import NothingIn
from contractorhub.api.serializers.closing import (
    ClosePeriodIn,
    CorrectionAnswerIn,
    CorrectionIn,
    CorrectionOut,
    PeriodOut,
    ScheduleIn,
    ScheduleOut,
    SendingOut,
)
from contractorhub.api.views.base import asker, makes
from projects.models import Correction, ReportSending
from projects.operations.correction_answers import accept_correction, decline_correction
from projects.operations.report_schedules import pause_schedule, resume_schedule

_SCHEDULE_ACTS = {"pause": pause_schedule, "resume": resume_schedule}
_ANSWERS = {"accept": accept_correction, "decline": decline_correction}


class PeriodList(ListAPIView[Any]):
    """Closed periods, newest first; for those who may pull reports."""

    serializer_class = PeriodOut
    write_scope = Scope.REPORTS_WRITE
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The periods the asker sees."""
        return sets.periods(asker(self.request))

    @extend_schema(
        request=ClosePeriodIn,
        responses={201: PeriodOut},
        parameters=[IDEMPOTENCY_KEY],
        examples=[examples.CLOSING],
    )
    def post(self, request: Request) -> Response:
        """Close the weeks since the last period, for good."""
        user = asker(request)
        return answer_once(
            request, user, lambda: (201, PeriodOut(closing.period_by(user, request.data)).data)
        )


class _Schedules(GenericAPIView[Any]):
    serializer_class = ScheduleOut
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The schedules the asker sees."""
        return sets.schedules(asker(self.request))


class ScheduleList(_Schedules, ListAPIView[Any]):
    """Reports that are sent by the clock, newest first; for those who may pull reports."""

    write_scope = Scope.REPORTS_WRITE

    @extend_schema(
        request=ScheduleIn,
        responses={201: ScheduleOut},
        parameters=[IDEMPOTENCY_KEY],
        examples=[examples.SCHEDULE],
    )
    def post(self, request: Request) -> Response:
        """Put a report on a schedule; whoever is named gets a link, never the figures by mail."""
        user = asker(request)
        return answer_once(
            request, user, lambda: (201, ScheduleOut(closing.schedule_by(user, request.data)).data)
        )


class ScheduleDetail(_Schedules, RetrieveAPIView[Any]):
    """One schedule."""

    lookup_field = "public_id"


class ScheduleSendings(ListAPIView[Any]):
    """What became of each time a schedule was due, newest first."""

    queryset = ReportSending.objects.none()  # the schema's; requests ask below
    serializer_class = SendingOut
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The sendings of this schedule."""
        rows = sets.schedules(asker(self.request))
        found = get_object_or_404(rows, public_id=self.kwargs["public_id"])
        return ReportSending.objects.filter(schedule=found).select_related("run")


class ScheduleAct(APIView):
    """Pauses a schedule, or lets it go on."""

    write_scope = Scope.REPORTS_WRITE

    @extend_schema(
        operation_id="schedules_act", request=NothingIn, responses=ScheduleOut,
        parameters=[OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(_SCHEDULE_ACTS))],
    )  # fmt: skip
    def post(self, request: Request, public_id: Any, act: str) -> Response:
        """Do it; what was missed meanwhile is not sent later."""
        user = asker(request)
        found = get_object_or_404(sets.schedules(user), public_id=public_id)
        if act not in _SCHEDULE_ACTS:
            raise Http404
        _SCHEDULE_ACTS[act](schedule=found, by=user, at=timezone.now())
        return Response(ScheduleOut(sets.schedules(user).get(pk=found.pk)).data)


class CorrectionList(ListAPIView[Any]):
    """What contractors say is wrong, newest first; a contractor sees their own."""

    queryset = Correction.objects.none()  # the schema's; requests ask below
    serializer_class = CorrectionOut
    filterset_class = filters.CorrectionFilters
    write_scope = Scope.RECORDS_WRITE

    def get_queryset(self) -> QuerySet[Any]:
        """The corrections the asker sees."""
        return sets.corrections(asker(self.request))

    @makes(CorrectionIn, CorrectionOut, example=examples.CORRECTION)
    def post(self, request: Request) -> Response:
        """Say, as a contractor, what is wrong in your record; papers are sent along in the portal."""
        user = asker(request)
        return answer_once(
            request, user, lambda: (201, CorrectionOut(correcting.asked_by(user, request.data)).data)
        )


class WithdrawCorrection(APIView):
    """Takes a correction back."""

    write_scope = Scope.RECORDS_WRITE

    @extend_schema(
        operation_id="corrections_withdraw",
        request=NothingIn,
        responses=CorrectionOut,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, public_id: Any) -> Response:
        """Take back your own, before it is answered; a second time changes nothing."""
        user = asker(request)
        row = get_object_or_404(sets.corrections(user), public_id=public_id)
        return answer_once(
            request, user, lambda: (200, CorrectionOut(correcting.taken_back_by(user, row)).data)
        )


class CorrectionAct(APIView):
    """Answers a correction."""

    write_scope = Scope.RECORDS_WRITE

    @extend_schema(
        operation_id="corrections_answer", request=CorrectionAnswerIn, responses=CorrectionOut,
        examples=[examples.CORRECTION_ANSWER],
        parameters=[IDEMPOTENCY_KEY, OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(_ANSWERS))],
    )  # fmt: skip
    def post(self, request: Request, public_id: Any, act: str) -> Response:
        """Accept it: the record and the estimate follow; or decline it and say why. The contractor is told."""
        user = asker(request)
        row = get_object_or_404(sets.corrections(user), public_id=public_id)
        if act not in _ANSWERS:
            raise Http404

        def answer() -> tuple[int, Any]:
            form = CorrectionAnswerIn(data=request.data)
            form.is_valid(raise_exception=True)
            words = form.validated_data["answer"]
            closed = _ANSWERS[act](correction=row, answer=words, by=user, at=timezone.now())
            return 200, CorrectionOut(sets.corrections(user).get(pk=closed.pk)).data

        return answer_once(request, user, answer)
