"""The named pay policies: what each needs to know, what it answers, how it rounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from projects.impact.policies import averages, benefits, prorated, scheme

Inputs = Mapping[str, Any]
Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """A pay rule under its name. `needs` are the inputs it takes; `optional` those it also understands;
    `rule` a word of the stated rule that tells it from others with the same inputs."""

    name: str
    rounding: str
    needs: frozenset[str]
    answer: Callable[[Inputs], Answers]
    optional: frozenset[str] = frozenset()
    rule: str = ""

    def fits(self, inputs: Inputs, rule: str) -> bool:
        """Whether this policy speaks about exactly these inputs."""
        given = frozenset(inputs)
        return self.needs <= given <= self.needs | self.optional and self.rule.lower() in rule.lower()


def _policy(
    name: str,
    rounding: str,
    needs: str,
    answer: Callable[[Inputs], Answers],
    *,
    optional: str = "",
    rule: str = "",
) -> Policy:
    return Policy(name, rounding, frozenset(needs.split()), answer, frozenset(optional.split()), rule)


POLICIES: tuple[Policy, ...] = (
    _policy(
        "job retention scheme claim",
        "half up per day, period and grant; daily limits up",
        "frequency method claim pause_start pay_dates",
        scheme.claim,
        optional="period_pay total_pay_in_window employment_start first_pause_date rti_submission leave_days leave_pay "
        "pause_end usual_hours worked_hours last_year_pay",
    ),
    _policy(
        "calendar-day proration",
        "half up once, after multiplying",
        "period_pay period paused",
        prorated.calendar_days_of_period,
        optional="daily_max replacement_rate",
    ),
    _policy("proration of an amount", "half up once", "amount whole_days part_days", prorated.part_of_amount),
    _policy("rounding half up", "half up to pence", "values", prorated.rounded),
    _policy(
        "limit over a month end",
        "daily limit up per month",
        "period monthly_cap period_pay",
        scheme.limit_over_months,
    ),
    _policy("guaranteed share of whole periods", "half up", "period_pay periods", scheme.whole_periods),
    _policy("guaranteed share under a limit", "half up", "reference_pay cap", scheme.share_under_limit),
    _policy(
        "reference pay by average",
        "daily average half up before multiplying",
        "total_pay worked_window",
        averages.daily,
        optional="paused_days leave_days leave_pay usual_hours worked_hours",
    ),
    _policy(
        "weekly pay by calendar days and hours",
        "half up once",
        "weekly_pay paused_days",
        prorated.week_by_days_and_hours,
        optional="usual_hours worked_hours",
    ),
    _policy("limit by lost hours", "half up per week", "weeks weekly_cap", scheme.weeks_under_limit),
    _policy(
        "reference pay of the same period last year",
        "half up per part",
        "average_pay days_taken last_year_pay period_days",
        averages.same_period_last_year,
    ),
    _policy(
        "last year's pay by lost hours",
        "half up",
        "average_pay stitched_pay usual_hours worked_hours",
        averages.last_year_by_hours,
    ),
    _policy(
        "reduced hours and closure in one period",
        "half up per state",
        "claim closed pay_period reduced_hours reference_pay usual_hours worked_hours",
        scheme.two_states,
    ),
    _policy(
        "usual hours of a pattern",
        "nearest whole hour; the day's hours kept to two places where the rule says so",
        "calendar_days hours_per_week pattern_days",
        prorated.usual_hours,
    ),
    _policy(
        "usual hours of a pattern, day rounded first",
        "day half up to two places, then nearest whole hour",
        "calendar_days hours_per_week pattern_days",
        prorated.usual_hours_by_rounded_day,
        rule="rounded to 5.71",
    ),
    _policy("higher of average and last year", "half up", "average same_week_last_year", averages.higher_of),
    _policy(
        "rate in force by day",
        "half up",
        "hours rate_before rate_from_2020_04_01 replacement_rate",
        prorated.rate_rise,
    ),
    _policy("average week of eight weeks", "half up", "pay window", averages.week_of_window),
    _policy("average week of months", "half up", "pay monthly_payments", averages.week_of_months),
    _policy("average week of days", "half up", "pay window_from window_to", averages.week_of_days),
    _policy(
        "working-pattern daily rate",
        "cut off at four places",
        "pattern_days weekly_rate",
        prorated.pattern_day,
    ),
    _policy("guarantee pay", "exact to the penny", "daily_limit days", benefits.guarantee_days),
    _policy(
        "work-share benefit",
        "down to the whole unit",
        "usual_hours reduction weekly_benefit_amount",
        benefits.work_share_down,
        rule="down",
    ),
    _policy(
        "work-share benefit, in the worker's favour",
        "up to the whole unit",
        "reduction weekly_benefit_amount",
        benefits.work_share_up,
        rule="up",
    ),
    _policy(
        "residual income from base pay",
        "half up",
        "rate base_weeks base_hours hours_now",
        benefits.from_base_pay,
    ),
    _policy(
        "benefit by missed days",
        "half up",
        "average_weekly_pay weekly_benefit_amount days_worked",
        benefits.by_missed_days,
    ),
    _policy(
        "residual income with a disregard", "half up", "weekly_benefit_amount wages", benefits.with_disregard
    ),
    _policy(
        "average day of four weeks",
        "half up",
        "hours_per_day rate days_per_week weeks vacation_pay",
        averages.day_of_four_weeks,
    ),
    _policy(
        "monthly pay by calendar days",
        "half up to one place",
        "monthly_wage calendar_days",
        prorated.month_day,
    ),
    _policy(
        "monthly pay by days on",
        "half up to one place",
        "monthly_wage calendar_days days_off",
        prorated.month_day,
    ),
    _policy(
        "working-day proration",
        "half up; the lost part is what remains of the whole",
        "monthly_gross working_days days_worked",
        prorated.working_days_of_month,
    ),
    _policy(
        "hourly equivalent of a month",
        "cut off at the cent",
        "monthly_gross weekly_hours hours_lost",
        prorated.month_by_hours,
    ),
    _policy(
        "share of pay lost", "half up to two places of a percent", "target actual", prorated.loss_percent
    ),
    _policy("full-time equivalents lost", "exact", "weekly_hours_lost", prorated.full_time_equivalents),
    _policy("redeployment at another rate", "half up", "old_rate new_rate hours", prorated.redeployed),
    _policy("average of paid weeks", "half up", "paid_weeks each unpaid_weeks_inside", averages.paid_weeks),
    _policy(
        "lost pay in thirds",
        "half up; state and employer cut off at the penny",
        "monthly_pay usual_weekly_hours worked_weekly_hours",
        benefits.in_thirds,
    ),
)

UNSUPPORTED: Mapping[frozenset[str], tuple[str, str]] = {
    frozenset({"net_loss"}): (
        "short-time benefit",
        "it is a share of net pay, which contractors' rates do not tell",
    ),
    frozenset({"hours"}): ("holiday accrual", "it gives holiday hours, not pay"),
    frozenset({"file"}): ("timesheet totals", "it adds up a file of hours; import_hours does that"),
    frozenset({"standard_turnover", "trend", "actual", "rate", "extra_cost", "savings"}): (
        "business interruption",
        "it is the agency's own margin, not a contractor's pay",
    ),
}
"""Rules that are known and deliberately not answered: name and reason."""


def policy_for(inputs: Inputs, rule: str) -> Policy | None:
    """The policy that speaks about these inputs; where several do, the one whose stated rule is told
    apart."""
    fitting = [policy for policy in POLICIES if policy.fits(inputs, rule)]
    return max(fitting, key=lambda policy: len(policy.rule), default=None)
