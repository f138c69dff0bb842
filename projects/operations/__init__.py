"""The only writers: each operation is one transaction with its audit row and its staged notices."""
