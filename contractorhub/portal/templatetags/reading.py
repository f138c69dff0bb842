"""How long ago something was, in every language we speak: Django has not all of them."""

from datetime import datetime

from babel import Locale
from babel.dates import format_timedelta
from django import template
from django.utils import timezone
from django.utils.translation import get_language

register = template.Library()


@register.filter
def ago(moment: datetime) -> str:
    """`5 minutes ago`, in the language of the page."""
    locale = Locale.parse((get_language() or "en").replace("-", "_"))
    return str(format_timedelta(moment - timezone.now(), add_direction=True, locale=locale))
