"""Reads across models into typed rows; nothing here writes."""
