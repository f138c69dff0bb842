# Notices that were overtaken, batches with unknown deliveries, fallback addresses, and rows that stay HOT.

import django.db.models.deletion
from django.db import migrations, models


def leave_room_in_pages(apps, schema_editor):
    """On PostgreSQL, leave room beside each row: its updates then touch no index (HOT)."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        "ALTER TABLE notifications_delivery SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)"
    )
    schema_editor.execute("ALTER TABLE notifications_batch SET (fillfactor = 60)")
    schema_editor.execute("ALTER TABLE notifications_lane SET (fillfactor = 40)")


def say_something(apps, schema_editor):
    """Rows of the first release that gave no reason say so, or the new constraint would refuse them."""
    apps.get_model("notifications", "Delivery").objects.filter(
        state__in=["bounced", "deferred", "failed", "suppressed", "cancelled", "superseded", "expired"],
        reason="",
    ).update(reason="no reason was recorded")


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.AddField("notice", "overtaken_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("notice", "overtaken_reason", models.CharField(blank=True, max_length=300)),
        migrations.AlterField(
            "delivery",
            "recipient",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="notifications.recipient",
            ),
        ),
        migrations.RunPython(say_something, migrations.RunPython.noop),
        migrations.AddField(
            model_name='batch',
            name='unknown_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recipient',
            name='fallbacks',
            field=models.JSONField(default=dict, help_text='Further addresses, tried only when the others fail.'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('lease_until__isnull', False)), fields=['lease_until'], name='batch_leased'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('unknown_at__isnull', False)), fields=['unknown_at'], name='batch_unknown'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('bounced', 'deferred', 'failed', 'suppressed', 'cancelled', 'superseded', 'expired')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='what_was_not_sent_says_why'),
        ),
        migrations.RunPython(leave_room_in_pages, migrations.RunPython.noop),
    ]
