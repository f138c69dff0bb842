"""A drop-down written without a template for each of its options: there are more than five hundred time zones."""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class BriefSelect(forms.Select):
    """One choice among plain ones, in the markup of Django's own; it knows no groups."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Write the element; an option that was written before is not written anew."""
        chosen = set(self.format_value(value))
        lines = [_option(str(key), str(label), str(key) in chosen) for key, label in self.choices]
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>\n{}</select>", attributes, mark_safe("".join(lines)))  # noqa: S308  # each is safe


@lru_cache(maxsize=4_096)
def _option(value: str, label: str, is_chosen: bool) -> SafeString:
    attributes = flatatt({"value": value, "selected": is_chosen})
    return format_html("  <option{}>{}</option>\n\n", attributes, label)
