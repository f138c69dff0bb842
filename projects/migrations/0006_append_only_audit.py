"""The end of the audit trail, and triggers that refuse to change or take away what was written."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION contractorhub_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('contractorhub.may_empty_audit', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit trail is only ever added to.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON projects_auditevent
    FOR EACH ROW EXECUTE FUNCTION contractorhub_refuse_audit_change();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON projects_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION contractorhub_refuse_audit_change();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_is_never_emptied ON projects_auditevent;
DROP TRIGGER audit_is_append_only ON projects_auditevent;
DROP FUNCTION contractorhub_refuse_audit_change();
"""
# Taking rows away is refused in code alone here: SQLite tells no emptying of a test database from a deletion.
SQLITE = """
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON projects_auditevent
BEGIN SELECT RAISE(ABORT, 'The audit trail is only ever added to.'); END
"""
SQLITE_BACK = "DROP TRIGGER audit_is_append_only"


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK)


def note_the_end(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    last = apps.get_model("projects", "AuditEvent").objects.order_by("-number").first()
    if last is not None:
        apps.get_model("projects", "AuditEvent").objects.create(pk=1, number=last.number, hash=last.hash)


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_slack_addresses")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="the_trail_has_one_end")
                ]
            },
        ),
        migrations.RunPython(note_the_end, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
