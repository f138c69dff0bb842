"""Clients: the companies that contractors work for, and who looks after each."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.people import User

CODE_VALIDATOR = RegexValidator(
    r"^[A-Z0-9][A-Z0-9_-]{0,29}$", _("A code has capital letters, digits, dashes and underscores only.")
)


class Client(models.Model):
    """A company that work is done for."""

    code = models.CharField(_("code"), max_length=30, unique=True, validators=[CODE_VALIDATOR])
    name = models.CharField(_("name"), max_length=200)
    owners = models.ManyToManyField(
        User, blank=True, related_name="owned_clients", verbose_name=_("client owners")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"),
        default=0,
        help_text=_(
            "Agreed before work may stop; stopped sooner, the days that are missing are owed as pay."
        ),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}" if self.name != self.code else self.code
