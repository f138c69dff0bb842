"""What somebody may do at all: their firm-wide roles and whether they may sign in, on one form of operations."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin.form_pages import FormWords, form_page, typed
from projects.models import User
from projects.models.people import Role
from projects.operations.logins import set_access


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


def access_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Change somebody's roles and login; operations alone."""
    if not access.is_operations(request.user):
        raise Http404
    user = get_object_or_404(User, pk=pk)
    held = list(user.role_grants.values_list("role", flat=True))
    form = AccessForm(typed(request), initial={"roles": held, "may_sign_in": user.is_active})
    return form_page(
        request,
        form=form,
        act=lambda by, at: set_access(user=user, by=by, at=at, **form.cleaned_data),
        words=FormWords(
            title=_("What %(user)s may do") % {"user": user},
            lede=_(
                "What is taken away ends at once, in browsers that are open and for programs that are connected."
            ),
            button=_("Keep it"),
            done=_("Kept."),
        ),
        model=User,
        back=reverse("admin:projects_user_change", args=[pk]),
    )
