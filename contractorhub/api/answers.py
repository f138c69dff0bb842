"""Worked examples of answers, by the schema's name of what is answered; the tests hold each against its schema."""

from typing import Any, Final

ANA: Final = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
PAUSE: Final = "6f1d2c1e-8a0b-4a53-9c7e-1c2b3d4e5f60"
TERM: Final = "b3a1f6e0-7f0e-4d2a-9b1a-5d0f6f1c2a77"
THING: Final = "9c2e6a54-0d5e-4f0f-8a35-2f6f3b1f7d10"
_CLIENT: Final = {"code": "ORION", "name": "Orion Labs"}
_PROJECT_REF: Final = {"code": "CHORDUS", "name": "Chordus", "client": "ORION"}
_ANA: Final = {"public_id": ANA, "name": "Ana Reyes", "country": "PH", "external_id": "W-1041"}
_RATE: Final = {
    "starts_on": "2026-01-05", "basis": "hour", "amount": "20", "currency": "USD", "contracted_weekly_seconds": 144_000,
    "max_weekly_seconds": None,
}  # fmt: skip
_PAUSE: Final = {
    "public_id": PAUSE, "target": {"kind": "project", "code": "CHORDUS", "name": "Chordus", "projects": []},
    "state": "in_effect", "kind": "full", "remaining_share_bp": 0, "reason_code": "security_incident",
    "starts_at": "2026-03-02T09:00:00Z", "ends_at": None, "what_stopped": "All work on CHORDUS.",
    "why": "The client is looking into a security incident.",
    "what_happens_to_pay": "Hours worked before this notice are paid as usual.",
    "what_to_do_now": "Do not log hours on CHORDUS; ask your lead about other work.",
    "next_update_by": "2026-03-04T16:00:00Z", "expected_resume": "unknown", "expected_resume_from": None,
    "expected_resume_until": None, "standby_share_bp": 0, "standby_daily_minor": 2_500, "standby_currency": "USD",
    "standby_max_days": 5, "notice_sent_at": "2026-03-02T09:00:00Z", "opened_by": "Lea Moreno",
    "opened_at": "2026-03-02T09:00:00Z", "closed_at": None, "void_reason": "",
}  # fmt: skip
_WEEKS: Final = [
    {"week_starts_on": "2026-03-02", "expected_seconds": 144_000, "expected_minor": 80_000, "earned_minor": 4_000,
     "recovered_minor": 0, "standby_minor": 12_500, "lost_minor": 63_500},
    {"week_starts_on": "2026-03-09", "expected_seconds": 144_000, "expected_minor": 80_000, "earned_minor": 0,
     "recovered_minor": 20_000, "standby_minor": 0, "lost_minor": 60_000},
]  # fmt: skip
_LINES: Final = [
    {
        "kind": "usual",
        "label": "impact.line.usual.hour",
        "params": {"weeks": 13},
        "seconds": 288_000,
        "minor": 160_000,
    },
    {
        "kind": "earned",
        "label": "impact.line.earned",
        "params": {"currency": "USD"},
        "seconds": -7_200,
        "minor": -4_000,
    },
    {
        "kind": "recovered",
        "label": "impact.line.recovered",
        "params": {"currency": "USD"},
        "seconds": None,
        "minor": -20_000,
    },
    {
        "kind": "standby",
        "label": "impact.line.standby",
        "params": {"currency": "USD"},
        "seconds": None,
        "minor": -12_500,
    },
]
_ENDPOINT: Final = {
    "public_id": THING, "name": "Payroll", "url": "https://payroll.example/hooks",
    "events": ["pause.opened", "hours_lock.changed"], "owner": "lead@demo.example", "made_at": "2026-02-02T09:00:00Z",
    "is_enabled": True, "disabled_at": None, "disabled_reason": "", "failing_since": None, "both_secrets_until": None,
}  # fmt: skip
_TOKEN: Final = {
    "public_id": THING, "name": "Payroll export", "scopes": ["read", "reports:read"],
    "created_at": "2026-03-02T09:00:00Z", "expires_at": "2026-05-31T09:00:00Z", "last_used_at": None,
}  # fmt: skip
_CANDIDACY: Final = {
    "id": 12, "seat": 7, "title": "Annotator", "project": {"code": "HARP", "name": "Harp", "client": "LYRA"},
    "contractor": _ANA, "state": "offered", "interested_at": "2026-03-03T08:00:00Z",
    "words": "I could start on Monday.",
    "offered_at": "2026-03-03T15:00:00Z", "starts_on": "2026-03-09", "ends_on": None, "weekly_seconds": 108_000,
    "amount": "20", "basis": "hour", "currency": "USD", "closed_at": None, "engagement": None,
}  # fmt: skip
_LOCK: Final = {
    "contractor": "ana@demo.example", "project": "CHORDUS", "may_log": False, "status": "paused",
    "reason": "The client is looking into a security incident.", "since": "2026-03-02T09:00:00Z", "until": None,
    "next_word_by": "2026-03-04T16:00:00Z", "how_to_correct": "Ask for a correction in the portal.", "pause": PAUSE,
}  # fmt: skip
_CHORDUS: Final = {
    "code": "CHORDUS", "name": "Chordus", "client": _CLIENT,
    "leads": [{"name": "Lea Moreno", "email": "lead@demo.example"}], "time_zone": "UTC",
    "planned_end_on": None, "ended_on": None,
}  # fmt: skip

