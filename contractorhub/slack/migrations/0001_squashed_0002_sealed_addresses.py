"""The tables of inbound Slack as its first two migrations leave them, made in one step for a new database."""

import django.db.models.deletion
import encrypted_fields.fields
import notifications.sealing
from django.conf import settings
from django.db import migrations, models

from notifications.migrations._tables import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('slack', '0001_first'),
        ('slack', '0002_sealed_addresses'),
    ]

    initial = True

    dependencies = [
        ('projects', '0001_squashed_0021_contractors_by_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='InboundEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unique_id', models.CharField(max_length=200, unique=True)),
                    ('signature', models.CharField(max_length=80, unique=True)),
                    ('kind', models.CharField(max_length=60)),
                    ('team_id', models.CharField(max_length=20)),
                    ('payload', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                    ('calls', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('received', 'Received'), ('worked', 'Worked on, answers to be sent'), ('done', 'Done'), ('failed', 'Failed')], default='received', max_length=10)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('due_at', models.DateTimeField()),
                    ('lease_until', models.DateTimeField(blank=True, null=True)),
                    ('received_at', models.DateTimeField()),
                    ('error', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'verbose_name': 'Slack event',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(condition=models.Q(('state__in', ['received', 'worked'])), fields=['due_at'], name='slack_event_to_do')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['received', 'worked', 'done', 'failed'])), name='slack_event_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('calls__isnull', True), ('payload__isnull', True)), _connector='OR'), name='done_slack_event_is_empty')],
                },
            ),
            migrations.CreateModel(
                name='WatchedWorkspace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team_id', models.CharField(max_length=20, unique=True)),
                    ('since', models.DateTimeField()),
                    ('switched_on_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Question',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team_id', models.CharField(max_length=20)),
                    ('channel', models.CharField(max_length=20)),
                    ('thread_ts', models.CharField(max_length=20)),
                    ('ts', models.CharField(max_length=20)),
                    ('asker', notifications.sealing.SealedAddressField(max_length=70)),
                    ('text', notifications.sealing.SealedTextField()),
                    ('asked_at', models.DateTimeField()),
                    ('answer', models.TextField(blank=True)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slack_questions', to='projects.pause')),
                    ('update', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.pauseupdate')),
                ],
                options={
                    'ordering': ['asked_at', 'pk'],
                    'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['pause'], name='slack_question_open')],
                    'constraints': [models.UniqueConstraint(fields=('team_id', 'channel', 'ts'), name='slack_question_once'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', False), ('answer', ''), _connector='OR'), name='answered_slack_question_is_closed')],
                },
            ),
            migrations.CreateModel(
                name='Sighting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team_id', models.CharField(max_length=20)),
                    ('channel', models.CharField(max_length=20)),
                    ('ts', models.CharField(max_length=20)),
                    ('author', notifications.sealing.SealedAddressField(blank=True, max_length=70)),
                    ('text', notifications.sealing.SealedTextField()),
                    ('seen_at', models.DateTimeField()),
                    ('proposed_on', models.DateField(blank=True, help_text='The day the watcher proposed it.', null=True)),
                    ('pause', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='slack_source', to='projects.pause')),
                    ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                ],
                options={
                    'verbose_name': 'Slack message behind a pause',
                    'verbose_name_plural': 'Slack messages behind pauses',
                    'constraints': [models.UniqueConstraint(fields=('team_id', 'channel', 'ts'), name='slack_sighting_once'), models.UniqueConstraint(fields=('project', 'proposed_on'), name='one_proposal_a_day')],
                },
            ),
            migrations.CreateModel(
                name='SlackAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team_id', models.CharField(max_length=20)),
                    ('slack_user_id', notifications.sealing.SealedAddressField(max_length=70)),
                    ('linked_at', models.DateTimeField()),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slack_accounts', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('team_id', 'slack_user_id'), name='slack_account_once'), models.UniqueConstraint(fields=('team_id', 'user'), name='one_slack_account_a_workspace')],
                },
            ),
        ]),
    ]
