"""Finance pages: the same reports, looked at in a browser."""
