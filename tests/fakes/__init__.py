"""Stand-ins that behave as the real thing does at the other end of the wire, faults included."""
