"""One small form on a page of its own: shown, refused with everything that was typed, or done and left."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from projects.domain.errors import DomainError

Words = str | Promise


def form_page(
    request: HttpRequest,
    *,
    form: forms.Form,
    perform: Callable[[Any], object],
    model: type[Model],
    title: Words,
    lede: Words,
    button: Words,
    done: Words,
    back: str,
    field_of: dict[str, str] | None = None,
) -> HttpResponse:
    """Show the form; when it is sent, perform it with what was typed, or say at the field why not.

    `field_of` maps what the operation calls a field to what the form calls it.
    """
    if request.method == "POST" and form.is_valid():
        try:
            perform(form.cleaned_data)
        except DomainError as error:
            field = (field_of or {}).get(error.field or "", error.field)
            form.add_error(field if field in form.fields else None, ValidationError(error.message))
        else:
            messages.success(request, str(done))
            return HttpResponseRedirect(back)
    context = {
        **admin.site.each_context(request),
        "title": title,
        "lede": lede,
        "button": button,
        "back": back,
        "form": form,
        "opts": model._meta,
    }
    return TemplateResponse(request, "admin/projects/form_page.html", context)
