"""What people usually earn in a week on what is about to stop, from a sample of their last thirteen weeks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import fmean, pstdev

from django.db.models import Count, F, Max, QuerySet, Sum, Value

from projects.domain.money import decimal_to_minor, rate_to_decimal
from projects.models import Engagement, HoursEntry, Rate
from projects.models.work import PayBasis

WEEKS = 13
SAMPLE = 1_000
# A multiplicative hash of the key: every n-th key itself would fall in step with any pattern in which rows were made.
_SCATTERED = F("pk") * Value(1_103_515_245) % Value(2_147_483_647)
_HOUR = Decimal(3_600)
_MONTH_IN_WEEKS = Decimal(52) / Decimal(12)
_EIGHTY_PERCENT = 1.2816  # two-sided 80 % of a normal distribution


@dataclass(frozen=True, slots=True)
class WeeklyPay:
    """Usual pay a week of everybody who is reached, in minor units of one currency, with its 80 % range."""

    currency: str
    people: int
    central_minor: int
    low_minor: int
    high_minor: int


@dataclass(frozen=True, slots=True)
class UsualPay:
    """Usual weekly pay by currency, how many people it is the most of what they earn here, and what it rests on.

    `people_mostly` and `people_without_hours` are scaled up from the sample; `is_sample` says whether there was one.
    """

    pay: tuple[WeeklyPay, ...]
    people_mostly: int
    people_without_hours: int
    is_sample: bool


@dataclass(frozen=True, slots=True)
class _Worked:
    engagement: int
    contractor: int
    seconds: int
    tasks: int
    days: int


def usual_pay_of(engagements: QuerySet[Engagement], *, today: date) -> UsualPay:
    """Usual weekly pay on these engagements, from hours in the 91 days before `today`; weeks without hours count.

    Above `SAMPLE` engagements about every n-th is looked at and the sums are scaled up; the range then holds the
    sampling error too. Six queries, whatever the number of people.
    """
    total = engagements.count()
    step = max(1, -(-total // SAMPLE))
    chosen = engagements.annotate(slot=_SCATTERED % Value(step)).filter(slot=0) if step > 1 else engagements
    paused = dict(chosen.order_by().values_list("pk", "contractor"))
    if not paused:
        return UsualPay((), 0, 0, is_sample=step > 1)
    worked = list(_worked(paused, today=today))
    rates = _rates_in_force({row.engagement for row in worked}, today=today)
    earned = {row.engagement: _weekly(row, rates.get(row.engagement)) for row in worked}
    scale = total / len(paused)
    return UsualPay(
        pay=_summed(paused, earned, rates, scale=scale, wobble=_wobble(paused, today=today)),
        people_mostly=round(_mostly(worked, paused, earned, rates) * scale),
        people_without_hours=round(sum(1 for pk in paused if not earned.get(pk)) * scale),
        is_sample=step > 1,
    )


def _worked(paused: dict[int, int], *, today: date) -> Iterable[_Worked]:
    """Hours of the chosen people by engagement, on what stops and on everything else they do."""
    rows = (
        HoursEntry.objects.filter(
            engagement__contractor__in=set(paused.values()),
            worked_on__gte=today - timedelta(weeks=WEEKS),
            worked_on__lt=today,
        )
        .order_by()
        .values_list("engagement", "engagement__contractor")
        .annotate(seconds=Sum("seconds"), done=Sum("tasks"), days=Count("worked_on", distinct=True))
    )
    for engagement, contractor, seconds, tasks, days in rows:
        yield _Worked(engagement, contractor, seconds, tasks or 0, days)


def _rates_in_force(engagements: set[int], *, today: date) -> dict[int, Rate]:
    rows = Rate.objects.filter(engagement__in=engagements, starts_on__lte=today).order_by("starts_on")
    return {rate.engagement_id: rate for rate in rows}


def _weekly(row: _Worked, rate: Rate | None) -> Decimal:
    """Usual pay a week in units of the rate's currency; nothing where no rate is known."""
    if rate is None:
        return Decimal(0)
    amount = rate_to_decimal(rate.amount_millionths)
    units = {
        PayBasis.HOUR: Decimal(row.seconds) / _HOUR,
        PayBasis.DAY: Decimal(row.days),
        PayBasis.WEEK: Decimal(WEEKS),
        PayBasis.MONTH: Decimal(WEEKS) / _MONTH_IN_WEEKS,
        PayBasis.TASK: Decimal(row.tasks),
    }
    return amount * units[PayBasis(rate.basis)] / WEEKS


def _summed(
    paused: dict[int, int], earned: dict[int, Decimal], rates: dict[int, Rate], *, scale: float, wobble: float
) -> tuple[WeeklyPay, ...]:
    by_currency: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for engagement, contractor in paused.items():
        if earned.get(engagement):
            by_currency[rates[engagement].currency].append((contractor, float(earned[engagement])))
    return tuple(
        _range_of(currency, rows, looked_at=len(paused), scale=scale, wobble=wobble)
        for currency, rows in sorted(by_currency.items())
    )


def _range_of(
    currency: str, rows: list[tuple[int, float]], *, looked_at: int, scale: float, wobble: float
) -> WeeklyPay:
    """The scaled sum and its range: weeks differ (`wobble`), and a sample differs from the whole."""
    pays = [pay for _contractor, pay in rows] + [0.0] * (looked_at - len(rows))
    central = sum(pays) * scale
    sampling = 0.0
    if scale > 1 and len(pays) > 1 and central:
        unseen = sqrt(1 - 1 / scale)  # the finite population correction
        sampling = pstdev(pays) / sqrt(len(pays)) * unseen / fmean(pays)
    spread = _EIGHTY_PERCENT * sqrt(wobble**2 + sampling**2)
    low, mid, high = (
        decimal_to_minor(Decimal(repr(amount)), currency)
        for amount in (central * max(0.0, 1 - spread), central, central * (1 + spread))
    )
    people = len({contractor for contractor, _pay in rows})
    return WeeklyPay(currency, round(people * scale), mid, low, high)


def _wobble(paused: dict[int, int], *, today: date) -> float:
    """How much whole weeks differ from their mean: the standard deviation over the mean of the thirteen."""
    first = today - timedelta(weeks=WEEKS)
    days = (
        HoursEntry.objects.filter(engagement__in=list(paused), worked_on__gte=first, worked_on__lt=today)
        .order_by()
        .values_list("worked_on")
        .annotate(seconds=Sum("seconds"), _last=Max("worked_on"))
    )
    weeks = [0.0] * WEEKS
    for day, seconds, _last in days:
        weeks[(day - first).days // 7] += seconds
    mean = fmean(weeks)
    return pstdev(weeks) / mean if mean else 0.0


def _mostly(
    worked: list[_Worked], paused: dict[int, int], earned: dict[int, Decimal], rates: dict[int, Rate]
) -> int:
    """People who earn more than half of their pay here on what stops; in several currencies, work more than half."""
    stops: dict[int, Decimal] = defaultdict(Decimal)
    everything: dict[int, Decimal] = defaultdict(Decimal)
    currencies: dict[int, set[str]] = defaultdict(set)
    for row in worked:
        if row.engagement in rates:
            currencies[row.contractor].add(rates[row.engagement].currency)
    for row in worked:
        is_one = len(currencies[row.contractor]) == 1
        weight = earned[row.engagement] if is_one else Decimal(row.seconds)
        everything[row.contractor] += weight
        if row.engagement in paused:
            stops[row.contractor] += weight
    return sum(1 for person, whole in everything.items() if whole and stops[person] * 2 > whole)
