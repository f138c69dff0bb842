"""What each thing that Slack tells us does: one module a subject."""
