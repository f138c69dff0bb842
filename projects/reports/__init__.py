"""Reports: pure tables, the catalogue that fills them, and the writers that turn a table into bytes."""
