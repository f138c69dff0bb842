"""The business: contractors, clients, projects, pauses, estimates and reports."""
