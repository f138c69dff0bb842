"""Tests of delivery on the configured database, with real conversations at the other end."""
