"""Clients: the companies that contractors work for, and who looks after each."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import User

CODE_VALIDATOR = RegexValidator(
    r"^[A-Z0-9][A-Z0-9_-]{0,29}$", _("A code has capital letters, digits, dashes and underscores only.")
)


class PayPolicy(models.TextChoices):
    """The named policies that reference pay may be reckoned by; each rounds in its own way."""

    AVERAGE = "average", _("Average of the year before")
    LAST_YEAR = "same-period-last-year", _("That average, or the same days last year where they were higher")
    PAID_WEEKS = "paid-weeks", _("Mean of the last 52 paid weeks")
    CALENDAR_DAYS = "calendar-days", _("Fixed pay by calendar days")
    WORKING_DAYS = "working-days", _("Fixed pay by working days")


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
    pay_policy = models.CharField(
        _("policy of reference pay"), max_length=30, choices=PayPolicy, default=PayPolicy.AVERAGE
    )
    guaranteed_share_bp = models.PositiveIntegerField(
        _("share of reference pay that is guaranteed, in basis points"), default=10_000
    )
    monthly_cap_minor = models.PositiveBigIntegerField(
        _("most that is guaranteed a month, in minor units"), null=True, blank=True
    )
    monthly_cap_currency = models.CharField(_("currency of that limit"), max_length=3, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pay_policy__in=PayPolicy.values), name="client_pay_policy_is_known"
            ),
            models.CheckConstraint(
                condition=Q(guaranteed_share_bp__lte=10_000), name="client_guarantee_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(monthly_cap_minor__isnull=True, monthly_cap_currency="")
                | (Q(monthly_cap_minor__isnull=False) & ~Q(monthly_cap_currency="")),
                name="client_monthly_cap_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}" if self.name != self.code else self.code
