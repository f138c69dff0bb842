"""Pausing several projects in one go: from the chosen rows of the list to one composer a client."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import access
from projects.admin.words import composer_address_of
from projects.domain.errors import DomainError
from projects.models import Client, Project
from projects.operations.chosen import refuse_unfit_choice

MOST = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen projects of one client, and where their one pause is composed."""

    client: Client
    projects: tuple[Project, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(project.code for project in self.projects)

    @property
    def address(self) -> str:
        """The composer for all of them."""
        return composer_address_of(self.projects)


def pause_chosen(request: HttpRequest, projects: QuerySet[Project]) -> HttpResponse | None:
    """On to the composer; with projects of several clients to a page that says it takes a pause each."""
    rows = list(projects.select_related("client").order_by("client__code", "code")[: MOST + 1])
    choices = [Choice(client, tuple(own)) for client, own in groupby(rows, key=lambda row: row.client)]
    refusal = _refusal(request, rows, choices)
    if refusal:
        messages.error(request, refusal)
        return None
    if len(choices) == 1:
        return HttpResponseRedirect(choices[0].address)
    context = {
        **admin.site.each_context(request),
        "title": _("One pause for each client"),
        "choices": choices,
        "opts": Project._meta,
    }
    return TemplateResponse(request, "admin/projects/pause/several.html", context)


def _refusal(request: HttpRequest, rows: Sequence[Project], choices: Sequence[Choice]) -> str:
    """Why these projects cannot be paused together; empty where they can."""
    if len(rows) > MOST:
        return _("Choose %(most)d projects at most; a whole client is paused on its own page.") % {
            "most": MOST
        }
    for choice in choices:
        codes = choice.codes
        if not access.may_pause(request.user, client=choice.client, only=codes):
            told = _("You may pause only projects you lead and clients you own; look at %(codes)s again.")
            return told % {"codes": ", ".join(codes)}
        try:
            if len(codes) > 1:
                refuse_unfit_choice(choice.client, codes, starts_at=timezone.now())
        except DomainError as error:
            return error.message
    return ""
