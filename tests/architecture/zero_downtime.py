"""The rule of migrations that old code can live with: what only adds is let through, all else must say why."""

from collections.abc import Iterator
from typing import Final

from django.db import migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

WORD: Final = "bears_old_code_because"
"""The attribute of a migration class that answers for what the rule cannot judge."""
_TAKES_AWAY: Final = (
    migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel,
    migrations.AlterModelTable,
)  # fmt: skip
_LOCKS: Final = (migrations.AddIndex, migrations.AddConstraint, migrations.AlterUniqueTogether)
_NOTHING: Final = (
    migrations.CreateModel, migrations.AlterModelOptions, migrations.AlterModelManagers, migrations.RemoveIndex,
    migrations.RemoveConstraint, migrations.RunPython, migrations.RenameIndex, migrations.AlterModelTableComment,
)  # fmt: skip


def findings(migration: Migration, before: ProjectState) -> list[str]:
    """What in a migration old code may stumble over while both versions run; nothing where the migration answers."""
    if str(getattr(migration, WORD, "")).strip():
        return []
    found, state, fresh = [], before.clone(), set[str]()
    for operation in migration.operations:
        found += _of(operation, migration.app_label, state, fresh)
        operation.state_forwards(migration.app_label, state)
    return found


def _of(operation: Operation, app: str, state: ProjectState, fresh: set[str]) -> Iterator[str]:
    if isinstance(operation, migrations.CreateModel):
        fresh.add(operation.name_lower)
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _of(inner, app, state, fresh)
        return
    if str(getattr(operation, "model_name", "")).lower() in fresh or isinstance(operation, _NOTHING):
        return
    what = operation.describe()
    if isinstance(operation, _TAKES_AWAY):
        yield f"{what}: old code still asks for it. Stop using it in one release, take it away in the next."
    elif isinstance(operation, _LOCKS):
        yield f"{what}: old code may write what it refuses, and a large table is locked while it is made."
    elif isinstance(operation, migrations.AddField):
        field = operation.field
        is_filled = field.null or field.many_to_many or field.db_default is not models.NOT_PROVIDED
        if not is_filled:
            yield f"{what}: old code inserts rows without it. Give it db_default=, or null=True."
    elif isinstance(operation, migrations.AlterField):
        old = state.models[app, operation.model_name_lower].fields[operation.name]
        yield from (f"{what}: {why}" for why in _narrowed(old, operation.field))
    else:
        yield f"{what}: nobody but you knows what it does to old code."


def _narrowed(old: models.Field, new: models.Field) -> Iterator[str]:
    if old.get_internal_type() != new.get_internal_type():
        yield "old code reads and writes another type. Add a column beside it."
    if old.null and not new.null:
        yield "old code still writes NULL. Let a release write it always, then close it."
    if new.max_length and (old.max_length is None or new.max_length < old.max_length):
        yield "old code still writes longer texts."
    if new.unique and not old.unique:
        yield "old code may write the same twice, and the table is locked while it is made."
    if old.db_column != new.db_column:
        yield "old code asks for the column by its old name."
