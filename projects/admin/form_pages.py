"""One small form on a page of its own: shown, refused with everything that was typed, or done and left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise

from projects.admin.permissions import signed_in
from projects.domain.errors import DomainError
from projects.models import User

Words = str | Promise


@dataclass(frozen=True, slots=True)
class FormWords:
    """What a form's page says: its title, what it leads to, the button, and what is said once it is done."""

    title: Words
    lede: Words
    button: Words
    done: Words


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form to be bound to; None while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    *,
    form: forms.Form,
    act: Callable[[User, datetime], object],
    words: FormWords,
    model: type[Model],
    back: str,
    field_of: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show the form; when it is sent, let whoever sent it act at that instant, or say at the field why not.

    `field_of` maps what the operation calls a field to what the form calls it.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(signed_in(request), timezone.now())
        except DomainError as error:
            field = (field_of or {}).get(error.field or "", error.field)
            form.add_error(field if field in form.fields else None, ValidationError(error.message))
        else:
            messages.success(request, str(words.done))
            return HttpResponseRedirect(back)
    context = {
        **admin.site.each_context(request),
        "title": words.title,
        "lede": words.lede,
        "button": words.button,
        "back": back,
        "form": form,
        "opts": model._meta,
    }
    return TemplateResponse(request, "admin/projects/form_page.html", context)
