"""What operations say of a login: its firm-wide roles, whether it is open, and who manages the person."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin.form_pages import FormWords, Words, form_page, typed
from projects.models import User
from projects.models.people import Role
from projects.operations.logins import set_access
from projects.operations.people import name_manager


class AccessForm(forms.Form):
    """Roles of one login, and whether it is open."""

    roles = forms.MultipleChoiceField(
        label=_("Firm-wide roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leading a project or owning a client is said on the project or client itself."),
    )
    may_sign_in = forms.BooleanField(
        label=_("May sign in"),
        required=False,
        help_text=_("Without it every browser and token of this login is refused at its next request."),
    )


class ManagerForm(forms.Form):
    """Who manages somebody."""

    manager = forms.ModelChoiceField(
        User.objects.filter(is_staff=True, is_active=True).order_by("name", "email"),
        label=_("Manager"),
        required=False,
        empty_label=_("nobody"),
    )


def access_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Change somebody's roles and login."""
    user = _somebody(request, pk)
    held = list(user.role_grants.values_list("role", flat=True))
    form = AccessForm(typed(request), initial={"roles": held, "may_sign_in": user.is_active})
    return _page(
        request,
        user,
        form,
        act=lambda by, at: set_access(user=user, by=by, at=at, **form.cleaned_data),
        title=_("What %(user)s may do") % {"user": user},
        lede=_(
            "What is taken away ends at once, in browsers that are open and for programs that are connected."
        ),
    )


def manager(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who manages somebody."""
    user = _somebody(request, pk)
    form = ManagerForm(typed(request), initial={"manager": user.manager})
    return _page(
        request,
        user,
        form,
        act=lambda by, at: name_manager(user=user, manager=form.cleaned_data["manager"], by=by, at=at),
        title=_("Who manages %(user)s") % {"user": user},
        lede=_("Their manager hears of it when a promised next word does not come."),
    )


def _somebody(request: HttpRequest, pk: int) -> User:
    """Whose login it is; operations alone may ask, to all others nobody is there."""
    if not access.is_operations(request.user):
        raise Http404
    return get_object_or_404(User, pk=pk)


def _page(
    request: HttpRequest,
    user: User,
    form: forms.Form,
    *,
    act: Callable[[User, datetime], object],
    title: Words,
    lede: Words,
) -> HttpResponse:
    return form_page(
        request,
        form=form,
        act=act,
        words=FormWords(title=title, lede=lede, button=_("Keep it"), done=_("Kept.")),
        model=User,
        back=reverse("admin:projects_user_change", args=[user.pk]),
    )
