"""Shapes of requests and answers, input and output apart."""
