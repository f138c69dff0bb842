"""Tests of files taken in: hours and rosters, on the configured database."""
