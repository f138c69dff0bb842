"""The API, version 1: the same facts and the same access rules, for other systems."""
