"""The demo is the same on every machine, in every release: screens, docs and measurements speak of it."""

import hashlib
from datetime import date

from projects.demo_people import demo_contractor, demo_hours

THURSDAY = date(2026, 11, 26)
NUMBERS = (*range(50), 99_999, 999_999)
AS_EVER = "df20e160c8d2b32c00e5e3f28383a12321c6c8df214dcd15feb5ec8f2ad9d864"


def test_the_people_of_the_demo_and_their_hours_never_change() -> None:
    digest = hashlib.sha256()
    for number in NUMBERS:
        person = demo_contractor(number)
        facts = (
            person.name,
            person.email,
            person.place.country,
            person.rate_millionths,
            person.weekly_hours,
        )
        digest.update(repr(facts).encode())
        for day, seconds in demo_hours(person, until=THURSDAY, weeks=6):
            digest.update(f"{day} {seconds}".encode())

    assert digest.hexdigest() == AS_EVER
