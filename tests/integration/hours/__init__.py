"""Hours: decisions, the flow of imports, the lock."""
