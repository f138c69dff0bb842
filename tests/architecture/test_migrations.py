"""Migrations leave the database fit for the version before, so that both may run while one replaces the other."""

from typing import Any, Final

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from tests.architecture.zero_downtime import WORD, findings

# What was there before the rule; no running installation is brought up to date across these.
BEFORE_THE_RULE: Final = {"projects": 17, "notifications": 11, "slack": 1, "api": 3}


def test_no_migration_breaks_the_version_before_it() -> None:
    loader = MigrationLoader(None, replace_migrations=False)  # each as a running installation goes through it
    wrong = [
        f"{app}.{name}: {finding}"
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app in BEFORE_THE_RULE and int(name[:4]) > BEFORE_THE_RULE[app]
        for finding in findings(migration, loader.project_state((app, name), at_end=False))
    ]
    assert not wrong, f"see docs/howto/upgrade.md, or answer with {WORD} = '...':\n" + "\n".join(wrong)


def judged(*operations: Operation, **attributes: Any) -> list[str]:
    """What the rule says of a migration of a model with a short, optional note."""
    note = models.CharField(max_length=20, null=True)
    before = ProjectState()
    before.add_model(
        ModelState("shop", "Thing", [("id", models.BigAutoField(primary_key=True)), ("note", note)])
    )
    kind = type("Migration", (Migration,), {"operations": list(operations), **attributes})
    return findings(kind("0002_next", "shop"), before)


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (migrations.RemoveField("thing", "note"), "take it away in the next"),
        (migrations.RenameField("thing", "note", "remark"), "still asks for it"),
        (migrations.DeleteModel("Thing"), "still asks for it"),
        (migrations.AddField("thing", "size", models.IntegerField(default=0)), "db_default"),
        (migrations.AlterField("thing", "note", models.CharField(max_length=20)), "NULL"),
        (migrations.AlterField("thing", "note", models.CharField(max_length=9, null=True)), "longer texts"),
        (migrations.AlterField("thing", "note", models.IntegerField(null=True)), "another type"),
        (migrations.AddIndex("thing", models.Index(fields=["note"], name="i")), "locked"),
        (migrations.RunSQL("SELECT 1"), "nobody but you"),
    ],
)  # fmt: skip
def test_what_old_code_would_stumble_over_is_found(operation: Operation, words: str) -> None:
    (finding,) = judged(operation)
    assert words in finding


def test_what_only_adds_is_let_through() -> None:
    assert not judged(
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("other", "size", models.IntegerField(default=0)),
        migrations.AddField("thing", "size", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("thing", "width", models.IntegerField(null=True)),
        migrations.AlterField("thing", "note", models.CharField(max_length=40, null=True)),
        migrations.RunPython(migrations.RunPython.noop),
    )


def test_a_migration_may_answer_for_itself() -> None:
    operation = migrations.RemoveField("thing", "note")
    assert not judged(operation, **{WORD: "No code since 0.2.0 asks for it."})
    assert judged(operation, **{WORD: " "})
