"""Querysets that become SQL once in a process and then run many times with other values."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Expression]]


class Slot(Expression):
    """A place in a queryset for a value that is named when it runs; `output_field` says how it is written."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """One mark, and this place itself where its value will stand."""
        return "%s", [self]


class Prepared:
    """A queryset of `values_list` rows whose SQL is made once.

    Turning a queryset into SQL takes several times as long as an indexed look-up itself. Doors that are asked hundreds
    of times a second say theirs once, with a `Slot` for each value that changes; the rules of who sees which rows stay
    the querysets they are. On PostgreSQL the server keeps the plan as well.

    >>> from django.db.models import CharField
    >>> from projects.models import Project
    >>> by_code = Prepared(lambda: Project.objects.filter(code=Slot("code", CharField())).values_list("name"))
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        """Keep how the queryset is built; it is built when the first question comes."""
        self._build = build
        self._made: dict[str, tuple[str, Sequence[Any], Converters]] = {}

    def rows(self, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows for these values. Raises KeyError where a slot has none."""
        sql, marks, converters = self._made.get(connection.vendor) or self._make()
        params = [
            mark.output_field.get_db_prep_value(values[mark.name], connection)
            if isinstance(mark, Slot)
            else mark
            for mark in marks
        ]
        return [_converted(row, converters) for row in _run(sql, params)]

    def _make(self) -> tuple[str, Sequence[Any], Converters]:
        compiler = self._build().query.get_compiler(connection=connection)
        sql, marks = compiler.as_sql()
        shown = [column for column, _sql, _alias in compiler.select]
        self._made[connection.vendor] = made = (sql, marks, compiler.get_converters(shown))
        return made


def _run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run it so that PostgreSQL may keep its plan; through Django's own cursor where somebody listens in."""
    if connection.vendor != "postgresql" or connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as prepared:
        prepared.execute(sql.encode(), params)
        return prepared.fetchall()


def _converted(row: tuple[Any, ...], converters: Converters) -> tuple[Any, ...]:
    if not converters:
        return row
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)
