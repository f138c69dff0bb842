"""People: who signs in, who works, and which firm-wide roles somebody holds."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from notifications.sealing import SealedAddressField


class UserManager(BaseUserManager["User"]):
    """Makes users whose login is their email address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user. `password` is Django's to hand over and is never kept: no door of ours takes one.

        Raises ValueError when the email is empty.
        """
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an operator who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by email, whatever the case it was typed in."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by emailed code, passkey or the firm's sign-in; the email address is the login."""

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    manager = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("manager"),
        help_text=_("Hears of a broken promise of a next word as well."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    # What was looked up for the request that loaded this user; None where nothing was, see `access.remember_roles`.
    known_roles: frozenset[str] | None = None
    known_as_lead: bool | None = None
    known_as_contractor: bool | None = None

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def set_password(self, raw_password: str | None) -> None:
        """Nobody has a password, so none can be guessed, reused or leaked."""
        self.set_unusable_password()

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """The first word of the name, or the email address."""
        return self.name.split(" ")[0] if self.name else self.email


class Role(models.TextChoices):
    """Firm-wide roles; leading a project or owning a client is said on the project or client itself."""

    OPERATIONS = "operations", _("Operations")
    FINANCE = "finance", _("Finance")
    AUDITOR = "auditor", _("Auditor (read only)")


class RoleGrant(models.Model):
    """One firm-wide role of one user; removing the row ends the access at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_granted_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class ContractorQuerySet(models.QuerySet["Contractor"]):
    """Sets of contractors."""

    def with_email(self, email: str) -> "ContractorQuerySet":
        """Contractors with this address, whatever its case."""
        return self.filter(email=email.strip().lower())


class Contractor(models.Model):
    """Somebody who works on clients' projects; may have no login."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="contractor"
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("email address"), unique=True)
    external_id = models.CharField(
        _("id in the firm's own system"), max_length=100, blank=True, db_index=True
    )
    slack_user_id = SealedAddressField(
        _("Slack user id"),
        max_length=90,
        blank=True,
        validators=[
            RegexValidator(
                r"^(?:T[A-Z0-9]{2,18}/)?[UW][A-Z0-9]{2,19}\Z",
                _("A Slack user id starts with U or W; with several workspaces: T0123ABCD/U0123ABCD."),
            )
        ],
    )
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, such as PH."))
    region = models.CharField(
        _("region"), max_length=10, blank=True, help_text=_("ISO 3166-2 part after the dash.")
    )
    locale = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC")
    display_currency = models.CharField(
        _("also shown in"),
        max_length=3,
        blank=True,
        help_text=_("ISO 4217 code, such as PHP; empty: as paid."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = ContractorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        # The order in which every list reads them: without it each page sorts the whole firm.
        indexes = [models.Index(fields=["name", "id"], name="contractor_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="contractor_email_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name
