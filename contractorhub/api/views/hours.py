"""Hours that were logged, one by one."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.generics import ListAPIView

from contractorhub.api import filters, sets
from contractorhub.api.serializers.hours import HoursOut
from contractorhub.api.views.base import asker


class HoursList(ListAPIView[Any]):
    """Hours of the engagements you see, those recorded last first."""

    serializer_class = HoursOut
    filterset_class = filters.HoursFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The hours the asker sees."""
        return sets.hours(asker(self.request))
