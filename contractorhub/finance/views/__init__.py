"""What a request for finance does: reports, kept runs, people."""
