"""A firm of so many people, made by the database itself: one project of 10,000, the others of 500."""

from datetime import date
from typing import Final

from django.core.management import call_command
from django.db import connection

from bench.hours import lay_hours
from projects.domain.periods import monday_of
from projects.models import Client, Project, User

LARGE: Final = "LARGE"
"""The project that is paused by itself; it has this many people whatever the size of the firm."""
PEOPLE_OF_LARGE: Final = 10_000
PEOPLE_A_PROJECT: Final = 500
BEGAN: Final = "2024-01-01"

USERS = """
    INSERT INTO projects_user (email, name, password, is_staff, is_superuser, is_active, created_at)
    SELECT 'p' || n || '@people.example', 'Person ' || n, '!', false, false, true, now()
    FROM generate_series(1, %s) n
"""
CONTRACTORS = """
    INSERT INTO projects_contractor (public_id, user_id, name, email, external_id, slack_user_id, country, region,
        locale, time_zone, created_at, display_currency)
    SELECT gen_random_uuid(), id, name, email, 'E' || id, '', (ARRAY['US', 'PH', 'IN', 'GB', 'KE'])[id % 5 + 1], '',
        (ARRAY['en', 'fil', 'es'])[id % 3 + 1], 'UTC', now(), ''
    FROM projects_user WHERE email LIKE 'p%%@people.example' ORDER BY id
"""
ENGAGEMENTS = """
    INSERT INTO projects_engagement (public_id, contractor_id, project_id, starts_on, created_at)
    SELECT gen_random_uuid(), c.id, p.id, %(began)s, now()
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM projects_contractor) c
    JOIN projects_project p ON p.code = CASE WHEN c.n <= %(large)s THEN 'LARGE'
        ELSE 'P' || (c.n - %(large)s - 1) / %(each)s END
    ORDER BY c.id
"""
RATES = """
    INSERT INTO projects_rate (engagement_id, starts_on, basis, amount_millionths, currency,
        contracted_weekly_seconds)
    SELECT id, %s, 'hour', (15 + id %% 20) * 1000000, 'USD', 144000 FROM projects_engagement ORDER BY id
"""


def fill(people: int, *, weeks: int, today: date) -> None:
    """Everybody on one client, with a rate and so many weeks of hours; `p1@people.example` is the first of LARGE."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client.objects.create(code="FIRM", name="Firm")
    others = -(-max(people - PEOPLE_OF_LARGE, 0) // PEOPLE_A_PROJECT)
    codes = [LARGE, *(f"P{number}" for number in range(others))]
    projects = Project.objects.bulk_create(
        (Project(client=client, code=code, name=code) for code in codes), batch_size=1_000
    )
    lead = User.objects.create_user("lea@firm.example", name="Lea Diaz", is_staff=True)
    lead.led_projects.add(*projects)
    with connection.cursor() as cursor:
        cursor.execute(USERS, [people])
        cursor.execute(CONTRACTORS)
        named = {"began": BEGAN, "large": min(PEOPLE_OF_LARGE, people), "each": PEOPLE_A_PROJECT}
        cursor.execute(ENGAGEMENTS, named)
        cursor.execute(RATES, [BEGAN])
        lay_hours(cursor, weeks=weeks, until=monday_of(today))
        cursor.execute("VACUUM ANALYZE")


def bytes_of(*tables: str) -> int:
    """What these tables take on disk, with their indexes."""
    with connection.cursor() as cursor:
        sizes = ", ".join(f"pg_total_relation_size('{table}')" for table in tables)
        cursor.execute(f"SELECT {sizes}")
        return sum(cursor.fetchone())
