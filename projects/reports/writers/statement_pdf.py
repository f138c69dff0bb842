"""The statement of interrupted work: one person, one period, what was lost and how anyone can verify it."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

import segno
from babel.dates import format_date

from projects.domain.money import format_money, is_currency
from projects.reports.table import UnableToWriteTable
from projects.reports.writers.pdf_file import breakable
from projects.reports.writers.typeset import typeset

AMOUNTS = ("expected", "earned", "recovered", "standby", "lost")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@dataclass(frozen=True, slots=True)
class StatementWords:
    """Every fixed word of the document, English unless the caller hands in a translation of each.

    The ones in braces are filled with `str.format`: {person}, {start}, {end}, {low}, {high}, {project}, {issuer}.
    """

    title: str = "Statement of interrupted work"
    opening: str = (
        "{issuer} confirms that the paid work of {person} was interrupted by a client, through no act of theirs, "
        "between {start} and {end}. This statement says what income was expected, what was earned, and what was lost."
    )
    issued: str = "Issued {date}"
    whom: str = "Whom this is about"
    item: str = "Item"
    detail: str = "Detail"
    name: str = "Name"
    reference: str = "Reference"
    period: str = "Period"
    from_to: str = "{start} to {end}"
    since: str = "since {start}, not ended when this was issued"
    summary: str = "In short"
    currency: str = "Currency"
    per_currency: str = "Amounts in different currencies are never added together."
    pauses: str = "Each interruption"
    pause_title: str = "{project}, {when}"
    expected: str = "Expected without the interruption"
    earned: str = "Earned"
    recovered: str = "Recovered on other work"
    standby: str = "Paid for standing by"
    lost: str = "Lost"
    short_expected: str = "Expected"
    short_earned: str = "Earned"
    short_recovered: str = "Recovered"
    short_standby: str = "Standby pay"
    range: str = "Likely range of what was lost, 8 times in 10"
    between: str = "{low} to {high}"
    method: str = "How this was worked out"
    verify: str = "Is this genuine?"
    verify_text: str = (
        "Scan the square or open the address and compare the code. The page says only whether this statement is "
        "genuine and in force, its date and its totals."
    )
    address: str = "Address"
    code: str = "Code"
    qr: str = "QR code of the address where this statement can be verified"
    undrawn: str = "Some characters could not be printed; each is shown as a question mark."


@dataclass(frozen=True, slots=True)
class StatementPause:
    """One interruption, amounts in minor units of one currency; `ends_on` is the last day, None while it lasts.

    `lost` is expected - earned - recovered - standby; `low` and `high` bound it, None where no range is known.
    `text` is the contractor-safe reason, one paragraph.
    """

    project: str
    starts_on: dt.date
    ends_on: dt.date | None
    currency: str
    expected: int
    earned: int
    recovered: int
    standby: int
    lost: int
    low: int | None = None
    high: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class StatementDocument:
    """A statement: the person, the period (both days within it), the pauses, the method, and where to verify it.

    `method` holds paragraphs in plain words; `code` is what a third party compares on the page at
    `verification_url`; `locale` ("en", "es", "fil", "hi", "ar") rules dates and money, `words` the fixed text.
    """

    person: str
    reference: str
    issuer: str
    issued_at: dt.datetime
    starts_on: dt.date
    ends_on: dt.date
    pauses: tuple[StatementPause, ...]
    method: tuple[str, ...]
    code: str
    verification_url: str
    locale: str = "en"
    words: StatementWords = field(default_factory=StatementWords)

    def __post_init__(self) -> None:
        """Refuse a statement that does not add up or cannot be verified: a landlord must be able to trust it."""
        if self.ends_on < self.starts_on or self.issued_at.tzinfo is None:
            raise UnableToWriteTable(
                "a statement needs a period that does not end before it starts, and an instant"
            )
        if not self.code or not self.verification_url.startswith(("https://", "http://")):
            raise UnableToWriteTable("a statement needs a code and the address of the page that verifies it")
        for pause in self.pauses:
            if not is_currency(pause.currency):
                raise UnableToWriteTable(f"{pause.project}: unknown currency {pause.currency!r}")
            if pause.lost != pause.expected - pause.earned - pause.recovered - pause.standby:
                raise UnableToWriteTable(
                    f"{pause.project}: lost is not expected - earned - recovered - standby"
                )


def statement_to_pdf(statement: StatementDocument, out: BinaryIO) -> None:
    """Write the statement as a tagged PDF/UA-1 dated as it was issued: the same statement gives the same bytes.

    Raises UnableToWriteTable when it cannot be typeset.
    """
    typeset("statement.typ", contents(statement), at=statement.issued_at, out=out)


def contents(statement: StatementDocument) -> dict[str, Any]:
    """Return what the template shows, every figure and date as the statement's locale writes it."""
    words = statement.words
    filled = {
        "person": statement.person,
        "issuer": statement.issuer,
        "start": long_date(statement.starts_on, statement.locale),
        "end": long_date(statement.ends_on, statement.locale),
    }
    facts = [
        [words.name, statement.person],
        [words.reference, statement.reference],
        [words.period, words.from_to.format(**filled)],
    ]
    return {
        "lang": statement.locale.split("-")[0].split("_")[0],
        "rtl": statement.locale[:2] in RIGHT_TO_LEFT,
        "title": words.title,
        "person": statement.person,
        "issuer": statement.issuer,
        "issued": words.issued.format(date=long_date(statement.issued_at.date(), statement.locale)),
        "opening": words.opening.format(**filled),
        "facts": [fact for fact in facts if fact[1]],
        "totals": totals(statement),
        "totals-note": words.per_currency if len({pause.currency for pause in statement.pauses}) > 1 else "",
        "pauses": [pause_contents(statement, pause) for pause in statement.pauses],
        "method": list(statement.method),
        "words": asdict(words),
        "verify-text": words.verify_text,
        "url": statement.verification_url,
        "shown-url": breakable(statement.verification_url),
        "code": statement.code,
        "qr": qr_svg(statement.verification_url),
    }