ANSWERS: Final[dict[str, Any]] = {
    "MeOut": {"email": "lead@demo.example", "name": "Lea Moreno", "roles": [], "is_lead": True, "contractor": None,
              "signed_in_by": "token", "scopes": ["read", "pauses:write"]},
    "ClientOut": _CLIENT,
    "ProjectOut": _CHORDUS,
    "ContractorOut": {**_ANA, "region": "", "locale": "fil", "time_zone": "Asia/Manila"},
    "RateOut": _RATE,
    "EngagementOut": {"public_id": TERM, "contractor": _ANA, "project": _PROJECT_REF, "starts_on": "2026-01-05",
                      "ends_on": None, "rates": [_RATE]},
    "OpenSeatOut": {"id": 7, "project": {"code": "HARP", "name": "Harp", "client": "LYRA"}, "title": "Annotator",
                    "seats": 2, "basis": "hour", "amount": "18", "highest_amount": "22.5", "currency": "USD",
                    "weekly_seconds": 108_000, "countries": ["IN", "PH"], "skills": ["tagalog"],
                    "opened_on": "2026-03-01", "closes_on": None},
    "CandidatesOut": {"candidates": [{"contractor": ANA, "name": "Ana Reyes", "country": "PH", "state": "interested",
                                      "words": "I could start on Monday.", "skills_matched": ["tagalog"],
                                      "skills_missing": []}]},
    "CandidacyOut": _CANDIDACY,
    "ReassessmentOut": {"id": 3, "project": "CHORDUS", "pause": PAUSE, "outcome": "reduced",
                        "what_it_means": "Twenty hours a week from the first of April.", "next_update_by": None,
                        "started_at": "2026-03-02T09:00:00Z", "decided_at": "2026-03-20T12:00:00Z",
                        "effective_on": "2026-04-01", "new_weekly_seconds": 72_000, "new_rate": None,
                        "new_rate_currency": "", "new_end_on": None},
    "PauseOut": _PAUSE,
    "PauseUpdateOut": {"id": 41, "kind": "updated", "text": "The client still looks into it.",
                       "at": "2026-03-04T14:00:00Z", "by": "Lea Moreno", "next_update_by": "2026-03-06T16:00:00Z",
                       "promised_by": "2026-03-04T16:00:00Z", "changes": {}},
    "DeliveryOut": {"id": 90, "notice": "pause.opened", "recipient": "Ana Reyes", "channel": "email", "state": "sent",
                    "reason": "", "tries": 1, "due_at": "2026-03-02T09:00:00Z", "recorded_at": "2026-03-02T09:00:04Z"},
    "AcknowledgementOut": {"opened_at": "2026-03-02T10:00:00Z", "acknowledged_at": "2026-03-02T10:01:00Z",
                           "via": "portal"},
    "ApprovalOut": {"id": 5, "pause": {**_PAUSE, "state": "draft", "notice_sent_at": None}, "state": "waiting",
                    "reasons": ["many_people"], "asked_by": "lead@demo.example", "asked_at": "2026-03-02T08:50:00Z",
                    "decided_by": None, "decided_at": None, "words": ""},
    "EstimateOut": {"pause": PAUSE, "engagement": TERM, "contractor": _ANA, "project": "CHORDUS", "currency": "USD",
                    "starts_on": "2026-03-02", "ends_on": "2026-03-16", "as_of": "2026-03-16",
                    "method_version": "2026.3", "policy": "", "finished_at": "2026-03-16T02:00:00Z",
                    "expected_seconds": 288_000, "expected_minor": 160_000, "earned_minor": 4_000,
                    "recovered_minor": 20_000, "standby_minor": 12_500, "lost_minor": 123_500, "low80_minor": 104_000,
                    "high80_minor": 142_000, "low95_minor": 91_000, "high95_minor": 155_000, "reference_minor": None,
                    "guaranteed_minor": None, "weekly_expected_minor": 80_000, "usual_weekly_seconds": 144_000,
                    "is_provisional": False, "reasons": [], "lines": _LINES, "weeks": _WEEKS},
    "LockOut": _LOCK,
    "LocksOut": {"answers": [_LOCK]},
    "HoursOut": {"id": 8_102, "engagement": TERM, "contractor": ANA, "project": "CHORDUS", "worked_on": "2026-03-02",
                 "started_at": None, "seconds": 7_200, "tasks": None, "source": "toggl",
                 "recorded_at": "2026-03-03T06:00:00Z",
                 "decision": {"finding": "before_notice", "verdict": "payable", "dated_on": "2026-03-02",
                              "reason": "It was worked before anybody was told.",
                              "decided_at": "2026-03-05T11:00:00Z"}},
    "DaysOffOut": {"country": "PH", "region": "", "year": 2026, "days": [
        {"day": "2026-06-12", "name": "Independence Day", "is_said": False},
        {"day": "2026-06-15", "name": "Day after Independence Day", "is_said": True}]},
    "CalendarDayOut": {"id": 2, "country": "PH", "region": "", "day": "2026-06-15", "is_holiday": True,
                       "name": "Day after Independence Day"},
    "WorkingWeekOut": {"id": 1, "country": "EG", "region": "", "starts_on": "2026-03-01",
                       "weekday_seconds": [28_800, 28_800, 28_800, 28_800, 0, 0, 28_800]},
    "HoursBulkOut": {"results": [{"index": 0, "status": "added", "reason": ""},
                                 {"index": 1, "status": "refused", "reason": "seconds: A valid integer is required."}],
                     "counts": {"added": 1, "refused": 1}},
    "RosterBulkOut": {"results": [{"index": 0, "status": "changed", "changes": ["engagement", "rate"], "reason": ""}],
                      "counts": {"changed": 1}},
    "UploadOut": {"public_id": THING, "kind": "hours", "state": "asking", "file_name": "march.csv",
                  "size_bytes": 48_112, "options": {}, "question": {"kind": "date_order"}, "findings": {},
                  "refusal": "", "uploaded_at": "2026-03-16T08:00:00Z", "finished_at": None},
    "CorrectionOut": {"public_id": THING, "engagement": TERM, "contractor": ANA, "project": "CHORDUS", "pause": PAUSE,
                      "kind": "hours", "state": "open", "worked_on": "2026-02-27", "seconds": 18_000,
                      "starts_on": None, "ends_on": None, "basis": None, "amount": None, "currency": "",
                      "words": "I worked five hours.", "asked_at": "2026-03-05T08:00:00Z", "closed_at": None,
                      "answer": ""},
    "PeriodOut": {"public_id": THING, "first_week": "2026-02-02", "last_week": "2026-03-02", "as_of": "2026-03-10",
                  "closed_at": "2026-03-10T10:00:00Z", "checksum": "9f" * 32},
    "ScheduleOut": {"public_id": THING, "title": "Income impact", "report": "income-impact",
                    "parameters": {"by": ["client", "week"]}, "every": "week", "weekday": 0, "day": None, "hour": 6,
                    "recipients": ["finance@demo.example"], "owner": "finance@demo.example",
                    "made_at": "2026-03-02T09:00:00Z", "paused_at": None, "next_at": "2026-03-09T06:00:00Z"},
    "SendingOut": {"due_at": "2026-03-09T06:00:00Z", "as_of": "2026-03-08", "at": "2026-03-09T06:00:12Z",
                   "state": "sent", "run": THING, "people": 1, "error": ""},
    "Reports": {"results": [{"name": "pause-register", "title": "Pause register",
                             "summary": "Every pause with its dates, reason and reach.",
                             "parameters": [{"name": "client", "label": "Client", "shape": "codes"}]}]},
    "TokenOut": _TOKEN,
    "NewTokenOut": {**_TOKEN, "token": "hub_your_token"},
    "EndpointOut": _ENDPOINT,
    "EndpointWithSecretOut": {**_ENDPOINT, "secret": "whsec_your_secret"},
    "SentEventOut": {"webhook_id": "0b8a0e8e-3a8f-4d0e-8f5c-6a1c9d3f2b11", "type": "pause.opened", "state": "failed",
                     "reason": "http_500", "tries": 2, "staged_at": "2026-03-02T09:00:00Z",
                     "recorded_at": "2026-03-02T09:00:30Z", "body": '{"type":"pause.opened"}',
                     "attempts": [{"at": "2026-03-02T09:00:05Z", "code": "http_500", "detail": "out of order"}]},
    "ReplayOut": {"count": 1},
    "EventTypeOut": {"name": "hours_lock.changed", "says": "Hours on some projects are paused, reduced or open now.",
                     "example": {"projects": ["CHORDUS"], "status": "paused"}},
}  # fmt: skip


def example_for(schema: dict[str, Any]) -> Any:
    """The example of an answer of this schema, a page of them where it is a list; None where there is none."""
    if schema.get("type") == "array":
        inner = example_for(schema["items"])
        return None if inner is None else [inner]
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    one = ANSWERS.get(name.removeprefix("Paginated").removesuffix("List"))
    if one is None or not name.startswith("Paginated"):
        return one
    return {"next": None, "previous": None, "results": [one]}
