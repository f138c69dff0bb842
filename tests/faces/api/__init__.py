"""What other systems meet: the API, door by door."""
