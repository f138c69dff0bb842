"""Querysets that become SQL once in a process and then run many times with other values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators
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


@dataclass(frozen=True, slots=True)
class _Made:
    """The SQL of a queryset, with what its compiler found out about the columns."""

    sql: str
    marks: Sequence[Any]
    converters: Converters
    select: Sequence[Any]
    model: Mapping[str, Any] | None
    annotations: Mapping[str, int]
    related: Sequence[Any]


class Prepared:
    """A queryset whose SQL is made once.

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
        self._made: dict[str, _Made] = {}

    def rows(self, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a `values_list` for these values. Raises KeyError where a slot has none."""
        made = self._made.get(connection.vendor) or self._make()
        params = [
            mark.output_field.get_db_prep_value(values[mark.name], connection)
            if isinstance(mark, Slot)
            else mark
            for mark in made.marks
        ]
        return [_converted(row, made.converters) for row in _run(made.sql, params)]

    def instances(self, **values: object) -> list[Any]:
        """Return the model's instances, with what was annotated and selected with them; nothing is prefetched."""
        rows = self.rows(**values)
        made = self._made[connection.vendor]
        if made.model is None:
            raise TypeError("A queryset of values has no instances.")
        places: Sequence[int] = made.model["select_fields"]
        names = [made.select[place][0].target.attname for place in places]
        found = []
        for row in rows:
            one = made.model["model"].from_db(DEFAULT_DB_ALIAS, names, [row[place] for place in places])
            for populator in made.related:
                populator.populate(row, one)
            for name, place in made.annotations.items():
                setattr(one, name, row[place])
            found.append(one)
        return found

    def _make(self) -> _Made:
        compiler = self._build().query.get_compiler(connection=connection)
        sql, marks = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        model = compiler.klass_info
        # The stubs speak of a later Django's third argument.
        related = get_related_populators(model, compiler.select, DEFAULT_DB_ALIAS) if model else []  # type: ignore[call-arg]
        made = _Made(
            sql, marks, converters, compiler.select, model, compiler.annotation_col_map or {}, related
        )
        self._made[connection.vendor] = made
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
