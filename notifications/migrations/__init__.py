"""Database history of this room."""
