"""Tests of the business's writers, on the database that is configured."""
