"""The lead's desk: Django's admin over the record, reading through the access policy and writing through operations."""

from projects.admin import (
    clients,
    corrections,
    endpoints,
    erasures,
    offices,
    pauses,
    people,
    records,
    scope,
    seats,
    work,
)

__all__ = [
    "clients",
    "corrections",
    "endpoints",
    "erasures",
    "offices",
    "pauses",
    "people",
    "records",
    "scope",
    "seats",
    "work",
]
