"""The made-up people of the demo: always the same names, places, rates and habits for the same number."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

FIRST_NAMES: Final = (  # noqa: SIM905 - a paragraph of names reads better than a column
    "Amara Andrei Beatriz Chidi Dalia Daniel Elif Esperanza Farid Grace Hana Ibrahim Ines Jomar Kavya Kofi "
    "Lakshmi Liam Luz Mahmoud Maria Mateo Mei Nadia Nikhil Noor Oluwaseun Pilar Priya Rafael Ravi Rosa Samira "
    "Sofia Tala Tomasz Uchenna Valeria Wanjiru Yusuf Zainab "
).split()
LAST_NAMES: Final = (  # noqa: SIM905 - a paragraph of names reads better than a column
    "Abdi Aquino Bautista Castillo Das Delgado Eze Farouk Fernandez Garcia Hassan Ibarra Iyer Kamau Khan Kowalski "
    "Kumar Lopez Mansour Mendoza Mwangi Nair Navarro Okafor Otieno Patel Perez Ramos Reyes Rivera Saleh Santos "
    "Sharma Silva Singh Torres Villanueva Wojcik Yadav Zhang "
).split()


@dataclass(frozen=True, slots=True)
class Place:
    """A country of the demo with its zone, language and how often people come from there."""

    country: str
    time_zone: str
    locale: str
    currency: str
    share: int


PLACES: Final = (
    Place("PH", "Asia/Manila", "fil", "USD", 26),
    Place("IN", "Asia/Kolkata", "en", "USD", 22),
    Place("US", "America/New_York", "en", "USD", 16),
    Place("KE", "Africa/Nairobi", "en", "USD", 12),
    Place("MX", "America/Mexico_City", "es", "USD", 9),
    Place("ES", "Europe/Madrid", "es", "EUR", 6),
    Place("EG", "Africa/Cairo", "ar", "USD", 5),
    Place("PL", "Europe/Warsaw", "en", "EUR", 4),
)
RATES: Final = (16, 18, 21, 24, 28, 35)  # currency units an hour
WEEKLY_HOURS: Final = (20, 30, 40, 40)


@dataclass(frozen=True, slots=True)
class DemoContractor:
    """One made-up contractor and how they usually work."""

    number: int
    name: str
    email: str
    place: Place
    rate_millionths: int
    weekly_hours: int
    reliability: float


def demo_contractor(number: int) -> DemoContractor:
    """The contractor with this number, the same on every machine."""
    chance = random.Random(f"contractor {number}")  # noqa: S311 - made-up people, not secrets
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    place = chance.choices(PLACES, weights=[place.share for place in PLACES])[0]
    return DemoContractor(
        number=number,
        name=f"{first} {last}",
        email=f"{first}.{last}.{number}@demo.example".lower(),
        place=place,
        rate_millionths=chance.choice(RATES) * 1_000_000,
        weekly_hours=chance.choice(WEEKLY_HOURS),
        reliability=chance.uniform(0.72, 1.0),
    )


def demo_hours(person: DemoContractor, *, until: date, weeks: int) -> Iterator[tuple[date, int]]:
    """The days worked in the `weeks` whole weeks before the Monday of `until`, as (day, seconds)."""
    chance = random.Random(f"hours {person.number}")  # noqa: S311 - made-up hours, not secrets
    first_monday = until - timedelta(days=until.weekday(), weeks=weeks)
    for week in range(weeks):
        if chance.random() < 0.04:  # a week off now and then
            continue
        for weekday in range(5):
            if chance.random() > person.reliability:
                continue
            usual = person.weekly_hours / 5
            hours = max(0.5, chance.gauss(usual, usual * 0.18))
            yield first_monday + timedelta(weeks=week, days=weekday), int(min(hours, 16) * 4) * 900