def long_date(day: dt.date, locale: str) -> str:
    """Return a date the long way of a locale: "November 2, 2026"."""
    return str(format_date(day, format="long", locale=locale.replace("-", "_")))


def used_amounts(pauses: Sequence[StatementPause]) -> list[str]:
    """Return the amounts worth a line: what was recovered or paid for standing by only where there is any."""
    always = {"expected", "earned", "lost"}
    return [name for name in AMOUNTS if name in always or any(getattr(pause, name) for pause in pauses)]


def totals(statement: StatementDocument) -> dict[str, Any]:
    """Return the sums of all interruptions, a line a currency."""
    words, names = statement.words, used_amounts(statement.pauses)
    labels = {**{name: getattr(words, f"short_{name}") for name in AMOUNTS[:-1]}, "lost": words.lost}
    lines = [
        [
            currency,
            *(
                format_money(
                    sum(getattr(pause, name) for pause in statement.pauses if pause.currency == currency),
                    currency,
                    statement.locale,
                )
                for name in names
            ),
        ]
        for currency in sorted({pause.currency for pause in statement.pauses})
    ]
    return {"head": [words.currency, *(labels[name] for name in names)], "lines": lines}


def pause_contents(statement: StatementDocument, pause: StatementPause) -> dict[str, Any]:
    """Return one interruption: when, why, and its arithmetic, line by line down to what was lost."""
    words = statement.words
    start = long_date(pause.starts_on, statement.locale)
    if pause.ends_on is None:
        when = words.since.format(start=start)
    else:
        when = words.from_to.format(start=start, end=long_date(pause.ends_on, statement.locale))
    lines = [
        {
            "name": getattr(words, name),
            "amount": format_money(getattr(pause, name), pause.currency, statement.locale),
            "strong": name == "lost",
        }
        for name in used_amounts((pause,))
    ]
    if pause.low is not None and pause.high is not None:
        low, high = (
            format_money(bound, pause.currency, statement.locale) for bound in (pause.low, pause.high)
        )
        lines.append(
            {"name": words.range, "amount": words.between.format(low=low, high=high), "strong": False}
        )
    return {
        "title": words.pause_title.format(project=pause.project, when=when),
        "text": pause.text,
        "currency": pause.currency,
        "lines": lines,
    }


def qr_svg(address: str) -> str:
    """Return the address as a QR code in SVG with its quiet zone, readable where a quarter of it is soiled."""
    buffer = io.BytesIO()
    segno.make(address, error="q", micro=False).save(buffer, kind="svg", border=4, xmldecl=False)
    return buffer.getvalue().decode()
