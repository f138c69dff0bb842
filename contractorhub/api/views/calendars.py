"""Calendars: the days off of a place, days that differ from the published ones, and usual weeks."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import examples, filters, sets
from contractorhub.api.idempotency import answer_once
from contractorhub.api.making import read
from contractorhub.api.models import Scope
from contractorhub.api.serializers.calendars import (
    CalendarDayIn,
    CalendarDayOut,
    DaysOffOut,
    DaysOffQuestion,
    WorkingWeekIn,
    WorkingWeekOut,
)
from contractorhub.api.views.base import NUMBER, asker, makes
from projects import access
from projects.domain.errors import NotAllowed
from projects.operations.calendars import forget_calendar_day, say_calendar_day, set_working_week
from projects.queries.calendars import days_off


class DaysOff(APIView):
    """The days off of a place."""

    @extend_schema(operation_id="calendars_days_off", parameters=[DaysOffQuestion], responses=DaysOffOut)
    def get(self, request: Request) -> Response:
        """Tell them as estimates take them: the published ones, with what was said here of them."""
        if not access.is_staff_of_firm(asker(request)):
            raise NotAllowed("Calendars are for people with a desk.")
        form = DaysOffQuestion(data=request.query_params)
        form.is_valid(raise_exception=True)
        return Response(DaysOffOut({**form.validated_data, "days": days_off(**form.validated_data)}).data)


class CalendarDayList(ListAPIView[Any]):
    """Days that differ from the published calendars."""

    serializer_class = CalendarDayOut
    filterset_class = filters.CalendarDayFilters
    write_scope = Scope.RECORDS_WRITE

    def get_queryset(self) -> QuerySet[Any]:
        """The days the asker sees."""
        return sets.calendar_days(asker(self.request))

    @makes(CalendarDayIn, CalendarDayOut, example=examples.CALENDAR_DAY)
    def post(self, request: Request) -> Response:
        """Say that a day is off, or is worked although it is published as off; for operations."""
        user = asker(request)

        def act() -> tuple[int, Any]:
            said = say_calendar_day(**read(CalendarDayIn, request.data), by=user, at=timezone.now())
            return 201, CalendarDayOut(said).data

        return answer_once(request, user, act)


class CalendarDayDetail(APIView):
    """One such day."""

    write_scope = Scope.RECORDS_WRITE

    @extend_schema(operation_id="calendars_days_forget", responses={204: None}, parameters=[NUMBER])
    def delete(self, request: Request, pk: int) -> Response:
        """Forget it: the published calendar holds again; for operations."""
        user = asker(request)
        said = get_object_or_404(sets.calendar_days(user), pk=pk)
        forget_calendar_day(said=said, by=user, at=timezone.now())
        return Response(status=204)


class WorkingWeekList(ListAPIView[Any]):
    """Usual weeks of countries and regions, each from a day on."""

    serializer_class = WorkingWeekOut
    filterset_class = filters.WorkingWeekFilters
    write_scope = Scope.RECORDS_WRITE

    def get_queryset(self) -> QuerySet[Any]:
        """The weeks the asker sees."""
        return sets.working_weeks(asker(self.request))

    @makes(WorkingWeekIn, WorkingWeekOut, example=examples.WORKING_WEEK)
    def post(self, request: Request) -> Response:
        """Set the usual week from a day on; earlier weeks stay. For operations."""
        user = asker(request)

        def act() -> tuple[int, Any]:
            said = set_working_week(**read(WorkingWeekIn, request.data), by=user, at=timezone.now())
            return 201, WorkingWeekOut(said).data

        return answer_once(request, user, act)
