"""Measures how the cost of each job grows with the firm: `make bench NAME=scale`."""
