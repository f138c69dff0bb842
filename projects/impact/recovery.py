"""Shares what a person earned beyond the usual elsewhere out over the engagements that are paused."""

from collections.abc import Mapping, Sequence
from datetime import date

from projects.impact.inputs import PersonInputs
from projects.impact.ledger import Entry
from projects.impact.pay import to_minor
from projects.impact.pricing import Priced


def share_out(person: PersonInputs, extra: Mapping[tuple[int, str], int], priced: Sequence[Priced]) -> None:
    """Post each day's extra work to the paused engagements by their expected seconds of the whole stretch.

    Extra pay in a currency without a dated rate is shown in a note and never subtracted.
    """
    if not priced or not extra:
        return
    weights = [max(one.seconds, 0) for one in priced]
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(priced), len(priced)
    got = [0] * len(priced)
    unknown: dict[str, int] = {}
    for (day, currency), grains in sorted(extra.items()):
        left = grains
        for index, (one, weight) in enumerate(zip(priced, weights, strict=True)):
            part = left if index == len(priced) - 1 else grains * weight // whole
            left -= part
            known = one.ledger.in_own(part, currency, date.fromordinal(day), person.fx)
            if known is None:
                unknown[currency] = unknown.get(currency, 0) + part
                continue
            one.ledger.post(2, day, known, one.pause_on(day))
            got[index] += known
    for one, grains in zip(priced, got, strict=True):
        if grains:
            own = (("currency", one.ledger.currency),)
            one.ledger.entries.append(Entry("recovered", "impact.line.recovered", own, None, -grains))
    for currency, grains in sorted(unknown.items()):
        params = (("currency", currency), ("minor", to_minor(grains)))
        label = "impact.line.note.other_currency"
        priced[0].ledger.entries.append(Entry("note", label, params, None, 0))
