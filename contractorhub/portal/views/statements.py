"""Statements of interrupted work: make one, fetch it as a PDF, revoke it; and the public page that verifies one."""

from io import BytesIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contractorhub.portal.access import Visit, contractor_page
from contractorhub.portal.forms import StatementForm
from contractorhub.portal.presenters.statement import printed
from contractorhub.portal.presenters.verification import present_statement, present_verification
from projects.domain.errors import DomainError
from projects.models import Statement
from projects.operations.statements import make_statement, normal_code, revoke_statement
from projects.queries.statements import statements_of, verify
from projects.reports.writers.statement_pdf import statement_to_pdf


@require_http_methods(["GET", "HEAD", "POST"])
@contractor_page
def statements(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose a period; below, the statements made so far."""
    form = StatementForm(request.POST or None, initial={"last_day": visit.reader.today})
    if request.method == "POST" and form.is_valid() and _made(visit, form):
        messages.success(request, _("Your statement is ready. Download it below."))
        return redirect("portal:statements")
    made = [present_statement(each, visit.reader, visit.at) for each in statements_of(visit.contractor)]
    return render(request, "portal/statements.html", {"form": form, "made": made, "reader": visit.reader})


@require_safe
@contractor_page
def statement_pdf(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """The statement on paper; the same code always gives the same bytes."""
    statement = get_object_or_404(Statement, contractor=visit.contractor, code=code)
    out = BytesIO()
    statement_to_pdf(printed(statement), out)
    response = HttpResponse(out.getvalue(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="statement-{statement.code}.pdf"'
    return response


@require_POST
@contractor_page
def revoke(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Take a statement back."""
    statement = get_object_or_404(Statement, contractor=visit.contractor, code=code)
    revoke_statement(statement=statement, by=visit.user, at=visit.at)
    messages.success(request, _("The statement is taken back. Its page now says that it no longer holds."))
    return redirect("portal:statements")


@never_cache
@require_safe
def verification(request: HttpRequest, code: str = "") -> HttpResponse:
    """For anybody who was handed a statement: genuine or not, its date and its totals; nothing else."""
    typed = code or request.GET.get("code", "")
    found = verify(normal_code(typed)) if typed else None
    context = {"typed": typed, "found": present_verification(found) if found else None}
    return render(request, "portal/verify.html", context, status=404 if typed and found is None else 200)


def _made(visit: Visit, form: StatementForm) -> bool:
    try:
        make_statement(
            contractor=visit.contractor,
            first_day=form.cleaned_data["first_day"],
            last_day=form.cleaned_data["last_day"],
            by=visit.user,
            at=visit.at,
        )
    except DomainError as error:
        form.add_error(error.field, error.message)
        return False
    return True
