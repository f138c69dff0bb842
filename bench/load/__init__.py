"""Lets everybody come at once, contractors, time trackers, the desk and finance: `make load`."""
