"""The writers: a table in, bytes out, the same cents in every format."""
