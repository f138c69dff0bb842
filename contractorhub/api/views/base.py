"""What views share: the asker as our own user, and 404 for what they may not see."""

from typing import Any

from django.http import HttpRequest
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

from contractorhub.api import sets
from projects.models import User


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


class NothingHere(APIView):
    """Answers every address of the API that is none, in the shape of all refusals."""

    schema = None
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse before anything else is looked at."""
        raise NotFound("There is nothing here. Lists and things end with a slash; see /api/v1/docs/.")
