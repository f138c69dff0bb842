"""Saves which column of a file means what, so that the next file of its kind is read without asking."""

import json
from datetime import datetime

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed
from projects.imports.errors import UnableToUseMapping
from projects.imports.mapping import to_json
from projects.imports.rows import ColumnMapping
from projects.models import SavedMapping, User
from projects.operations.history import record


def save_mapping(*, mapping: ColumnMapping, by: User | None, at: datetime) -> SavedMapping:
    """Save a mapping under its name; the newest of a name holds. Raises NotAllowed or UnableToUseMapping."""
    if by is not None and not access.may_import(by):
        raise NotAllowed("Only operations and finance may save mappings.")
    if not mapping.name.strip() or len(mapping.name) > 100:
        raise UnableToUseMapping(
            "A mapping that is saved needs a name of up to 100 characters.", field="name"
        )
    held = json.loads(to_json(mapping))
    with transaction.atomic():
        saved, _is_new = SavedMapping.objects.update_or_create(
            name=mapping.name.strip(), defaults={"mapping": held, "made_at": at, "made_by": by}
        )
        record(
            verb="mapping.saved", subject_ref=f"savedmapping:{saved.pk}", before={}, after=held, by=by, at=at
        )
        return saved
