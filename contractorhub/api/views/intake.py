"""Hours and rosters in bulk, item by item, and files: handed in, answered, applied, undone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import examples
from contractorhub.api.errors import TooLarge
from contractorhub.api.idempotency import IDEMPOTENCY_KEY, answer_once
from contractorhub.api.models import Scope
from contractorhub.api.parsers import BulkJSONParser
from contractorhub.api.serializers.acts import NothingIn
from contractorhub.api.serializers.intake import (
    AnswersIn,
    HoursBulkIn,
    HoursBulkOut,
    HoursItemIn,
    NewUpload,
    RosterBulkIn,
    RosterBulkOut,
    UploadOut,
)
from contractorhub.api.views.base import asker
from contractorhub.uploading import says_it_is_larger, was_cut_off
from projects import access
from projects.imports.limits import MAX_BYTES
from projects.models import Upload
from projects.operations.hours_bulk import HoursItem, ItemResult, upsert_hours
from projects.operations.roster_bulk import upsert_roster
from projects.operations.uploads import (
    answer_upload,
    ask_to_apply,
    discard_upload,
    receive_upload,
    undo_upload,
)

ACTS = {"apply": ask_to_apply, "undo": undo_upload, "discard": discard_upload}
FILES = ("rejects", "details")
_AROUND_A_FILE = 1024 * 1024
_TOO_LARGE = f"A file has at most {MAX_BYTES // 1_000_000} MB: split it."


class HoursBulk(APIView):
    """Hours, item by item."""

    write_scope = Scope.HOURS_WRITE
    parser_classes = (BulkJSONParser,)

    @extend_schema(
        operation_id="hours_bulk",
        request=HoursBulkIn,
        parameters=[IDEMPOTENCY_KEY],
        responses=HoursBulkOut,
        examples=[examples.HOURS],
    )
    def post(self, request: Request) -> Response:
        """Add or change up to 10,000 entries; each has its own result, one that is wrong stops no other."""
        form = HoursBulkIn(data=request.data)
        form.is_valid(raise_exception=True)

        def act() -> tuple[int, Any]:
            results = _hours(form.validated_data["entries"], request)
            counts = Counter(result.status for result in results)
            return 200, HoursBulkOut({"results": results, "counts": dict(counts)}).data

        return answer_once(request, asker(request), act)


def _hours(entries: Sequence[Mapping[str, Any]], request: Request) -> list[ItemResult]:
    """Hand the entries that can be read to the operation; the others are refused alone."""
    refused: dict[int, ItemResult] = {}
    items: list[HoursItem] = []
    places: list[int] = []
    for index, entry in enumerate(entries):
        form = HoursItemIn(data=dict(entry))
        if not form.is_valid():
            field, words = next(iter(form.errors.items()))
            refused[index] = ItemResult(index, "refused", f"{field}: {words[0]}")
            continue
        said = dict(form.validated_data)
        items.append(HoursItem(key=said.pop("id"), **said))
        places.append(index)
    taken = upsert_hours(items=items, by=asker(request), at=timezone.now()) if items else []
    if not items and not access.may_import(asker(request)):
        raise PermissionDenied("Only operations and finance may bring in hours.")
    found = {
        place: ItemResult(place, one.status, one.reason) for place, one in zip(places, taken, strict=True)
    }
    return [(refused | found)[index] for index in range(len(entries))]


class RosterBulk(APIView):
    """A roster, row by row."""

    write_scope = Scope.ROSTER_WRITE
    parser_classes = (BulkJSONParser,)

    @extend_schema(
        operation_id="roster_bulk",
        request=RosterBulkIn,
        parameters=[IDEMPOTENCY_KEY],
        responses=RosterBulkOut,
        examples=[examples.ROSTER],
    )
    def post(self, request: Request) -> Response:
        """Add or change up to 10,000 contractors, engagements and rates; nobody leaves by being left out."""
        form = RosterBulkIn(data=request.data)
        form.is_valid(raise_exception=True)

        def act() -> tuple[int, Any]:
            rows = form.validated_data["rows"]
            results = upsert_roster(rows=rows, by=asker(request), at=timezone.now())
            counts = Counter(result.status for result in results)
            return 200, RosterBulkOut({"results": results, "counts": dict(counts)}).data

        return answer_once(request, asker(request), act)


class UploadList(ListAPIView[Upload]):
    """Files on their way into the record."""

    serializer_class = UploadOut
    write_scope = Scope.HOURS_WRITE
    filter_backends = ()

    def get_parsers(self) -> list[Any]:
        """Files come as forms."""
        return [MultiPartParser()]

    def get_queryset(self) -> Any:
        """Those of people who may bring files in, and auditors."""
        return _uploads(self.request)

    @extend_schema(
        operation_id="imports_create", request={"multipart/form-data": NewUpload}, responses={202: UploadOut}
    )
    def post(self, request: Request) -> Response:
        """Hand in a file of up to 100 MB; it is read and nothing is written until it is applied."""
        if says_it_is_larger(request._request, MAX_BYTES + _AROUND_A_FILE):
            raise TooLarge(_TOO_LARGE)  # said before a byte of it is read
        form = NewUpload(data=request.data)
        if was_cut_off(request._request):
            raise TooLarge(_TOO_LARGE)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        upload = receive_upload(
            kind=asked["kind"],
            file=asked["file"],
            name=asked["file"].name,
            options=asked["options"],
            by=asker(request),
            at=timezone.now(),
        )
        return Response(UploadOut(upload).data, status=202)


class UploadDetail(RetrieveAPIView[Upload]):
    """One file: its state, what it would do or did, and what it leaves open."""

    serializer_class = UploadOut
    lookup_field = "public_id"

    def get_queryset(self) -> Any:
        """Those of people who may bring files in, and auditors."""
        return _uploads(self.request)


class UploadAnswer(APIView):
    """Answers to what a file leaves open."""

    write_scope = Scope.HOURS_WRITE

    @extend_schema(
        operation_id="imports_answer",
        request=AnswersIn,
        responses={202: UploadOut},
        examples=[examples.FILE_ANSWERS],
    )
    def post(self, request: Request, public_id: Any) -> Response:
        """Answer, and have the file read again."""
        upload = get_object_or_404(_uploads(request), public_id=public_id)
        form = AnswersIn(data=request.data)
        form.is_valid(raise_exception=True)
        answers = form.validated_data["options"]
        return Response(
            UploadOut(
                answer_upload(upload=upload, answers=answers, by=asker(request), at=timezone.now())
            ).data,
            status=202,
        )


class UploadAct(APIView):
    """Apply, undo or discard a file."""

    write_scope = Scope.HOURS_WRITE

    @extend_schema(
        operation_id="imports_act",
        request=NothingIn,
        responses={202: UploadOut},
        parameters=[OpenApiParameter("act", str, OpenApiParameter.PATH, enum=list(ACTS))],
    )
    def post(self, request: Request, public_id: Any, act: str) -> Response:
        """Do it; taking in goes on in the background."""
        upload = get_object_or_404(_uploads(request), public_id=public_id)
        if act not in ACTS:
            raise Http404
        done = ACTS[act](upload=upload, by=asker(request), at=timezone.now())
        return Response(UploadOut(done).data, status=202)


class UploadFile(APIView):
    """The bad rows of a file, or every week or difference, as CSV."""

    @extend_schema(
        operation_id="imports_file",
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.BINARY)},
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, enum=FILES)],
    )
    def get(self, request: Request, public_id: Any, name: str) -> HttpResponseBase:
        """Fetch it; 404 where there is none."""
        upload = get_object_or_404(_uploads(request), public_id=public_id)
        held = dict(zip(FILES, (upload.rejects, upload.details), strict=True)).get(name)
        if not held:
            raise Http404
        return FileResponse(
            held.open("rb"), as_attachment=True, filename=f"{name}.csv", content_type="text/csv"
        )


def _uploads(request: Any) -> Any:
    user = getattr(request, "user", None)
    return Upload.objects.all() if access.sees_everything(user) else Upload.objects.none()
