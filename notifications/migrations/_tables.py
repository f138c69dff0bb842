"""Many new tables in one operation: Django renders all models again after each that is created, half of a first start."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Creates these models in this order; a later one may refer to an earlier."""

    def __init__(self, models: Sequence[CreateModel]) -> None:
        """Take what each would be created by alone."""
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add all of them, and let the next who asks render them once."""
        state.__dict__.pop("apps", None)
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        """Create the tables."""
        for each in self.models:
            each.database_forwards(app_label, editor, before, after)

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, before: ProjectState, after: ProjectState
    ) -> None:
        """Drop them, the last first."""
        for each in reversed(self.models):
            each.database_backwards(app_label, editor, before, after)

    def describe(self) -> str:
        """What `migrate --plan` says of it."""
        return f"Create models {', '.join(each.name for each in self.models)}"
