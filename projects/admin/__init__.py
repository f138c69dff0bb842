"""The lead's desk: Django's admin over the record, reading through the access policy and writing through operations."""

from projects.admin import (
    calendars,
    clients,
    corrections,
    endpoints,
    erasures,
    hours_work,
    offices,
    pauses,
    people,
    records,
    scope,
    seats,
    uploads,
    work,
)

__all__ = [
    "calendars",
    "clients",
    "corrections",
    "endpoints",
    "erasures",
    "hours_work",
    "offices",
    "pauses",
    "people",
    "records",
    "scope",
    "seats",
    "uploads",
    "work",
]
