"""All tables of the business as the first twenty-one migrations leave them, made in one step for a new database."""

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import notifications.sealing
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from notifications.migrations._tables import CreateModels


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


class Migration(migrations.Migration):

    replaces = [
        ('projects', '0001_initial'),
        ('projects', '0002_decided_hours'),
        ('projects', '0003_reports_rates_periods'),
        ('projects', '0004_corrections'),
        ('projects', '0005_slack_addresses'),
        ('projects', '0006_append_only_audit'),
        ('projects', '0007_last_opened'),
        ('projects', '0008_imports_and_calendars'),
        ('projects', '0009_seats_and_candidacies'),
        ('projects', '0010_personal'),
        ('projects', '0011_desk_record'),
        ('projects', '0012_upload_details'),
        ('projects', '0013_chosen_projects'),
        ('projects', '0014_contract_caps_and_standby_a_day'),
        ('projects', '0015_reference_pay'),
        ('projects', '0016_pay_reads'),
        ('projects', '0017_hours_that_nothing_matches'),
        ('projects', '0018_hours_without_a_third_index'),
        ('projects', '0019_sealed_addresses'),
        ('projects', '0020_estimates_without_second_indexes'),
        ('projects', '0021_contractors_by_name'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='email address')),
                    ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may open the admin')),
                    ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ('manager', models.ForeignKey(blank=True, help_text='Hears of a broken promise of a next word as well.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                    'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case')],
                },
            ),
            migrations.CreateModel(
                name='AuditEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.BigIntegerField(unique=True)),
                    ('at', models.DateTimeField()),
                    ('verb', models.CharField(max_length=60)),
                    ('subject_ref', models.CharField(db_index=True, max_length=60)),
                    ('before', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                    ('after', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                    ('previous_hash', models.CharField(max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['number'],
                },
            ),
            migrations.CreateModel(
                name='Client',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=30, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z0-9][A-Z0-9_-]{0,29}$', 'A code has capital letters, digits, dashes and underscores only.')], verbose_name='code')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('owners', models.ManyToManyField(blank=True, related_name='owned_clients', to=settings.AUTH_USER_MODEL, verbose_name='client owners')),
                    ('notice_days', models.PositiveSmallIntegerField(default=0, help_text='Agreed before work may stop; stopped sooner, the days that are missing are owed as pay.', verbose_name='days of notice')),
                    ('guaranteed_share_bp', models.PositiveIntegerField(default=10000, verbose_name='share of reference pay that is guaranteed, in basis points')),
                    ('monthly_cap_currency', models.CharField(blank=True, max_length=3, verbose_name='currency of that limit')),
                    ('monthly_cap_minor', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='most that is guaranteed a month, in minor units')),
                    ('pay_policy', models.CharField(choices=[('average', 'Average of the year before'), ('same-period-last-year', 'That average, or the same days last year where they were higher'), ('paid-weeks', 'Mean of the last 52 paid weeks'), ('calendar-days', 'Fixed pay by calendar days'), ('working-days', 'Fixed pay by working days')], default='average', max_length=30, verbose_name='policy of reference pay')),
                ],
                options={
                    'ordering': ['code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('pay_policy__in', ['average', 'same-period-last-year', 'paid-weeks', 'calendar-days', 'working-days'])), name='client_pay_policy_is_known'), models.CheckConstraint(condition=models.Q(('guaranteed_share_bp__lte', 10000)), name='client_guarantee_is_a_share'), models.CheckConstraint(condition=models.Q(models.Q(('monthly_cap_currency', ''), ('monthly_cap_minor__isnull', True)), models.Q(('monthly_cap_minor__isnull', False), models.Q(('monthly_cap_currency', ''), _negated=True)), _connector='OR'), name='client_monthly_cap_is_whole')],
                },
            ),
            migrations.CreateModel(
                name='Contractor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='email address')),
                    ('external_id', models.CharField(blank=True, db_index=True, max_length=100, verbose_name="id in the firm's own system")),
                    ('slack_user_id', notifications.sealing.SealedAddressField(blank=True, max_length=90, validators=[django.core.validators.RegexValidator('^(?:T[A-Z0-9]{2,18}/)?[UW][A-Z0-9]{2,19}\\Z', 'A Slack user id starts with U or W; with several workspaces: T0123ABCD/U0123ABCD.')], verbose_name='Slack user id')),
                    ('country', models.CharField(help_text='ISO 3166 code, such as PH.', max_length=2, verbose_name='country')),
                    ('region', models.CharField(blank=True, help_text='ISO 3166-2 part after the dash.', max_length=10, verbose_name='region')),
                    ('locale', models.CharField(default='en', max_length=10, verbose_name='language')),
                    ('time_zone', models.CharField(default='UTC', max_length=50, verbose_name='time zone')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contractor', to=settings.AUTH_USER_MODEL)),
                    ('display_currency', models.CharField(blank=True, help_text='ISO 4217 code, such as PHP; empty: as paid.', max_length=3, verbose_name='also shown in')),
                ],
                options={
                    'ordering': ['name', 'pk'],
                    'indexes': [models.Index(fields=['name', 'id'], name='contractor_by_name')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='contractor_email_is_lower_case')],
                },
            ),
            migrations.CreateModel(
                name='HoursImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=255)),
                    ('file_hash', models.CharField(db_index=True, max_length=64)),
                    ('format', models.CharField(max_length=30)),
                    ('started_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('undone_at', models.DateTimeField(blank=True, null=True)),
                    ('rows_read', models.PositiveIntegerField(default=0)),
                    ('rows_added', models.PositiveIntegerField(default=0)),
                    ('rows_known', models.PositiveIntegerField(default=0)),
                    ('rows_rejected', models.PositiveIntegerField(default=0)),
                    ('errors', models.JSONField(blank=True, default=list)),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('closed_at', models.DateTimeField(blank=True, help_text='Since then some of its days are kept as totals: it cannot be undone.', null=True)),
                    ('rows_replaced', models.PositiveIntegerField(default=0)),
                    ('rows_unmatched', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'ordering': ['-started_at'],
                },
            ),
            migrations.CreateModel(
                name='JobRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('subject_ref', models.CharField(blank=True, max_length=60)),
                    ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                    ('done_count', models.PositiveIntegerField(default=0)),
                    ('total_count', models.PositiveIntegerField(default=0)),
                    ('asked_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('parameters', models.JSONField(blank=True, default=dict)),
                    ('result', models.JSONField(blank=True, default=dict)),
                    ('error', models.TextField(blank=True)),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('touched_at', models.DateTimeField(blank=True, help_text='The latest sign of life.', null=True)),
                ],
                options={
                    'ordering': ['-asked_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Leave',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('leave', 'Leave'), ('sickness', 'Sickness'), ('other', 'Other absence')], max_length=10)),
                    ('starts_on', models.DateField(verbose_name='first day')),
                    ('ends_on', models.DateField(verbose_name='first day back')),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leave', to='projects.contractor')),
                ],
                options={
                    'ordering': ['contractor', 'starts_on'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='leave_ends_after_start'), models.UniqueConstraint(fields=('contractor', 'starts_on', 'kind'), name='leave_starts_once')],
                },
            ),
            migrations.CreateModel(
                name='Project',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=30, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z0-9][A-Z0-9_-]{0,29}$', 'A code has capital letters, digits, dashes and underscores only.')], verbose_name='code name')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('slack_channel', models.CharField(blank=True, help_text="Such as C0123ABCD; seen in the channel's details. With several workspaces: T0123ABCD/C0123ABCD.", max_length=41, verbose_name='Slack channel id')),
                    ('time_zone', models.CharField(default='UTC', max_length=50, verbose_name='time zone')),
                    ('planned_end_on', models.DateField(blank=True, help_text='The horizon of a loss.', null=True, verbose_name='end the client has stated')),
                    ('ended_on', models.DateField(blank=True, help_text='First day without work.', null=True, verbose_name='ended on')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='projects.client')),
                    ('leads', models.ManyToManyField(blank=True, related_name='led_projects', to=settings.AUTH_USER_MODEL, verbose_name='project leads')),
                ],
                options={
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='Engagement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('starts_on', models.DateField(verbose_name='first day')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='first day after the term')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='projects.contractor')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='projects.project')),
                ],
                options={
                    'ordering': ['project', 'contractor', 'starts_on'],
                    'indexes': [models.Index(fields=['project', 'starts_on', 'ends_on'], name='engagement_by_project_term')],
                    'constraints': [models.UniqueConstraint(fields=('contractor', 'project', 'starts_on'), name='engagement_starts_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='engagement_ends_after_start')],
                },
            ),
            migrations.CreateModel(
                name='Pause',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('kind', models.CharField(choices=[('full', 'All work stops'), ('reduced', 'Work is reduced')], default='full', max_length=10)),
                    ('remaining_share_bp', models.PositiveIntegerField(default=0, help_text='5000 is one half; 0 in a full pause.', verbose_name='share of hours that goes on, in basis points')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('scheduled', 'Scheduled'), ('in_effect', 'In effect'), ('ended', 'Ended'), ('void', 'Void')], default='draft', max_length=10)),
                    ('starts_at', models.DateTimeField(verbose_name='since')),
                    ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                    ('reason_code', models.CharField(choices=[('scope_reassessment', 'Scope is being reassessed'), ('security_incident', 'Security incident'), ('budget', 'Budget'), ('data_quality', 'Data quality'), ('legal_hold', 'Legal hold'), ('client_request', "At the client's request"), ('other', 'Other')], max_length=30, verbose_name='reason')),
                    ('what_stopped', models.TextField(verbose_name='What stops?')),
                    ('why', models.TextField(verbose_name='Why, in words contractors may read?')),
                    ('what_happens_to_pay', models.TextField(verbose_name='What happens to pay?')),
                    ('next_update_by', models.DateTimeField(blank=True, null=True, verbose_name='When does the next word come?')),
                    ('what_to_do_now', models.TextField(verbose_name='What should people do now?')),
                    ('confidential_note', models.TextField(blank=True, verbose_name='Confidential note, never sent')),
                    ('expected_resume', models.CharField(choices=[('unknown', 'Not known yet'), ('window', 'Within a window'), ('date', 'On a date')], default='unknown', max_length=10)),
                    ('expected_resume_from', models.DateField(blank=True, null=True, verbose_name='earliest day')),
                    ('expected_resume_until', models.DateField(blank=True, null=True, verbose_name='latest day')),
                    ('standby_share_bp', models.PositiveIntegerField(default=0, verbose_name='standby pay, share of expected pay in basis points')),
                    ('notice_sent_at', models.DateTimeField(blank=True, help_text='Hours worked before this instant stay payable.', null=True, verbose_name='notice given')),
                    ('opened_at', models.DateTimeField(verbose_name='opened')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='ended or made void at')),
                    ('void_reason', models.TextField(blank=True)),
                    ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='projects.client')),
                    ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='projects.project')),
                    ('chosen_codes', models.TextField(blank=True, help_text="Codes of the client's projects it stops, a space between them; empty for all, later ones too.")),
                    ('standby_currency', models.CharField(blank=True, max_length=3, verbose_name='currency of standby pay a day')),
                    ('standby_daily_minor', models.PositiveBigIntegerField(default=0, help_text='For each paused day on which work was expected, on top of any share.', verbose_name='standby pay a day, in minor units')),
                    ('standby_max_days', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as long as the pause lasts.', null=True, verbose_name='most days of standby pay')),
                ],
                options={
                    'ordering': ['-starts_at', '-pk'],
                    'indexes': [models.Index(fields=['state', 'starts_at'], name='pause_by_state_start'), models.Index(condition=models.Q(('state', 'in_effect')), fields=['next_update_by'], name='pause_next_word')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('client__isnull', True), ('project__isnull', False)), models.Q(('client__isnull', False), ('project__isnull', True)), _connector='OR'), name='pause_has_one_target'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='pause_ends_after_start'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'scheduled', 'in_effect', 'ended', 'void'])), name='pause_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'full'), ('remaining_share_bp', 0)), models.Q(('kind', 'reduced'), ('remaining_share_bp__gt', 0), ('remaining_share_bp__lt', 10000)), _connector='OR'), name='pause_share_fits_its_kind'), models.CheckConstraint(condition=models.Q(('standby_share_bp__lte', 10000)), name='pause_standby_is_a_share'), models.CheckConstraint(condition=models.Q(models.Q(('expected_resume', 'unknown'), ('expected_resume_from__isnull', True), ('expected_resume_until__isnull', True)), models.Q(('expected_resume', 'date'), ('expected_resume_from__isnull', False), ('expected_resume_until__isnull', True)), models.Q(('expected_resume', 'window'), ('expected_resume_from__isnull', False), ('expected_resume_until__gt', models.F('expected_resume_from'))), _connector='OR'), name='pause_expected_resume_is_whole'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'ended', 'void']), ('next_update_by__isnull', False), _connector='OR'), name='open_pause_promises_the_next_word'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(models.Q(('what_stopped', ''), _negated=True), models.Q(('why', ''), _negated=True), models.Q(('what_happens_to_pay', ''), _negated=True), models.Q(('what_to_do_now', ''), _negated=True)), _connector='OR'), name='pause_answers_all_six'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ['ended', 'void'])), models.Q(('closed_at__isnull', True), ('state__in', ['draft', 'scheduled', 'in_effect'])), _connector='OR'), name='pause_closed_when_over'), models.UniqueConstraint(condition=models.Q(('state__in', ['scheduled', 'in_effect'])), fields=('project',), name='one_open_pause_a_project'), models.CheckConstraint(condition=models.Q(('chosen_codes', ''), ('client__isnull', False), _connector='OR'), name='projects_are_chosen_of_a_client'), models.UniqueConstraint(condition=models.Q(('chosen_codes', ''), ('state__in', ['scheduled', 'in_effect'])), fields=('client',), name='one_open_pause_a_client'), models.CheckConstraint(condition=models.Q(models.Q(('standby_currency', ''), ('standby_daily_minor', 0), ('standby_max_days__isnull', True)), models.Q(('standby_daily_minor__gt', 0), models.Q(('standby_currency', ''), _negated=True)), _connector='OR'), name='pause_standby_a_day_is_whole')],
                },
            ),
            migrations.CreateModel(
                name='EstimateRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField()),
                    ('method_version', models.CharField(max_length=30)),
                    ('policy', models.CharField(blank=True, help_text='The policy reference pay was reckoned by; empty: none was.', max_length=50)),
                    ('inputs_fingerprint', models.CharField(blank=True, max_length=64)),
                    ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Being computed'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=10)),
                    ('reason', models.CharField(default='opened', max_length=30)),
                    ('asked_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('chunks_total', models.PositiveIntegerField(default=0)),
                    ('error', models.TextField(blank=True)),
                    ('context', models.JSONField(blank=True, default=dict)),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='estimate_runs', to='projects.pause')),
                    ('guaranteed_share_bp', models.PositiveIntegerField(default=10000)),
                    ('monthly_cap_currency', models.CharField(blank=True, max_length=3)),
                    ('monthly_cap_minor', models.PositiveBigIntegerField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-asked_at', '-pk'],
                    'indexes': [models.Index(fields=['pause', 'state', '-asked_at'], name='runs_of_a_pause')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='run_done_has_finished')],
                },
            ),
            migrations.CreateModel(
                name='EstimateChunk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('first_contractor_id', models.BigIntegerField()),
                    ('last_contractor_id', models.BigIntegerField()),
                    ('done_at', models.DateTimeField(blank=True, null=True)),
                    ('rung_at', models.DateTimeField(blank=True, null=True)),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='projects.estimaterun')),
                ],
                options={
                    'ordering': ['run', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='chunk_numbered_once'), models.CheckConstraint(condition=models.Q(('last_contractor_id__gte', models.F('first_contractor_id'))), name='chunk_is_a_range')],
                },
            ),
            migrations.CreateModel(
                name='LostIncomeEstimate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3)),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField()),
                    ('expected_seconds', models.BigIntegerField()),
                    ('expected_minor', models.BigIntegerField()),
                    ('earned_minor', models.BigIntegerField(default=0)),
                    ('recovered_minor', models.BigIntegerField(default=0)),
                    ('standby_minor', models.BigIntegerField(default=0)),
                    ('lost_minor', models.BigIntegerField()),
                    ('low80_minor', models.BigIntegerField()),
                    ('high80_minor', models.BigIntegerField()),
                    ('low95_minor', models.BigIntegerField()),
                    ('high95_minor', models.BigIntegerField()),
                    ('weekly_expected_minor', models.BigIntegerField(default=0, help_text='A usual week without the pause, in minor units.')),
                    ('spread_minor', models.BigIntegerField(default=0, help_text="Standard deviation of the person's own luck; ranges of sums are reckoned from it.")),
                    ('usual_weekly_seconds', models.BigIntegerField(default=0)),
                    ('is_provisional', models.BooleanField(default=False)),
                    ('reasons', models.JSONField(default=list, help_text='Why the estimate is provisional.')),
                    ('lines', models.JSONField(default=list)),
                    ('inputs_fingerprint', models.CharField(max_length=64)),
                    ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='estimates', to='projects.engagement')),
                    ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='estimates', to='projects.estimaterun')),
                    ('guaranteed_minor', models.BigIntegerField(blank=True, null=True)),
                    ('reference_minor', models.BigIntegerField(blank=True, help_text="Reference pay of the paused days by the run's policy; empty where it does not fit.", null=True)),
                ],
                options={
                    'ordering': ['run', 'engagement'],
                    'constraints': [models.UniqueConstraint(fields=('run', 'engagement', 'currency'), name='estimated_once_a_run'), models.CheckConstraint(condition=models.Q(('lost_minor', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('expected_minor'), '-', models.F('earned_minor')), '-', models.F('recovered_minor')), '-', models.F('standby_minor')))), name='lost_is_what_remains'), models.CheckConstraint(condition=models.Q(('low80_minor__lte', models.F('high80_minor')), ('low95_minor__lte', models.F('low80_minor')), ('high80_minor__lte', models.F('high95_minor'))), name='ranges_nest')],
                },
            ),
            migrations.CreateModel(
                name='EstimateWeek',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('week_starts_on', models.DateField(verbose_name='Monday of the week')),
                    ('expected_seconds', models.BigIntegerField()),
                    ('expected_minor', models.BigIntegerField()),
                    ('earned_minor', models.BigIntegerField(default=0)),
                    ('recovered_minor', models.BigIntegerField(default=0)),
                    ('standby_minor', models.BigIntegerField(default=0)),
                    ('lost_minor', models.BigIntegerField()),
                    ('estimate', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='weeks', to='projects.lostincomeestimate')),
                ],
                options={
                    'ordering': ['estimate', 'week_starts_on'],
                    'constraints': [models.UniqueConstraint(fields=('estimate', 'week_starts_on'), name='week_estimated_once'), models.CheckConstraint(condition=models.Q(('lost_minor', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('expected_minor'), '-', models.F('earned_minor')), '-', models.F('recovered_minor')), '-', models.F('standby_minor')))), name='week_lost_is_what_remains')],
                },
            ),
            migrations.CreateModel(
                name='Acknowledgement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('opened_at', models.DateTimeField(blank=True, null=True)),
                    ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                    ('via', models.CharField(blank=True, max_length=20)),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgements', to='projects.contractor')),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgements', to='projects.pause')),
                    ('last_opened_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pause', 'contractor'), name='acknowledged_once'), models.CheckConstraint(condition=models.Q(('opened_at__isnull', False), ('acknowledged_at__isnull', False), _connector='OR'), name='acknowledgement_says_something')],
                },
            ),
            migrations.CreateModel(
                name='PauseExclusion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(max_length=300)),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.contractor')),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusions', to='projects.pause')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pause', 'contractor'), name='excluded_once')],
                },
            ),
            migrations.CreateModel(
                name='PauseUpdate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('opened', 'Paused'), ('took_effect', 'The pause has begun'), ('updated', 'Update'), ('extended', 'New expected dates'), ('ended', 'Work goes on'), ('released', 'Work goes on, on one project'), ('voided', 'Opened by mistake'), ('reassessed', 'Scope decided')], max_length=15)),
                    ('text', models.TextField(verbose_name='words contractors read')),
                    ('confidential_note', models.TextField(blank=True)),
                    ('next_update_by', models.DateTimeField(blank=True, null=True)),
                    ('promised_by', models.DateTimeField(blank=True, help_text='The next word that had been promised before this one.', null=True)),
                    ('at', models.DateTimeField()),
                    ('changes', models.JSONField(blank=True, default=dict)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='projects.pause')),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='OpenSeat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200, verbose_name='title')),
                    ('seats', models.PositiveIntegerField(default=1, verbose_name='seats')),
                    ('basis', models.CharField(choices=[('hour', 'hour'), ('day', 'day'), ('week', 'week'), ('month', 'month'), ('task', 'task')], default='hour', max_length=10, verbose_name='paid by the')),
                    ('amount_millionths', models.BigIntegerField(help_text='The lowest of the range.', verbose_name='amount in millionths')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('weekly_seconds', models.PositiveIntegerField(blank=True, null=True, verbose_name='seconds a week')),
                    ('countries', models.JSONField(blank=True, default=list, help_text='Empty means anywhere.', verbose_name='countries')),
                    ('skills', models.JSONField(blank=True, default=list, verbose_name='skills')),
                    ('opened_on', models.DateField(verbose_name='open from')),
                    ('closes_on', models.DateField(blank=True, null=True, verbose_name='closes on')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_seats', to='projects.project')),
                    ('highest_millionths', models.BigIntegerField(blank=True, help_text='Empty: there is no range.', null=True, verbose_name='highest amount in millionths')),
                ],
                options={
                    'ordering': ['project', 'title'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_millionths__gte', 0)), name='seat_rate_is_not_negative'), models.CheckConstraint(condition=models.Q(('highest_millionths__isnull', True), ('highest_millionths__gte', models.F('amount_millionths')), _connector='OR'), name='seat_range_is_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Rate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('basis', models.CharField(choices=[('hour', 'hour'), ('day', 'day'), ('week', 'week'), ('month', 'month'), ('task', 'task')], max_length=10, verbose_name='paid by the')),
                    ('amount_millionths', models.BigIntegerField(help_text='Millionths of a currency unit: 21.50 is 21500000.', verbose_name='amount in millionths')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('contracted_weekly_seconds', models.PositiveIntegerField(blank=True, null=True, verbose_name='contracted seconds a week')),
                    ('weekday_seconds', models.JSONField(blank=True, help_text='Seven numbers, Monday first; empty when not agreed.', null=True, verbose_name='seconds by weekday')),
                    ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='projects.engagement')),
                    ('max_weekly_seconds', models.PositiveIntegerField(blank=True, help_text="The contract's cap; empty when there is none.", null=True, verbose_name='most seconds billed a week')),
                ],
                options={
                    'ordering': ['engagement', 'starts_on'],
                    'constraints': [models.UniqueConstraint(fields=('engagement', 'starts_on'), name='one_rate_a_day'), models.CheckConstraint(condition=models.Q(('amount_millionths__gte', 0)), name='rate_is_not_negative'), models.CheckConstraint(condition=models.Q(('basis__in', ['hour', 'day', 'week', 'month', 'task'])), name='rate_basis_is_known'), models.CheckConstraint(condition=models.Q(('contracted_weekly_seconds__isnull', True), ('contracted_weekly_seconds__lte', 604800), _connector='OR'), name='rate_week_has_168_hours'), models.CheckConstraint(condition=models.Q(('max_weekly_seconds__isnull', True), ('max_weekly_seconds__lte', 604800), _connector='OR'), name='rate_cap_has_168_hours')],
                },
            ),
            migrations.CreateModel(
                name='HoursEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('worked_on', models.DateField(verbose_name='worked on')),
                    ('seconds', models.PositiveIntegerField(verbose_name='seconds')),
                    ('tasks', models.PositiveIntegerField(blank=True, null=True, verbose_name='tasks')),
                    ('source', models.CharField(max_length=30, verbose_name='source')),
                    ('content_hash', models.CharField(max_length=64)),
                    ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                    ('engagement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='projects.engagement')),
                    ('taken_in_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='projects.hoursimport')),
                    ('rate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.rate')),
                    ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='began')),
                ],
                options={
                    'ordering': ['engagement', 'worked_on'],
                    'indexes': [models.Index(fields=['engagement', 'worked_on', 'seconds', 'tasks'], name='hours_by_engagement_day')],
                    'constraints': [models.UniqueConstraint(fields=('engagement', 'content_hash'), name='hours_taken_in_once'), models.CheckConstraint(condition=models.Q(('seconds__lte', 90000)), name='hours_fit_a_day')],
                },
            ),
            migrations.CreateModel(
                name='ReportRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('name', models.CharField(max_length=60)),
                    ('as_of', models.DateField()),
                    ('parameters', models.JSONField(default=dict)),
                    ('code_version', models.CharField(max_length=40)),
                    ('inputs_fingerprint', models.CharField(max_length=64)),
                    ('checksum', models.CharField(max_length=64)),
                    ('rows', models.JSONField(help_text='The table; its rows too, where they are few.')),
                    ('pulled_at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('row_count', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'ordering': ['-pulled_at', '-pk'],
                    'indexes': [models.Index(fields=['name', 'as_of'], name='runs_of_a_report')],
                },
            ),
            migrations.CreateModel(
                name='RoleGrant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('operations', 'Operations'), ('finance', 'Finance'), ('auditor', 'Auditor (read only)')], max_length=20)),
                    ('granted_at', models.DateTimeField()),
                    ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'role'), name='role_granted_once'), models.CheckConstraint(condition=models.Q(('role__in', ['operations', 'finance', 'auditor'])), name='role_is_known')],
                },
            ),
            migrations.CreateModel(
                name='ScopeReassessment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('outcome', models.CharField(choices=[('pending', 'Being reassessed'), ('unchanged', 'Unchanged'), ('reduced', 'Reduced'), ('expanded', 'Expanded'), ('cancelled', 'Cancelled')], default='pending', max_length=10)),
                    ('what_it_means', models.TextField(verbose_name='What does it mean for contractors?')),
                    ('confidential_note', models.TextField(blank=True)),
                    ('next_update_by', models.DateTimeField(blank=True, null=True)),
                    ('started_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('effective_on', models.DateField(blank=True, null=True)),
                    ('new_weekly_seconds', models.PositiveIntegerField(blank=True, null=True)),
                    ('new_rate_millionths', models.BigIntegerField(blank=True, null=True)),
                    ('new_rate_currency', models.CharField(blank=True, max_length=3)),
                    ('new_end_on', models.DateField(blank=True, null=True)),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reassessments', to='projects.pause')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassessments', to='projects.project')),
                    ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-started_at', '-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', 'pending')), fields=('project',), name='one_pending_reassessment_a_project'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('next_update_by__isnull', False), ('outcome', 'pending')), models.Q(models.Q(('outcome', 'pending'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='reassessment_decided_with_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('new_rate_currency', ''), ('new_rate_millionths__isnull', True)), models.Q(('new_rate_millionths__isnull', False), models.Q(('new_rate_currency', ''), _negated=True)), _connector='OR'), name='reassessed_rate_has_a_currency')],
                },
            ),
            migrations.CreateModel(
                name='Statement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True)),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField()),
                    ('made_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('document', models.JSONField()),
                    ('totals', models.JSONField()),
                    ('checksum', models.CharField(max_length=64)),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='projects.contractor')),
                ],
                options={
                    'ordering': ['-made_at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='statement_has_days')],
                },
            ),
            migrations.CreateModel(
                name='HoursDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('finding', models.CharField(choices=[('before_notice', 'Worked before the notice'), ('after_notice', 'Worked after the notice'), ('wrongly_dated', 'Dated after the day they were logged')], max_length=20, verbose_name='finding')),
                    ('verdict', models.CharField(choices=[('payable', 'Paid'), ('not_payable', 'Not paid'), ('redated', 'Moved to the day they were worked')], max_length=20, verbose_name='decision')),
                    ('dated_on', models.DateField(verbose_name='logged under')),
                    ('reason', models.TextField(verbose_name='reason, in words the contractor may read')),
                    ('decided_at', models.DateTimeField(verbose_name='decided')),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='decision', to='projects.hoursentry')),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours_decisions', to='projects.pause')),
                ],
                options={
                    'ordering': ['pause', 'dated_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hours_decision_has_a_reason'), models.CheckConstraint(condition=models.Q(('finding', 'before_notice'), ('verdict', 'not_payable'), _negated=True), name='hours_before_the_notice_are_paid')],
                },
            ),
            migrations.CreateModel(
                name='AccountingPeriod',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('first_week', models.DateField(unique=True)),
                    ('last_week', models.DateField(unique=True)),
                    ('as_of', models.DateField()),
                    ('closed_at', models.DateTimeField()),
                    ('checksum', models.CharField(max_length=64)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-first_week'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('last_week__gte', models.F('first_week'))), name='period_has_weeks')],
                },
            ),
            migrations.CreateModel(
                name='ExchangeRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=3)),
                    ('target', models.CharField(max_length=3)),
                    ('on', models.DateField()),
                    ('rate_e10', models.BigIntegerField(help_text='Ten billionths: 1.0834 is 10834000000.')),
                    ('origin', models.CharField(choices=[('bank', 'European Central Bank'), ('uploaded', 'Uploaded')], max_length=10)),
                    ('file_name', models.CharField(blank=True, max_length=255)),
                    ('recorded_at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['source', 'target', '-on', '-recorded_at', '-pk'],
                    'indexes': [models.Index(fields=['source', 'target', '-on'], name='rates_of_a_pair')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('rate_e10__gt', 0)), name='exchange_rate_is_positive'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='exchange_rate_has_two_currencies')],
                },
            ),
            migrations.CreateModel(
                name='PeriodLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3)),
                    ('week_starts_on', models.DateField()),
                    ('is_adjustment', models.BooleanField()),
                    ('expected_seconds', models.BigIntegerField()),
                    ('expected_minor', models.BigIntegerField()),
                    ('earned_minor', models.BigIntegerField()),
                    ('recovered_minor', models.BigIntegerField()),
                    ('standby_minor', models.BigIntegerField()),
                    ('lost_minor', models.BigIntegerField()),
                    ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.engagement')),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.pause')),
                    ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='projects.accountingperiod')),
                    ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.estimaterun')),
                ],
                options={
                    'ordering': ['period', 'pause', 'engagement', 'currency', 'week_starts_on'],
                    'constraints': [models.UniqueConstraint(fields=('pause', 'engagement', 'currency', 'week_starts_on', 'period'), name='week_booked_once_a_period'), models.CheckConstraint(condition=models.Q(('lost_minor', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('expected_minor'), '-', models.F('earned_minor')), '-', models.F('recovered_minor')), '-', models.F('standby_minor')))), name='booked_lost_is_what_remains')],
                },
            ),
            migrations.CreateModel(
                name='ReportBlock',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('packed', models.BinaryField()),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='projects.reportrun')),
                ],
                options={
                    'ordering': ['run', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='block_numbered_once')],
                },
            ),
            migrations.CreateModel(
                name='ReportSchedule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('title', models.CharField(max_length=120)),
                    ('report', models.CharField(max_length=60)),
                    ('parameters', models.JSONField(default=dict)),
                    ('every', models.CharField(choices=[('day', 'Every day'), ('week', 'Every week'), ('month', 'Every month')], max_length=10)),
                    ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.', null=True)),
                    ('day', models.PositiveSmallIntegerField(help_text='Of the month, 1 to 28.', null=True)),
                    ('hour', models.PositiveSmallIntegerField(help_text='UTC.')),
                    ('made_at', models.DateTimeField()),
                    ('paused_at', models.DateTimeField(null=True)),
                    ('next_at', models.DateTimeField(db_index=True)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recipients', models.ManyToManyField(related_name='report_schedules', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['title', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('hour__lte', 23)), name='schedule_has_an_hour'), models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', True), ('every', 'day'), ('weekday__isnull', True)), models.Q(('day__isnull', True), ('every', 'week'), ('weekday__lte', 6)), models.Q(('day__gte', 1), ('day__lte', 28), ('every', 'month'), ('weekday__isnull', True)), _connector='OR'), name='schedule_says_which_day')],
                },
            ),
            migrations.CreateModel(
                name='ReportSending',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due_at', models.DateTimeField()),
                    ('as_of', models.DateField()),
                    ('at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('sent', 'Sent'), ('failed', 'Failed')], max_length=10)),
                    ('people', models.PositiveIntegerField(default=0)),
                    ('error', models.TextField(blank=True)),
                    ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.reportrun')),
                    ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='projects.reportschedule')),
                ],
                options={
                    'ordering': ['-due_at', '-pk'],
                    'constraints': [models.UniqueConstraint(fields=('schedule', 'due_at'), name='sent_once_a_due_time')],
                },
            ),
            migrations.CreateModel(
                name='Correction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('kind', models.CharField(choices=[('hours', 'Hours of a day'), ('rate', 'Rate'), ('dates', 'First or last day'), ('before_notice', 'Hours worked before the notice came')], max_length=20, verbose_name='what is wrong')),
                    ('state', models.CharField(choices=[('open', 'Waiting for an answer'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Taken back')], default='open', max_length=20, verbose_name='state')),
                    ('worked_on', models.DateField(blank=True, null=True, verbose_name='day worked')),
                    ('seconds', models.PositiveIntegerField(blank=True, null=True, verbose_name='seconds of that day')),
                    ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='first day after')),
                    ('basis', models.CharField(blank=True, choices=[('hour', 'hour'), ('day', 'day'), ('week', 'week'), ('month', 'month'), ('task', 'task')], max_length=10, verbose_name='paid by the')),
                    ('amount_millionths', models.BigIntegerField(blank=True, null=True, verbose_name='amount in millionths')),
                    ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                    ('words', models.TextField(max_length=2000, verbose_name='in the contractor’s words')),
                    ('asked_at', models.DateTimeField(verbose_name='asked')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='projects.contractor')),
                    ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='projects.engagement')),
                    ('pause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrections', to='projects.pause')),
                ],
                options={
                    'ordering': ['-asked_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='correction_closes_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['hours', 'rate', 'dates', 'before_notice'])), name='correction_kind_is_known')],
                },
            ),
            migrations.CreateModel(
                name='CorrectionPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('content_type', models.CharField(max_length=40)),
                    ('size', models.PositiveIntegerField()),
                    ('content', models.BinaryField()),
                    ('correction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='projects.correction')),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='AuditHead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.BigIntegerField(default=0)),
                    ('hash', models.CharField(max_length=64)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='the_trail_has_one_end')],
                },
            ),
            migrations.CreateModel(
                name='Compaction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('before_on', models.DateField(verbose_name='entries before')),
                    ('entries_before', models.PositiveIntegerField(default=0)),
                    ('entries_after', models.PositiveIntegerField(default=0)),
                    ('at', models.DateTimeField(verbose_name='done')),
                ],
                options={
                    'ordering': ['-at'],
                },
            ),
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('country', models.CharField(help_text='ISO 3166 code, such as PH.', max_length=2, verbose_name='country')),
                    ('region', models.CharField(blank=True, help_text='Empty: the whole country.', max_length=10, verbose_name='region')),
                    ('day', models.DateField(verbose_name='day')),
                    ('is_holiday', models.BooleanField(default=True, verbose_name='public holiday')),
                    ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                ],
                options={
                    'ordering': ['country', 'region', 'day'],
                    'constraints': [models.UniqueConstraint(fields=('country', 'region', 'day'), name='calendar_day_said_once'), models.CheckConstraint(condition=models.Q(('country', ''), _negated=True), name='calendar_day_has_a_country')],
                },
            ),
            migrations.CreateModel(
                name='ReplacedHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('worked_on', models.DateField()),
                    ('started_at', models.DateTimeField(null=True)),
                    ('seconds', models.PositiveIntegerField()),
                    ('tasks', models.PositiveIntegerField(null=True)),
                    ('source', models.CharField(max_length=30)),
                    ('content_hash', models.CharField(max_length=64)),
                    ('rate_id', models.BigIntegerField(null=True)),
                    ('taken_in_by_id', models.BigIntegerField(null=True)),
                    ('recorded_at', models.DateTimeField()),
                    ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.engagement')),
                    ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replaced', to='projects.hoursimport')),
                ],
            ),
            migrations.CreateModel(
                name='SavedMapping',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                    ('mapping', models.JSONField(verbose_name='columns and their meanings')),
                    ('made_at', models.DateTimeField(verbose_name='saved')),
                    ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Upload',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('kind', models.CharField(choices=[('hours', 'Hours'), ('roster', 'Roster')], max_length=10, verbose_name='kind')),
                    ('state', models.CharField(choices=[('checking', 'Being read'), ('asking', 'Waits for an answer'), ('checked', 'Read, nothing written'), ('applying', 'Being taken in'), ('applied', 'Taken in'), ('undone', 'Undone'), ('refused', 'Refused'), ('discarded', 'Discarded')], default='checking', max_length=10, verbose_name='state')),
                    ('file_name', models.CharField(max_length=255, verbose_name='file')),
                    ('file_hash', models.CharField(db_index=True, max_length=64)),
                    ('size_bytes', models.PositiveBigIntegerField(verbose_name='bytes')),
                    ('file', models.FileField(blank=True, max_length=300, upload_to='uploads/%Y/%m')),
                    ('rejects', models.FileField(blank=True, max_length=300, upload_to='uploads/%Y/%m')),
                    ('details', models.FileField(blank=True, max_length=300, upload_to='uploads/%Y/%m')),
                    ('options', models.JSONField(blank=True, default=dict)),
                    ('question', models.JSONField(blank=True, default=dict)),
                    ('findings', models.JSONField(blank=True, default=dict)),
                    ('refusal', models.TextField(blank=True, verbose_name='why it was refused')),
                    ('uploaded_at', models.DateTimeField(verbose_name='handed in')),
                    ('asked_at', models.DateTimeField(help_text='When the work that is under way was asked for.')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('hours_import', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='upload', to='projects.hoursimport')),
                ],
                options={
                    'verbose_name': 'file to take in',
                    'verbose_name_plural': 'files to take in',
                    'ordering': ['-uploaded_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='WorkingWeek',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('country', models.CharField(help_text='ISO 3166 code, such as PH.', max_length=2, verbose_name='country')),
                    ('region', models.CharField(blank=True, help_text='Empty: the whole country.', max_length=10, verbose_name='region')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('weekday_seconds', models.JSONField(verbose_name='seconds by weekday')),
                ],
                options={
                    'ordering': ['country', 'region', 'starts_on'],
                    'constraints': [models.UniqueConstraint(fields=('country', 'region', 'starts_on'), name='one_working_week_a_day'), models.CheckConstraint(condition=models.Q(('country', ''), _negated=True), name='working_week_has_a_country')],
                },
            ),
            migrations.CreateModel(
                name='Alias',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('words', models.CharField(max_length=500, verbose_name='as the file writes it')),
                    ('made_at', models.DateTimeField(verbose_name='remembered')),
                    ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='projects.contractor')),
                    ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='projects.project')),
                ],
                options={
                    'verbose_name_plural': 'aliases',
                    'ordering': ['words'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contractor__isnull', False), ('project__isnull', True)), models.Q(('contractor__isnull', True), ('project__isnull', False)), _connector='OR'), name='alias_names_one_thing'), models.UniqueConstraint(condition=models.Q(('contractor__isnull', False)), fields=('words',), name='one_person_an_alias'), models.UniqueConstraint(condition=models.Q(('project__isnull', False)), fields=('words',), name='one_project_an_alias')],
                },
            ),
            migrations.CreateModel(
                name='UnmatchedHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('line', models.PositiveIntegerField(verbose_name='line')),
                    ('lack', models.CharField(choices=[('person', 'Nobody we know'), ('project', 'No project we know'), ('engagement', 'Not engaged on that day')], max_length=10, verbose_name='what is missing')),
                    ('person_words', models.CharField(blank=True, max_length=500, verbose_name='person in the file')),
                    ('project_words', models.CharField(blank=True, max_length=500, verbose_name='project in the file')),
                    ('person_email', models.CharField(blank=True, max_length=260)),
                    ('person_external_id', models.CharField(blank=True, max_length=500)),
                    ('person_name', models.CharField(blank=True, max_length=1100)),
                    ('project_code', models.CharField(blank=True, max_length=500)),
                    ('project_name', models.CharField(blank=True, max_length=500)),
                    ('worked_on', models.DateField(verbose_name='worked on')),
                    ('started_at', models.DateTimeField(blank=True, null=True)),
                    ('seconds', models.PositiveIntegerField(verbose_name='seconds')),
                    ('tasks', models.PositiveIntegerField(blank=True, null=True)),
                    ('source', models.CharField(max_length=30)),
                    ('content_hash', models.CharField(max_length=64, unique=True)),
                    ('taken_in_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unmatched', to='projects.hoursimport')),
                ],
                options={
                    'ordering': ['person_words', 'project_words', 'worked_on'],
                    'indexes': [models.Index(fields=['lack', 'person_words', 'project_words'], name='unmatched_by_words')],
                    'verbose_name': 'hours that nothing matches',
                    'verbose_name_plural': 'hours that nothing matches',
                },
            ),
            migrations.CreateModel(
                name='Candidacy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('interested', 'Interested'), ('offered', 'Offered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='stands at')),
                    ('interested_at', models.DateTimeField(blank=True, null=True, verbose_name='interest told')),
                    ('words', models.CharField(blank=True, max_length=500, verbose_name='what they said')),
                    ('offered_at', models.DateTimeField(blank=True, null=True, verbose_name='offered')),
                    ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='first day after the term')),
                    ('weekly_seconds', models.PositiveIntegerField(blank=True, null=True, verbose_name='seconds a week')),
                    ('amount_millionths', models.BigIntegerField(blank=True, null=True, verbose_name='amount in millionths')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='answered or withdrawn')),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidacies', to='projects.contractor')),
                    ('engagement', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='candidacy', to='projects.engagement')),
                    ('offered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidacies', to='projects.openseat')),
                ],
                options={
                    'verbose_name_plural': 'candidacies',
                    'ordering': ['seat', 'pk'],
                    'indexes': [models.Index(fields=['contractor', 'state'], name='candidacies_of_person')],
                    'constraints': [models.UniqueConstraint(fields=('seat', 'contractor'), name='one_candidacy_a_seat'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['offered', 'accepted']), _negated=True), models.Q(('amount_millionths__isnull', False), ('offered_at__isnull', False), ('starts_on__isnull', False)), _connector='OR'), name='offer_has_its_terms'), models.CheckConstraint(condition=models.Q(models.Q(('engagement__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('engagement__isnull', True)), _connector='OR'), name='accepted_seat_is_an_engagement')],
                },
            ),
            migrations.CreateModel(
                name='ContractorSkill',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='skill')),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='projects.contractor')),
                ],
                options={
                    'ordering': ['contractor', 'name'],
                    'constraints': [models.UniqueConstraint(fields=('contractor', 'name'), name='skill_said_once')],
                },
            ),
            migrations.CreateModel(
                name='CalendarLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('made_at', models.DateTimeField()),
                    ('contractor', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_link', to='projects.contractor')),
                ],
            ),
            migrations.CreateModel(
                name='ErasureRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_at', models.DateTimeField(verbose_name='asked')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                    ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='erasure_requests', to='projects.contractor')),
                ],
                options={
                    'ordering': ['-asked_at'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('contractor',), name='one_open_erasure_request')],
                },
            ),
            migrations.CreateModel(
                name='MinimumPay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('country', models.CharField(help_text='ISO 3166 code, such as PH.', max_length=2, verbose_name='country')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('amount_millionths', models.BigIntegerField(verbose_name='amount an hour in millionths')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('source', models.CharField(max_length=300, verbose_name='where it says so')),
                ],
                options={
                    'verbose_name_plural': 'minimum pay',
                    'ordering': ['country', '-starts_on'],
                    'constraints': [models.UniqueConstraint(fields=('country', 'starts_on'), name='one_minimum_a_day'), models.CheckConstraint(condition=models.Q(('amount_millionths__gt', 0)), name='minimum_is_something')],
                },
            ),
            migrations.CreateModel(
                name='AnswerTemplate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason_code', models.CharField(choices=[('scope_reassessment', 'Scope is being reassessed'), ('security_incident', 'Security incident'), ('budget', 'Budget'), ('data_quality', 'Data quality'), ('legal_hold', 'Legal hold'), ('client_request', "At the client's request"), ('other', 'Other')], max_length=30, verbose_name='reason')),
                    ('locale', models.CharField(default='en', max_length=10, verbose_name='language')),
                    ('version', models.PositiveIntegerField(verbose_name='version')),
                    ('what_stopped', models.TextField(verbose_name='What stops?')),
                    ('why', models.TextField(verbose_name='Why, in words contractors may read?')),
                    ('what_happens_to_pay', models.TextField(verbose_name='What happens to pay?')),
                    ('what_to_do_now', models.TextField(verbose_name='What should people do now?')),
                    ('made_at', models.DateTimeField(verbose_name='made')),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['reason_code', 'locale', '-version'],
                    'constraints': [models.UniqueConstraint(fields=('reason_code', 'locale', 'version'), name='template_versions_count_up')],
                },
            ),
            migrations.CreateModel(
                name='Approval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_at', models.DateTimeField()),
                    ('reasons', models.JSONField(default=list, help_text='Why a second person is needed, by name.')),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('is_given', models.BooleanField(default=False)),
                    ('words', models.CharField(blank=True, max_length=500)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='projects.pause')),
                ],
                options={
                    'ordering': ['-asked_at', '-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('pause',), name='one_open_approval_a_pause'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_approves_their_own'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('is_given', False)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='approval_is_decided_by_somebody')],
                },
            ),
            migrations.CreateModel(
                name='DraftHand',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seen_at', models.DateTimeField()),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hands', to='projects.pause')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pause', 'user'), name='one_hand_a_draft')],
                },
            ),
            migrations.CreateModel(
                name='PauseRelease',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('released_at', models.DateTimeField()),
                    ('text', models.TextField(blank=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='releases', to='projects.pause')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='projects.project')),
                    ('from_the_start', models.BooleanField(default=False)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pause', 'project'), name='released_once')],
                },
            ),
            migrations.CreateModel(
                name='ToldByHand',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('note', models.CharField(max_length=500)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.contractor')),
                    ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told_by_hand', to='projects.pause')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pause', 'contractor'), name='told_by_hand_once')],
                },
            ),
            migrations.CreateModel(
                name='PayRead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('what', models.CharField(choices=[('rates', 'Your rate'), ('estimate', 'Your estimated loss'), ('person', 'Your estimates and hours'), ('list', 'A list of people with their pay'), ('report', 'A report with pay in it'), ('file', 'A report as a file')], max_length=10)),
                    ('via', models.CharField(choices=[('desk', 'the desk of leads and operations'), ('finance', 'the pages of finance'), ('api', 'a program connected by the API')], max_length=10)),
                    ('name', models.CharField(blank=True, help_text='Of a report.', max_length=60)),
                    ('first_at', models.DateTimeField()),
                    ('last_at', models.DateTimeField(db_index=True)),
                    ('times', models.PositiveIntegerField(default=1)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contractor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pay_reads', to='projects.contractor')),
                    ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                ],
                options={
                    'ordering': ['-last_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('contractor__isnull', True), ('project__isnull', True), _connector='OR'), name='pay_read_has_one_scope')],
                },
            ),
        ]),
        migrations.RunPython(guard, unguard),
    ]
