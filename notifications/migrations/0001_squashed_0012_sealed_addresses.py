"""All tables of delivery as the first twelve migrations leave them, made in one step for a new database."""

import django.db.models.deletion
import encrypted_fields.fields
import notifications.sealing
import uuid
from django.conf import settings
from django.db import migrations, models

from notifications.migrations._tables import CreateModels


def leave_room_in_pages(apps, schema_editor):
    """On PostgreSQL, leave room beside each row: its updates then touch no index (HOT)."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        "ALTER TABLE notifications_delivery SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)"
    )
    schema_editor.execute("ALTER TABLE notifications_batch SET (fillfactor = 60)")
    schema_editor.execute("ALTER TABLE notifications_lane SET (fillfactor = 40)")


class Migration(migrations.Migration):

    replaces = [
        ('notifications', '0001_initial'),
        ('notifications', '0002_order_and_unknown'),
        ('notifications', '0003_wishes'),
        ('notifications', '0004_slack_workspaces'),
        ('notifications', '0005_watches_and_digests'),
        ('notifications', '0006_endpoints'),
        ('notifications', '0007_outbound'),
        ('notifications', '0008_troubles'),
        ('notifications', '0009_integrations_named'),
        ('notifications', '0010_unchecked_references'),
        ('notifications', '0011_plural_of_delivery'),
        ('notifications', '0012_sealed_addresses'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60)),
                    ('category', models.CharField(max_length=20)),
                    ('subject_ref', models.CharField(db_index=True, max_length=80)),
                    ('thread_key', models.CharField(db_index=True, max_length=80)),
                    ('idempotency_key', models.CharField(max_length=200, unique=True)),
                    ('contents', models.JSONField()),
                    ('staged_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('overtaken_at', models.DateTimeField(blank=True, null=True)),
                    ('overtaken_reason', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'ordering': ['-staged_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Lane',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('slack_channel', 'Slack Channel'), ('email', 'Email'), ('slack_dm', 'Slack Dm'), ('webhook', 'Webhook')], max_length=20)),
                    ('name', models.CharField(max_length=80)),
                    ('parked_until', models.DateTimeField(blank=True, null=True)),
                    ('parked_reason', models.CharField(blank=True, max_length=200)),
                    ('is_stopped', models.BooleanField(default=False)),
                    ('per_second', models.FloatField(default=0, help_text='Messages a second; 0 means as fast as it goes.')),
                    ('tokens', models.FloatField(default=0)),
                    ('refilled_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('channel', 'name'), name='lane_once')],
                },
            ),
            migrations.CreateModel(
                name='Batch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('priority', models.PositiveSmallIntegerField()),
                    ('due_at', models.DateTimeField()),
                    ('lease_token', models.UUIDField(blank=True, null=True)),
                    ('lease_until', models.DateTimeField(blank=True, null=True)),
                    ('is_done', models.BooleanField(default=False)),
                    ('lane', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='notifications.lane')),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='notifications.notice')),
                    ('unknown_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('is_done', False)), fields=['priority', 'due_at', 'id'], name='batch_to_claim'), models.Index(condition=models.Q(('lease_until__isnull', False)), fields=['lease_until'], name='batch_leased'), models.Index(condition=models.Q(('unknown_at__isnull', False)), fields=['unknown_at'], name='batch_unknown')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', True), ('lease_until__isnull', True)), models.Q(('lease_token__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='lease_is_whole')],
                },
            ),
            migrations.CreateModel(
                name='Recipient',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=80)),
                    ('name', models.CharField(max_length=200)),
                    ('locale', models.CharField(max_length=10)),
                    ('time_zone', models.CharField(max_length=50)),
                    ('fields', models.JSONField(default=dict)),
                    ('notice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='notifications.notice')),
                    ('fallbacks', models.JSONField(default=dict, help_text='Further addresses, tried only when the others fail.')),
                ],
                options={
                    'indexes': [models.Index(fields=['key'], name='recipient_by_key')],
                    'constraints': [models.UniqueConstraint(fields=('notice', 'key'), name='recipient_once_a_notice')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('slack_channel', 'Slack Channel'), ('email', 'Email'), ('slack_dm', 'Slack Dm'), ('webhook', 'Webhook')], max_length=20)),
                    ('address', notifications.sealing.SealedAddressField(max_length=254)),
                    ('state', models.CharField(choices=[('queued', 'Waiting'), ('claimed', 'Taken up'), ('sending', 'Being sent'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('bounced', 'Came back'), ('deferred', 'Tried, will be tried again'), ('unknown', 'Not known'), ('failed', 'Failed'), ('suppressed', 'Held back'), ('cancelled', 'No longer due'), ('superseded', 'Overtaken'), ('expired', 'Too late')], default='queued', max_length=10)),
                    ('due_at', models.DateTimeField()),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('attempt_token', models.UUIDField(blank=True, null=True)),
                    ('message_id', models.CharField(blank=True, max_length=120)),
                    ('provider_ref', models.CharField(blank=True, max_length=200)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('recorded_at', models.DateTimeField()),
                    ('batch', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notifications.batch')),
                    ('notice', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.notice')),
                    ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.recipient')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('recipient', 'channel'), name='delivery_once_a_channel'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'claimed', 'sending', 'sent', 'delivered', 'bounced', 'deferred', 'unknown', 'failed', 'suppressed', 'cancelled', 'superseded', 'expired'])), name='delivery_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('attempt_token__isnull', False), _connector='OR'), name='sending_has_an_attempt'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('bounced', 'deferred', 'failed', 'suppressed', 'cancelled', 'superseded', 'expired')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='what_was_not_sent_says_why')],
                    'verbose_name_plural': 'deliveries',
                },
            ),
            migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.UUIDField()),
                    ('at', models.DateTimeField()),
                    ('outcome', models.CharField(max_length=20)),
                    ('code', models.CharField(blank=True, max_length=60)),
                    ('detail', models.CharField(blank=True, max_length=300)),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='notifications.delivery')),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Suppression',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('slack_channel', 'Slack Channel'), ('email', 'Email'), ('slack_dm', 'Slack Dm'), ('webhook', 'Webhook')], max_length=20)),
                    ('address', notifications.sealing.SealedAddressField(max_length=254)),
                    ('reason', models.CharField(max_length=300)),
                    ('since', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('channel', 'address'), name='suppressed_once')],
                },
            ),
            migrations.CreateModel(
                name='Wish',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recipient_key', models.CharField(max_length=80, unique=True)),
                    ('ways', models.JSONField(default=dict)),
                    ('quiet_from', models.TimeField(blank=True, null=True)),
                    ('quiet_until', models.TimeField(blank=True, null=True)),
                    ('digest_at', models.TimeField(blank=True, null=True)),
                    ('changed_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='quiet_hours_are_whole')],
                },
            ),
            migrations.CreateModel(
                name='Workspace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team_id', models.CharField(max_length=20, unique=True, verbose_name='workspace id')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('app_id', models.CharField(blank=True, max_length=20)),
                    ('bot_user_id', models.CharField(blank=True, max_length=20)),
                    ('scopes', models.TextField(blank=True)),
                    ('bot_token', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                    ('refresh_token', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                    ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='token good until')),
                    ('refreshing_until', models.DateTimeField(blank=True, null=True)),
                    ('installed_at', models.DateTimeField(verbose_name='installed')),
                    ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='left')),
                    ('removed_reason', models.CharField(blank=True, max_length=100)),
                ],
                options={
                    'verbose_name': 'Slack workspace',
                    'verbose_name_plural': 'Slack workspaces',
                    'ordering': ['installed_at', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), models.Q(('bot_token__isnull', True), ('refresh_token__isnull', True)), _connector='OR'), name='who_left_has_no_token')],
                },
            ),
            migrations.CreateModel(
                name='HeldForDigest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recipient_key', models.CharField(max_length=80)),
                    ('due_at', models.DateTimeField(db_index=True)),
                    ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='notifications.delivery')),
                ],
            ),
            migrations.CreateModel(
                name='Watch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due_at', models.DateTimeField(db_index=True)),
                    ('recipient', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='watch', to='notifications.recipient')),
                ],
            ),
            migrations.CreateModel(
                name='Endpoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', models.CharField(max_length=100)),
                    ('url', models.CharField(max_length=500)),
                    ('events', models.JSONField(default=list)),
                    ('secret', encrypted_fields.fields.EncryptedTextField()),
                    ('previous_secret', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                    ('previous_until', models.DateTimeField(blank=True, null=True)),
                    ('made_at', models.DateTimeField()),
                    ('failing_since', models.DateTimeField(blank=True, null=True)),
                    ('failures', models.PositiveIntegerField(default=0)),
                    ('disabled_at', models.DateTimeField(blank=True, null=True)),
                    ('disabled_reason', models.CharField(blank=True, max_length=300)),
                    ('removed_at', models.DateTimeField(blank=True, null=True)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhook_endpoints', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('disabled_at__isnull', True), ('disabled_reason', '')), models.Q(('disabled_at__isnull', False), models.Q(('disabled_reason', ''), _negated=True)), _connector='OR'), name='disabled_endpoint_says_why')],
                    'verbose_name': 'integration',
                    'verbose_name_plural': 'integrations',
                },
            ),
            migrations.CreateModel(
                name='Outbound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ledger', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('mark', models.BigIntegerField(default=0)),
                    ('held_since', models.DateTimeField(blank=True, null=True, verbose_name='held since')),
                    ('held_reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                    ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released')),
                    ('released_by', models.CharField(blank=True, max_length=80, verbose_name='released by')),
                ],
                options={
                    'verbose_name': 'outbound',
                    'verbose_name_plural': 'outbound',
                    'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='outbound_is_one')],
                },
            ),
            migrations.CreateModel(
                name='Trouble',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_index=True)),
                    ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='trouble', to='notifications.delivery')),
                ],
            ),
        ]),
        migrations.RunPython(leave_room_in_pages, migrations.RunPython.noop),
    ]
