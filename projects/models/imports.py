"""Imports: files on their way in, mappings and names that are remembered, and rows that wait for a match."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.hours import HoursImport
from projects.models.people import Contractor, User
from projects.models.work import Engagement, Project


class SavedMapping(models.Model):
    """Which column of a file of no known tool means what; made once, used for every later file."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    mapping = models.JSONField(_("columns and their meanings"))
    made_at = models.DateTimeField(_("saved"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """One file that was handed in: looked at, shown, taken in, perhaps undone."""

    class Kind(models.TextChoices):
        """What it holds."""

        HOURS = "hours", _("Hours")
        ROSTER = "roster", _("Roster")

    class State(models.TextChoices):
        """Where it stands; what may follow what is in `projects.domain.uploads`."""

        CHECKING = "checking", _("Being read")
        ASKING = "asking", _("Waits for an answer")
        CHECKED = "checked", _("Read, nothing written")
        APPLYING = "applying", _("Being taken in")
        APPLIED = "applied", _("Taken in")
        UNDONE = "undone", _("Undone")
        REFUSED = "refused", _("Refused")
        DISCARDED = "discarded", _("Discarded")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKING)
    file_name = models.CharField(_("file"), max_length=255)
    file_hash = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField(_("bytes"))
    file = models.FileField(upload_to="uploads/%Y/%m", blank=True, max_length=300)
    rejects = models.FileField(upload_to="uploads/%Y/%m", blank=True, max_length=300)
    details = models.FileField(upload_to="uploads/%Y/%m", blank=True, max_length=300)
    options = models.JSONField(default=dict, blank=True)
    question = models.JSONField(default=dict, blank=True)
    findings = models.JSONField(default=dict, blank=True)
    refusal = models.TextField(_("why it was refused"), blank=True)
    hours_import = models.OneToOneField(
        HoursImport, on_delete=models.SET_NULL, null=True, blank=True, related_name="upload"
    )
    uploaded_at = models.DateTimeField(_("handed in"))
    asked_at = models.DateTimeField(help_text=_("When the work that is under way was asked for."))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("file to take in")
        verbose_name_plural = _("files to take in")

    def __str__(self) -> str:
        return self.file_name

    @property
    def ref(self) -> str:
        """How the audit trail names it."""
        return f"upload:{self.pk}"


class Alias(models.Model):
    """A name or id by which files speak of somebody or of a project, remembered once a person has said so."""

    words = models.CharField(_("as the file writes it"), max_length=500)
    contractor = models.ForeignKey(
        Contractor, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases"
    )
    made_at = models.DateTimeField(_("remembered"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["words"]
        verbose_name_plural = _("aliases")
        constraints = [
            models.CheckConstraint(
                condition=Q(contractor__isnull=False, project__isnull=True)
                | Q(contractor__isnull=True, project__isnull=False),
                name="alias_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["words"], condition=Q(contractor__isnull=False), name="one_person_an_alias"
            ),
            models.UniqueConstraint(
                fields=["words"], condition=Q(project__isnull=False), name="one_project_an_alias"
            ),
        ]

    def __str__(self) -> str:
        return self.words


class UnmatchedHours(models.Model):
    """A good row of hours of which we do not know yet whose or which project's it is; nothing is lost."""

    class Lack(models.TextChoices):
        """What is missing."""

        PERSON = "person", _("Nobody we know")
        PROJECT = "project", _("No project we know")
        ENGAGEMENT = "engagement", _("Not engaged on that day")

    taken_in_by = models.ForeignKey(HoursImport, on_delete=models.CASCADE, related_name="unmatched")
    line = models.PositiveIntegerField(_("line"))
    lack = models.CharField(_("what is missing"), max_length=10, choices=Lack)
    person_words = models.CharField(_("person in the file"), max_length=500, blank=True)
    project_words = models.CharField(_("project in the file"), max_length=500, blank=True)
    person_email = models.CharField(max_length=260, blank=True)
    person_external_id = models.CharField(max_length=500, blank=True)
    person_name = models.CharField(max_length=1_100, blank=True)
    project_code = models.CharField(max_length=500, blank=True)
    project_name = models.CharField(max_length=500, blank=True)
    worked_on = models.DateField(_("worked on"))
    started_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(_("seconds"))
    tasks = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=30)
    content_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("hours that nothing matches")
        verbose_name_plural = _("hours that nothing matches")
        ordering = ["person_words", "project_words", "worked_on"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["lack", "person_words", "project_words"], name="unmatched_by_words"),
        ]

    def __str__(self) -> str:
        return f"{self.person_words} {self.worked_on}"


class ReplacedHours(models.Model):
    """An entry that a corrected export took the place of; undoing that import brings it back."""

    replaced_by = models.ForeignKey(HoursImport, on_delete=models.CASCADE, related_name="replaced")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    worked_on = models.DateField()
    started_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField()
    tasks = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=30)
    content_hash = models.CharField(max_length=64)
    rate_id = models.BigIntegerField(null=True)
    taken_in_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.worked_on}"


class Compaction(models.Model):
    """One run of the retention policy: entries worked before a day became one total a day."""

    before_on = models.DateField(_("entries before"))
    entries_before = models.PositiveIntegerField(default=0)
    entries_after = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(_("done"))

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.before_on}"
