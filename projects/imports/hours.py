"""Opens a file of hours and streams its entries, refusals and oddities in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice

from projects.imports.csv_table import Unparsed
from projects.imports.detection import column_of, date_order, describe, find_header
from projects.imports.entries import BILLABLE, EntryReader, Person, Place
from projects.imports.errors import UnableToReadFile, UnableToTellDateOrder, UnableToTellFormat
from projects.imports.layout import Layout, When, layout_of
from projects.imports.limits import MAX_COLUMNS, MAX_WARNINGS
from projects.imports.moments import Moment
from projects.imports.rows import (
    DayMonthOrder,
    Detection,
    HoursItem,
    HoursRow,
    Meaning,
    ReadOptions,
    ReadTotals,
    RowError,
    RowWarning,
    SourceFormat,
)
from projects.imports.seen import Overlaps, SeenTable
from projects.imports.tables import Source, Table, open_table
from projects.imports.values import Fault
from projects.imports.vocabulary import DIALECTS

TOTALS = (
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "gesamt",
    "summe",
    "totaal",
    "totale",
    "somme",
    "suma",
)
WARNINGS = {
    "duplicate": "The same person, project, day, start and length stand in the file before: both are counted.",
    "overlap": "It lies over another entry of the same person: both are counted.",
    "duration_disagrees": "Its duration differs from its start and end: the duration is taken.",
    "time_shift": "Its duration differs by an hour or half from its start and end, as when clocks change: "
    "the duration is taken.",
    "very_long": "It lasts over 24 hours and was split by day: was a timer forgotten?",
    "no_zone": "Its times are in UTC and no time zone was given: its date is the date in UTC.",
}


@dataclass(frozen=True, slots=True)
class _Opened:
    table: Table
    header: list[str]
    line: int
    before: int
    detection: Detection


def detect_hours(source: Source, *, options: ReadOptions | None = None) -> Detection:
    """Say what a file seems to be; raise UnableToReadFile, or UnableToTellFormat where nothing is recognised."""
    return _open(source, options or ReadOptions()).detection


def open_hours(source: Source, *, options: ReadOptions | None = None) -> "HoursFile":
    """Return a file of hours ready to be iterated.

    `source` is a path, or a seekable binary file that stays open. Raises UnableToReadFile, UnableToTellFormat,
    UnableToTellDateOrder (UnableToTellYear) or UnableToUseMapping. At most 100 MB.
    """
    options = options or ReadOptions()
    opened = _open(source, options)
    detection = opened.detection
    layout = layout_of(detection.format, opened.header, options.mapping, options.year)
    order = detection.day_month_order
    if order is DayMonthOrder.AMBIGUOUS:
        _, examples = date_order(opened.table, opened.before, _date_columns(layout))
        shown = ", ".join(examples)
        raise UnableToTellDateOrder(
            f"Dates such as {shown} read both day first and month first, and no date of the file settles it: "
            "say which it is (dmy or mdy).",
            examples=examples,
        )
    return HoursFile(opened.table, layout, opened.before, detection, options)


def _open(source: Source, options: ReadOptions) -> _Opened:
    table = open_table(source, options)
    line, header, before = find_header(table)
    wanted = options.format or (SourceFormat.GENERIC if options.mapping is not None else None)
    draft = describe(table, line, header, DayMonthOrder.YMD, wanted)
    if draft.confidence < 0.45:
        raise UnableToTellFormat(
            "No known tool wrote this file, and its columns do not say which holds the date and which the hours: "
            f"{', '.join(' '.join(name.split()) for name in header if name)[:300]}.",
            header=tuple(header),
        )
    order = options.day_month_order
    if options.mapping is not None and order is None:
        order = options.mapping.day_month_order
    if order is None:
        order = date_order(table, before, _date_names(draft, options))[0]
    return _Opened(table, header, line, before, describe(table, line, header, order, wanted))


def _date_names(draft: Detection, options: ReadOptions) -> tuple[int, ...]:
    """Return the columns that hold dates, before it is known whether the layout holds together."""
    header = list(draft.header)
    wanted = (Meaning.WORKED_ON, Meaning.END_DATE, Meaning.PERIOD_END, Meaning.STARTED_AT, Meaning.ENDED_AT)
    if draft.format is SourceFormat.GENERIC:
        columns = options.mapping.columns if options.mapping is not None else draft.suggested
        names: list[tuple[str, ...]] = [(name,) for name, meaning in columns.items() if meaning in wanted]
    else:
        dialect = next(one for one in DIALECTS if one.format is draft.format)
        names = [dialect.names[one] for one in wanted if one in dialect.names]
    return tuple(at for at in (column_of(header, one) for one in names) if at >= 0)


def _date_columns(layout: Layout) -> tuple[int, ...]:
    wanted = (Meaning.WORKED_ON, Meaning.END_DATE, Meaning.PERIOD_END, Meaning.STARTED_AT, Meaning.ENDED_AT)
    return tuple(layout.columns[one] for one in wanted if one in layout.columns)


class HoursFile:
    """An opened file of hours: iterate it for rows, errors and warnings; `totals` are those of the latest iteration."""

    def __init__(
        self, table: Table, layout: Layout, before: int, detection: Detection, options: ReadOptions
    ) -> None:
        self.detection = detection
        self.totals = ReadTotals()
        self._table, self._layout, self._before, self._options = table, layout, before, options

    def __iter__(self) -> Iterator[HoursItem]:
        """Read from the top with fresh totals; may raise UnableToReadFile where a file breaks off."""
        self.totals = ReadTotals()
        reading = _Reading(self._layout, self.detection, self._options, self.totals)
        records = islice(self._table.records(), self._before + 1, None)
        if self._layout.when is When.WEEK:
            yield from reading.weekly(records)
        else:
            yield from reading.rows(records)


class _Reading:
    """One pass over a file."""

    def __init__(
        self, layout: Layout, detection: Detection, options: ReadOptions, totals: ReadTotals
    ) -> None:
        self.layout = layout
        self.totals = totals
        self.format = detection.format.value
        self.reader = EntryReader(layout, detection.day_month_order, options)
        self.seen, self.seen_raw, self.overlaps = SeenTable(), SeenTable(), Overlaps()
        self.repeats: dict[str, int] = {}
        self.entry_id_at, self.billable_at = layout.at(Meaning.ENTRY_ID), layout.at(Meaning.BILLABLE)
        self.latest = -1

    def rows(self, records: Iterator[tuple[int, list[str]]]) -> Iterator[HoursItem]:
        """Yield what each record says."""
        width, totals = self.layout.width, self.totals
        reader = self.reader
        person_of, place_of, moment_of = reader.person, reader.place, reader.moment
        has_kind, has_tasks = self.layout.at(Meaning.KIND) >= 0, self.layout.at(Meaning.TASKS) >= 0
        for line, cells in records:
            if len(cells) != width and not self._fits(line, cells):
                continue
            totals.records += 1
            cells.append("")
            try:
                if len(cells) != width + 1:
                    raise _misfit(cells, width)
                if has_kind and reader.is_break(cells):
                    totals.breaks += 1
                    continue
                person = person_of(cells)
                moment = moment_of(cells, person.email)
                tasks = reader.tasks(cells) if has_tasks else None
                if not tasks and moment.parts[0].seconds == 0 and len(moment.parts) == 1:
                    totals.zeros += 1
                    continue
                place = place_of(cells)
            except Fault as fault:
                yield from self._refused(line, cells, fault)
                continue
            yield from self._accepted(line, cells, person, place, moment, tasks)

    def weekly(self, records: Iterator[tuple[int, list[str]]]) -> Iterator[HoursItem]:
        """Yield each filled day of a weekly sheet as an entry of its own."""
        spans, days = self.reader.spans_of_a_day(), self.layout.days
        for line, cells in records:
            if len(cells) != self.layout.width and not self._fits(line, cells):
                continue
            cells.append("")
            for index, day in days:
                text = cells[index].strip() if len(cells) == self.layout.width + 1 else "?"
                if not text:
                    continue
                self.totals.records += 1
                try:
                    if len(cells) != self.layout.width + 1:
                        raise _misfit(cells, self.layout.width)
                    person, place = self.reader.person(cells), self.reader.place(cells)
                    moment = self.reader.on(day, spans[text])
                except Fault as fault:
                    yield from self._refused(line, cells, fault)
                    continue
                if moment.parts[0].seconds == 0:
                    self.totals.zeros += 1
                    continue
                yield from self._accepted(line, [*cells, str(day)], person, place, moment, None)

    def _fits(self, line: int, cells: list[str]) -> bool:
        """Pad a short record and cut blank cells off a long one; False for a blank line."""
        if isinstance(cells, Unparsed):
            return True
        if not any(map(str.strip, cells)):
            self.totals.blank_lines += 1
            return False
        width = self.layout.width
        if len(cells) > MAX_COLUMNS:
            raise UnableToReadFile(
                f"Line {line:,} has {len(cells):,} columns; at most {MAX_COLUMNS:,} are read."
            )
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        cells.extend([""] * (width - len(cells)))
        return True

    def _accepted(
        self, line: int, cells: list[str], person: Person, place: Place, moment: Moment, tasks: int | None
    ) -> Iterator[HoursItem]:
        totals, parts = self.totals, moment.parts
        warnings = moment.warnings
        is_split = False
        last_end = parts[-1].ended_at
        if last_end is not None and last_end.day != parts[0].day.day:
            is_split = True
            totals.split_entries += 1
        entry_id = cells[self.entry_id_at].strip()[:100]
        billable = BILLABLE[cells[self.billable_at]]
        email, name, external_id, who = person
        project, code, client, where = place
        totals.entries += 1
        if tasks is not None:
            totals.tasks += tasks
        for part in parts:
            day, seconds, clock, started_at, ended_at = part
            ordinal = day.toordinal()
            content_hash, is_repeat = self._hash(
                f"{who}\x1f{where}\x1f{ordinal}\x1f{clock}\x1f{seconds}\x1f{tasks}",
                cells if clock < 0 else None,
            )
            if is_repeat and part is parts[0]:
                warnings = (*warnings, "duplicate")
            if clock >= 0 and self.overlaps.add(who, ordinal, clock, clock + seconds):
                is_told = is_repeat or "overlap" in warnings
                warnings = warnings if is_told else (*warnings, "overlap")
            totals.rows += 1
            totals.seconds += seconds
            if ordinal != self.latest:
                self._widen(day)
                self.latest = ordinal
            yield HoursRow(
                line, email, name, external_id, project, code, client, day, seconds, tasks, started_at, ended_at,
                billable, self.format, content_hash, entry_id, is_split,
            )  # fmt: skip
            tasks = None if tasks is None else 0
        if warnings:
            yield from self._warned(line, cells, warnings)

    def _widen(self, day: date) -> None:
        totals = self.totals
        totals.first_on = day if totals.first_on is None else min(day, totals.first_on)
        totals.last_on = day if totals.last_on is None else max(day, totals.last_on)

    def _hash(self, facts: str, cells: list[str] | None) -> tuple[str, bool]:
        """Return the content hash, and whether the file said the same before.

        An entry without a clock time repeats another only when its whole row does, because two equal half hours
        of different tasks are common.
        """
        digest = sha256(facts.encode("utf-8", "surrogatepass"))
        content_hash = digest.hexdigest()
        is_new_row = cells is None or self.seen_raw.add(hash(tuple(cells)) & 0xFFFF_FFFF_FFFF_FFFF)
        if self.seen.add(int(content_hash[:16], 16)):
            return content_hash, False
        ordinal = self.repeats[content_hash] = self.repeats.get(content_hash, 0) + 1
        again = sha256(f"{facts}\x1f{ordinal}".encode("utf-8", "surrogatepass")).hexdigest()
        return again, cells is None or not is_new_row

    def _warned(self, line: int, cells: list[str], codes: tuple[str, ...]) -> Iterator[RowWarning]:
        counts = self.totals.warnings
        for code in codes:
            counts[code] = counts.get(code, 0) + 1
            self.totals.duplicates += code == "duplicate"
            self.totals.overlaps += code == "overlap"
            if counts[code] <= MAX_WARNINGS:
                yield RowWarning(line, "", code, WARNINGS[code], _raw(cells))

    def _refused(self, line: int, cells: list[str], fault: Fault) -> Iterator[RowError]:
        """Tell a record that makes no entry, unless it is blank or a sum."""
        totals = self.totals
        if not any(map(str.strip, cells)):
            totals.records -= 1
            totals.blank_lines += 1
        elif self._is_total(cells):
            totals.total_rows += 1
        else:
            totals.errors += 1
            yield RowError(line, fault.field, fault.code, fault.message, _raw(cells))

    def _is_total(self, cells: list[str]) -> bool:
        """Tell whether a record that makes no entry is a sum: its first words say so."""
        filled = [cell.strip().casefold().rstrip(":") for cell in cells if cell.strip()]
        return any(
            word in TOTALS or word.startswith(("total ", "grand total", "summe ")) for word in filled[:3]
        )


def _misfit(cells: list[str], width: int) -> Fault:
    if isinstance(cells, Unparsed):
        return Fault("bad_quotes", f"The row cannot be cut into columns: {cells[0]}.")
    return Fault(
        "too_many_cells", f"The row has {len(cells) - 1} cells under {width} columns: is a quote missing?"
    )


def _raw(cells: list[str]) -> str:
    return ",".join(cells).rstrip(",")[:300]
