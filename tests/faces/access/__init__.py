"""The access matrix: every door of the product, asked by every kind of person for every kind of row."""
