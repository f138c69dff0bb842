"""Real parts for tests: broker, worker, web, PostgreSQL, browser; each starts, answers, and ends without a trace."""
