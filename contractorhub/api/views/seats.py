"""Open seats and the way of one person to one of them: who fits, interest, offer, answer."""

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

from contractorhub.api import examples, filters, seating, sets
from contractorhub.api.idempotency import IDEMPOTENCY_KEY, answer_once
from contractorhub.api.models import Scope
from contractorhub.api.serializers.acts import NothingIn
from contractorhub.api.serializers.making import CloseSeatIn, OpenSeatIn, SeatFactsIn
from contractorhub.api.serializers.seats import CandidacyOut, CandidatesOut, SeatInterestIn, SeatOfferIn
from contractorhub.api.serializers.work import OpenSeatOut
from contractorhub.api.views.base import NUMBER, asker, makes
from projects.models import OpenSeat


class OpenSeatList(ListAPIView[Any]):
    """Work that is looking for somebody."""

    serializer_class = OpenSeatOut
    filterset_class = filters.OpenSeatFilters
    write_scope = Scope.RECORDS_WRITE

    @makes(OpenSeatIn, OpenSeatOut, example=examples.SEAT)
    def post(self, request: Request) -> Response:
        """Open a seat on a project that you lead."""
        user = asker(request)
        return answer_once(
            request, user, lambda: (201, OpenSeatOut(seating.seat_by(user, request.data)).data)
        )

    def get_queryset(self) -> QuerySet[Any]:
        """The seats the asker sees."""
        return sets.open_seats(asker(self.request), today=timezone.now().date())


def _seat(request: Request, pk: int) -> OpenSeat:
    found: OpenSeat = get_object_or_404(sets.open_seats(asker(request), today=timezone.now().date()), pk=pk)
    return found


@extend_schema(parameters=[NUMBER])
class OpenSeatDetail(RetrieveAPIView[Any]):
    """One seat."""

    serializer_class = OpenSeatOut
    filter_backends = []
    write_scope = Scope.RECORDS_WRITE

    def get_queryset(self) -> QuerySet[Any]:
        """The seats the asker sees."""
        return sets.open_seats(asker(self.request), today=timezone.now().date())

    @extend_schema(
        request=SeatFactsIn,
        responses=OpenSeatOut,
        parameters=[IDEMPOTENCY_KEY],
        examples=[examples.SEAT_FACTS],
    )
    def put(self, request: Request, pk: int) -> Response:
        """Say anew what the seat asks and pays; offers that stand keep their terms."""
        user, seat = asker(request), _seat(request, pk)
        return answer_once(
            request, user, lambda: (200, OpenSeatOut(seating.changed_seat_by(user, seat, request.data)).data)
        )


class CloseSeat(APIView):
    """Closes a seat."""

    write_scope = Scope.RECORDS_WRITE

    @extend_schema(
        operation_id="open_seats_close", request=CloseSeatIn, responses=OpenSeatOut,
        parameters=[IDEMPOTENCY_KEY, NUMBER], examples=[examples.SEAT_CLOSED],
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Offer it no more from a day on; offers that stand may still be answered."""
        user, seat = asker(request), _seat(request, pk)
        return answer_once(
            request, user, lambda: (200, OpenSeatOut(seating.closed_seat_by(user, seat, request.data)).data)
        )


class SeatCandidates(APIView):
    """Who might take a seat."""

    @extend_schema(operation_id="open_seats_candidates", responses=CandidatesOut, parameters=[NUMBER])
    def get(self, request: Request, pk: int) -> Response:
        """Who asked for it, then people of your desk whose work is stopped, best fit first; at most 50."""
        found = seating.candidates(asker(request), _seat(request, pk))
        return Response(CandidatesOut({"candidates": found}).data)


class OfferSeat(APIView):
    """Offers a seat."""

    write_scope = Scope.RECORDS_WRITE

    @makes(SeatOfferIn, CandidacyOut, example=examples.OFFER, operation_id="open_seats_offer", by_number=True)
    def post(self, request: Request, pk: int) -> Response:
        """Offer it to one person on terms inside what the seat says; they are told at once."""
        user, seat = asker(request), _seat(request, pk)
        return answer_once(
            request, user, lambda: (201, CandidacyOut(seating.offer_by(user, seat, request.data)).data)
        )


class SeatInterest(APIView):
    """Asks for a seat."""

    write_scope = Scope.RECORDS_WRITE

    @makes(
        SeatInterestIn,
        CandidacyOut,
        example=examples.INTEREST,
        operation_id="open_seats_interest",
        by_number=True,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say, as a contractor, that you would like it; its leads are told. A second time changes nothing."""
        user, seat = asker(request), _seat(request, pk)
        return answer_once(
            request, user, lambda: (201, CandidacyOut(seating.interest_by(user, seat, request.data)).data)
        )


class _Candidacies(GenericAPIView[Any]):
    serializer_class = CandidacyOut

    def get_queryset(self) -> QuerySet[Any]:
        """The candidacies the asker sees."""
        return sets.candidacies(asker(self.request))


class CandidacyList(_Candidacies, ListAPIView[Any]):
    """Who asked for a seat or was offered one, newest first; a contractor sees their own."""

    filterset_class = filters.CandidacyFilters


@extend_schema(parameters=[NUMBER])
class CandidacyDetail(_Candidacies, RetrieveAPIView[Any]):
    """One person and one seat."""

    filter_backends = []


class CandidacyAct(APIView):
    """Answers an offer, or takes an offer or an interest back."""

    write_scope = Scope.RECORDS_WRITE

    @extend_schema(
        operation_id="candidacies_act", request=NothingIn, responses=CandidacyOut,
        parameters=[
            IDEMPOTENCY_KEY, NUMBER, OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(seating.ACTS)),
        ],
    )  # fmt: skip
    def post(self, request: Request, pk: int, act: str) -> Response:
        """Accept, as who was offered it: you are engaged on its terms; decline it; or take back what is your own."""
        user = asker(request)
        row = get_object_or_404(sets.candidacies(user), pk=pk)
        if act not in seating.ACTS:
            raise Http404
        return answer_once(request, user, lambda: (200, CandidacyOut(seating.ACTS[act](user, row)).data))
