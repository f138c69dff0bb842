"""Turns values into what one person can read: days, times, money and lengths as their language writes them."""
