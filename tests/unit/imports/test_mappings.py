"""A mapping is kept as JSON, comes back as it was, and one that cannot be used says why."""

import json

import pytest

from projects.imports.errors import UnableToUseMapping
from projects.imports.mapping import from_json, to_json
from projects.imports.rows import ColumnMapping, DayMonthOrder, Meaning, PeriodRows


def test_a_mapping_is_written_for_people_to_read() -> None:
    mapping = ColumnMapping({"Día": "worked_on"}, "Nómina", DayMonthOrder.DMY, PeriodRows.EVEN, -1, True)
    assert to_json(mapping) == (
        '{"columns": {"Día": "worked_on"}, "date_inside_text": true, "day_month_order": "dmy", "name": "Nómina", '
        '"period_rows": "even", "period_shift_days": -1}'
    )
    assert json.loads(to_json(ColumnMapping({"a": "hours"})))["day_month_order"] is None


def test_what_a_mapping_leaves_out_is_as_if_nobody_had_said_it() -> None:
    assert from_json('{"columns": {"a": "hours"}}') == ColumnMapping({"a": "hours"})
    blank = '{"columns": {"a": "hours"}, "name": null, "day_month_order": "", "period_rows": null, "date_inside_text": 1}'
    assert from_json(blank) == ColumnMapping({"a": "hours"})


@pytest.mark.parametrize("shift", [-6, 0, 6])
def test_a_shift_of_up_to_six_days_is_kept(shift: int) -> None:
    assert (
        from_json(f'{{"columns": {{"a": "hours"}}, "period_shift_days": {shift}}}').period_shift_days == shift
    )


SHIFT = "period_shift_days has to be a whole number from -6 to 6."
COLUMNS = 'The mapping needs "columns": an object of column name to meaning.'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "The mapping is not JSON."),
        ("[" * 100_000, "The mapping is not JSON."),
        ("[]", COLUMNS),
        ("{}", COLUMNS),
        ('{"columns": {}}', COLUMNS),
        ('{"columns": ["a"]}', COLUMNS),
        (
            '{"columns": {"a": "b"}}',
            f"'b', given to column 'a', is no meaning. Known are {', '.join(one.value for one in Meaning)}.",
        ),
        ('{"columns": {"a": "hours"}, "period_shift_days": 7}', SHIFT),
        ('{"columns": {"a": "hours"}, "period_shift_days": -7}', SHIFT),
        ('{"columns": {"a": "hours"}, "period_shift_days": true}', SHIFT),
        ('{"columns": {"a": "hours"}, "period_shift_days": "1"}', SHIFT),
        (
            '{"columns": {"a": "hours"}, "day_month_order": "no"}',
            "The mapping cannot be used: 'no' is not a valid DayMonthOrder.",
        ),
        (
            '{"columns": {"a": "hours"}, "period_rows": "no"}',
            "The mapping cannot be used: 'no' is not a valid PeriodRows.",
        ),
    ],
    ids=lambda value: value[:40],
)
def test_a_mapping_that_cannot_be_used_says_why(text: str, why: str) -> None:
    with pytest.raises(UnableToUseMapping) as refused:
        from_json(text)
    assert str(refused.value) == why
