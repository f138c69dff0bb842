"""Figures as finance pages show them: plain words and addresses, nothing left to reckon in a template."""
