"""Tests of the commands, run as an operator runs them."""
