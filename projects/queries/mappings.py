"""Column mappings by name, as they were saved, or from a file that holds one."""

import json
from pathlib import Path

from projects.imports.errors import UnableToUseMapping
from projects.imports.mapping import from_json
from projects.imports.rows import ColumnMapping
from projects.models import SavedMapping

MOST_BYTES = 100_000


def saved_mapping(named: str) -> ColumnMapping:
    """The mapping of this name, else the one in the file of this name. Raises UnableToUseMapping."""
    row = SavedMapping.objects.filter(name=named).first()
    if row is not None:
        return from_json(json.dumps(row.mapping))
    path = Path(named)
    if "\0" in named or not path.is_file() or path.stat().st_size > MOST_BYTES:
        known = ", ".join(SavedMapping.objects.values_list("name", flat=True)) or "none"
        raise UnableToUseMapping(f"There is no mapping “{named}”. Saved are: {known}.")
    try:
        return from_json(path.read_text())
    except UnicodeDecodeError as error:
        raise UnableToUseMapping(f"“{named}” is no mapping: it is not UTF-8 text.") from error
