"""The forms of a file on its way in: hand it in, answer what it leaves open, say what its words mean."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.imports.rows import DayMonthOrder, Meaning, SourceFormat
from projects.models import SavedMapping, Upload

ORDERS = (
    (DayMonthOrder.DMY.value, _("day first")),
    (DayMonthOrder.MDY.value, _("month first")),
    (DayMonthOrder.YMD.value, _("year first")),
)


class HandInForm(forms.Form):
    """A file, and what whoever brings it knows better."""

    kind = forms.ChoiceField(
        label=_("What does it hold?"), choices=Upload.Kind.choices, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX, up to 100 MB."), allow_empty_file=True,
        error_messages={"required": _("Choose a file of at most 100 MB.")},
    )  # fmt: skip
    format = forms.ChoiceField(
        label=_("Which tool wrote it?"), required=False,
        choices=[("", _("Find out")), *((one.value, one.value.capitalize()) for one in SourceFormat)],
    )  # fmt: skip
    mapping_named = forms.ModelChoiceField(
        label=_("Saved mapping"), required=False, queryset=SavedMapping.objects.all(), empty_label=_("None")
    )
    as_email = forms.EmailField(
        label=_("Whose hours, where the file names nobody?"),
        required=False,
        help_text=_("Their email address."),
    )
    project = forms.CharField(label=_("Which project, where it names none?"), required=False, max_length=30)
    leavers_on = forms.DateField(
        label=_("Roster: let go whoever it leaves out, from"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Empty: nobody leaves by being left out."),
    )  # fmt: skip
    strict = forms.BooleanField(label=_("Take in nothing when a row is bad"), required=False)
    keep = forms.BooleanField(label=_("Keep entries that a corrected export leaves out"), required=False)

    def options(self) -> dict[str, Any]:
        """What was said, as a file's options."""
        typed = self.cleaned_data
        said = {
            name: typed[name] for name in ("format", "as_email", "project", "strict", "keep") if typed[name]
        }
        if typed["leavers_on"]:
            said["leavers_on"] = typed["leavers_on"].isoformat()
        if typed["mapping_named"]:
            said["mapping"] = json.dumps(typed["mapping_named"].mapping)
        return said


class OrderForm(forms.Form):
    """Which part of a date is the day."""

    dates = forms.ChoiceField(label=_("How are its dates written?"), choices=ORDERS, widget=forms.RadioSelect)


class YearForm(forms.Form):
    """The year of days that name none."""

    year = forms.IntegerField(label=_("Which year is it?"), min_value=1990, max_value=2100)


class MappingForm(forms.Form):
    """What each column of a file of no known tool means."""

    name = forms.CharField(
        label=_("Save this mapping as"),
        required=False,
        max_length=100,
        help_text=_("Empty: for this file only."),
    )

    def __init__(self, *args: Any, columns: Sequence[str], **options: Any) -> None:
        """One choice a column."""
        super().__init__(*args, **options)
        self.columns = list(columns)
        meanings = [("", _("not needed")), *((one.value, one.value.replace("_", " ")) for one in Meaning)]
        for number, column in enumerate(self.columns):
            self.fields[f"column{number}"] = forms.ChoiceField(label=column, choices=meanings, required=False)

    def mapping(self) -> Mapping[str, Any]:
        """The mapping that was chosen, as it is saved."""
        chosen = {
            column: self.cleaned_data[f"column{number}"]
            for number, column in enumerate(self.columns)
            if self.cleaned_data[f"column{number}"]
        }
        return {"name": self.cleaned_data["name"].strip(), "columns": chosen}


def question_form(upload: Upload, data: Any = None) -> forms.Form | None:
    """The form of what a file leaves open, None where it leaves nothing."""
    kind = upload.question.get("kind")
    if kind == "date_order":
        return OrderForm(data)
    if kind == "year":
        return YearForm(data)
    if kind == "mapping" and upload.question.get("columns"):
        return MappingForm(data, columns=[name for name in upload.question["columns"] if name][:60])
    return None
