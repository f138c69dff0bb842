"""Examples of requests, as the schema and its page show them; the tests send each of them."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

LATER: Final = "2099-03-05T16:00:00Z"


def _asking(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


OPENING: Final = _asking(
    "A security incident stops one project",
    {
        "project": "CHORDUS",
        "reason_code": "security_incident",
        "what_stopped": "All work on CHORDUS.",
        "starts_at": "now",
        "why": "The client is looking into a security incident.",
        "what_happens_to_pay": "Hours worked before this notice are paid as usual.",
        "next_update_by": LATER,
        "what_to_do_now": "Do not log hours on CHORDUS; ask your lead about other work.",
    },
)
UPDATE: Final = _asking(
    "Still nothing new",
    {"text": "The client still looks into it.", "next_update_by": LATER, "expected_resume": "unknown"},
)
RESUMING: Final = _asking("Work goes on as before", {"text": "Work goes on today.", "outcome": "unchanged"})
ASKING: Final = _asking(
    "A whole client, which one person alone may not pause",
    {
        "client": "ORION",
        "reason_code": "security_incident",
        "what_stopped": "All work for Orion.",
        "starts_at": "now",
        "why": "The client is looking into a security incident.",
        "what_happens_to_pay": "Hours worked before this notice are paid as usual.",
        "next_update_by": LATER,
        "what_to_do_now": "Do not log hours for Orion; ask your lead about other work.",
    },
)
SENDING_BACK: Final = _asking("Some words are missing", {"words": "Say what happens to hours of last week."})
RELEASING: Final = _asking(
    "One project goes on", {"project": "MUSEN", "text": "Work on MUSEN goes on today."}
)
VOIDING: Final = _asking("Opened for the wrong project", {"reason": "The client meant another project."})
CLIENT: Final = _asking("A client", {"code": "VELA", "name": "Vela", "owners": []})
PROJECT: Final = _asking(
    "A project of a client",
    {"client": "ORION", "code": "TABLA", "name": "Tabla", "leads": [], "time_zone": "Asia/Kolkata"},
)
CONTRACTOR: Final = _asking(
    "Somebody in Manila",
    {"email": "maria@people.example", "name": "Maria Cruz", "country": "PH", "locale": "fil",
     "time_zone": "Asia/Manila"},
)  # fmt: skip
RATE: Final = _asking(
    "21.50 dollars an hour",
    {"starts_on": "2027-02-01", "basis": "hour", "amount": "21.50", "currency": "USD",
     "contracted_weekly_seconds": 144000, "max_weekly_seconds": 162000},
)  # fmt: skip
ENGAGEMENT: Final = _asking(
    "A term with its first rate",
    {"contractor": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "project": "CHORDUS", "starts_on": "2027-02-01",
     "rate": {"starts_on": "2027-02-01", "basis": "hour", "amount": "21.50", "currency": "USD"}},
)  # fmt: skip
CLOSING: Final = _asking("Everything up to a week", {"last_day": "2026-03-08"})
SCHEDULE: Final = _asking(
    "What pauses cost, to two people every Monday",
    {"title": "Income impact", "report": "income-impact", "parameters": {"by": ["client", "week"]}, "every": "week",
     "weekday": 0, "hour": 6, "recipients": ["finance@demo.example", "auditor@demo.example"]},
)  # fmt: skip
SEAT: Final = _asking(
    "Two seats in the Philippines and India",
    {"project": "CHORDUS", "title": "Annotator", "seats": 2, "basis": "hour", "amount": "18", "highest_amount": "22.50",
     "currency": "USD", "countries": ["PH", "IN"], "skills": ["Tagalog"], "opened_on": "2027-02-01"},
)  # fmt: skip
SEAT_FACTS: Final = _asking(
    "The same seats for a little more",
    {"title": "Annotator", "seats": 2, "basis": "hour", "amount": "19", "highest_amount": "22.50", "currency": "USD",
     "countries": ["PH", "IN"], "skills": ["Tagalog"], "opened_on": "2027-02-01"},
)  # fmt: skip
OFFER: Final = _asking(
    "Thirty hours a week from the first of April",
    {"contractor": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "starts_on": "2027-04-01", "amount": "20",
     "weekly_seconds": 108000},
)  # fmt: skip
INTEREST: Final = _asking("In one's own words", {"words": "I could start on Monday."})
CALENDAR_DAY: Final = _asking(
    "A day off that is not published",
    {"country": "PH", "day": "2027-06-14", "name": "Day after Independence Day"},
)
WORKING_WEEK: Final = _asking(
    "Sunday to Thursday from the first of March",
    {
        "country": "EG",
        "starts_on": "2027-03-01",
        "weekday_seconds": [28800, 28800, 28800, 28800, 0, 0, 28800],
    },
)
REASSESSMENT: Final = _asking(
    "The client thinks again",
    {"project": "CHORDUS", "what_it_means": "Work goes on; the client decides on the scope by Friday.",
     "next_update_by": LATER},
)  # fmt: skip
DECISION: Final = _asking(
    "Half the hours from the first of March",
    {"outcome": "reduced", "what_it_means": "Twenty hours a week from the first of March.",
     "effective_on": "2027-03-01", "new_weekly_seconds": 72000},
)  # fmt: skip
END: Final = _asking("The last day of work is the 30th of June", {"ends_on": "2027-07-01"})
SEAT_CLOSED: Final = _asking("Offered until the end of February", {"closes_on": "2027-03-01"})
LOCKS: Final = _asking(
    "Two people, one of them at an instant that has passed",
    {"pairs": [
        {"contractor": "ana@demo.example", "project": "CHORDUS"},
        {"contractor": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "project": "MUSEN", "at": "2027-02-01T09:00:00Z"},
    ]},
)  # fmt: skip
HOURS: Final = _asking(
    "Eight hours under an id of your own",
    {"entries": [{"id": "tt-981", "contractor": "ana@demo.example", "project": "CHORDUS", "worked_on": "2027-01-15",
                  "seconds": 28800}]},
)  # fmt: skip
ROSTER: Final = _asking(
    "Somebody new with a first rate",
    {"rows": [{"email": "maria@people.example", "name": "Maria Cruz", "country": "PH", "project": "CHORDUS",
               "starts_on": "2027-02-01", "rate_basis": "hour", "rate_amount": "21.50", "currency": "USD"}]},
)  # fmt: skip
FILE_ANSWERS: Final = _asking("The day comes before the month", {"options": {"dates": "dmy"}})
TOKEN: Final = _asking(
    "A payroll export that pulls reports for a quarter",
    {"name": "Payroll export", "scopes": ["read", "reports:read"], "expires_in_days": 90},
)
ENDPOINT: Final = _asking(
    "Payroll hears of pauses",
    {
        "name": "Payroll",
        "url": "https://payroll.example/hooks",
        "events": ["pause.opened", "hours_lock.changed"],
    },
)
ENDPOINT_CHANGE: Final = _asking("Switch it on again", {"is_enabled": True})
REPLAY: Final = _asking("One event", {"webhook_ids": ["6f1d2c1e-8a0b-4a53-9c7e-1c2b3d4e5f60"]})
CORRECTION: Final = _asking(
    "Five hours of a day that are not there",
    {"engagement": "b3a1f6e0-7f0e-4d2a-9b1a-5d0f6f1c2a77", "kind": "hours", "worked_on": "2026-02-27", "seconds": 18000,
     "words": "I worked five hours."},
)  # fmt: skip
CORRECTION_ANSWER: Final = _asking(
    "In words that the contractor reads", {"answer": "You are right: five hours."}
)
