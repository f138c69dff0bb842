"""The lead's desk: Django's admin over the record, reading through the access policy and writing through operations."""

from projects.admin import clients, corrections, erasures, pauses, people, records, scope, work

__all__ = ["clients", "corrections", "erasures", "pauses", "people", "records", "scope", "work"]
