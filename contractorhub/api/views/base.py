"""What views share: the asker as our own user, 404 for what they may not see, and how a door that makes is told of."""

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.http import HttpRequest
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import sets
from contractorhub.api.fields import MOST_KEY
from contractorhub.api.idempotency import IDEMPOTENCY_KEY
from projects.models import User

_CODE: Final = re.compile(r"^[A-Z0-9_-]{1,30}\Z")
NUMBER: Final = OpenApiParameter(
    "id", {"type": "integer", "minimum": 0, "maximum": MOST_KEY}, OpenApiParameter.PATH
)
Door = TypeVar("Door", bound=Callable[..., Response])


def makes(
    asked: Any,
    answered: Any,
    *,
    example: OpenApiExample,
    operation_id: str | None = None,
    by_number: bool = False,
) -> Callable[[Door], Door]:
    """Tells the schema of a door that makes a record; `by_number`: under a row that its address names."""
    told: Callable[[Door], Door] = extend_schema(
        operation_id=operation_id,
        request=asked,
        responses={201: answered},
        parameters=[IDEMPOTENCY_KEY, *([NUMBER] if by_number else [])],
        examples=[example],
        filters=False,
    )
    return told


def asker(request: Request | HttpRequest) -> User:
    """The user who asks; permissions have made sure that there is one."""
    return request.user  # type: ignore[return-value]


class WithRates(GenericAPIView[Any]):
    """Tells serializers which of the projects have rates that the asker may read; one query a page."""

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the projects' keys."""
        context = dict(super().get_serializer_context())
        readable = sets.projects_with_rates(asker(self.request)).values_list("pk", flat=True)
        return context | {"projects_with_rates": frozenset(readable)}


class ByCode(GenericAPIView[Any]):
    """A thing by its code; what cannot be a code (a NUL, say, which PostgreSQL refuses) is not looked for."""

    lookup_field = "code"

    def get_object(self) -> Any:
        """Return the thing, or raise NotFound."""
        if not _CODE.match(self.kwargs["code"]):
            raise NotFound("There is nothing here that you may see.")
        return super().get_object()


class NothingHere(APIView):
    """Answers every address of the API that is none, in the shape of all refusals."""

    schema = None
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse before anything else is looked at."""
        raise NotFound("There is nothing here. Lists and things end with a slash; see /api/v1/docs/.")
