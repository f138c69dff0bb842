"""The pages of the portal, one module a subject; each view reads, lets a presenter word it, and renders."""
