"""Faults, caused for real and counted at the receiving side."""
