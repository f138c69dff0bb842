"""Measures delivery against a C load tool, what others use, and its own promises: `make bench NAME=delivery`."""
