"""Filters that keep the lists of the desk cheap where they are long."""

from typing import Any, Final

from django.contrib import admin
from django.core.cache import cache as kept
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from projects.models import Contractor, Engagement

_KEPT_SECONDS: Final = 300


class ProjectsWithPeople(admin.RelatedFieldListFilter):
    """Filters engagements by project: the reader's projects on which somebody is engaged, each looked up by index."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        """The choices, by code."""
        rows: QuerySet[Engagement] = model_admin.get_queryset(request).order_by()
        projects = field.related_model.objects.filter(Exists(rows.filter(project=OuterRef("pk"))))
        return [(project.pk, str(project)) for project in projects]


class CountriesKept(admin.AllValuesFieldListFilter):
    """Filters contractors by country: the countries of the people somebody sees, kept for five minutes."""

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        key = f"countries-seen-by:{request.user.pk}"
        countries: list[str] | None = kept.get(key)
        if countries is None:
            rows: QuerySet[Contractor] = model_admin.get_queryset(request)
            countries = list(rows.order_by("country").values_list("country", flat=True).distinct())
            kept.set(key, countries, _KEPT_SECONDS)
        self.lookup_choices = countries  # type: ignore[assignment]  # it is only walked through
