"""The refusals of a whole file; what is wrong with a single row is a `RowError` and never raised."""

from projects.domain.errors import UnableToImport


class UnableToReadFile(UnableToImport):
    """The bytes cannot be read as a table: too large, not text, a bomb, an unknown encoding, no header row."""


class UnableToTellFormat(UnableToImport):
    """The table is readable, but no known tool wrote it and no mapping says what its columns mean."""

    def __init__(self, message: str, *, header: tuple[str, ...] = ()) -> None:
        """Keep the header, so that a face can offer its columns for a mapping."""
        super().__init__(message)
        self.header = header


class UnableToTellDateOrder(UnableToImport):
    """Every date of the file reads as day-month and as month-day alike: whoever brings it says which."""

    def __init__(self, message: str, *, examples: tuple[str, ...] = ()) -> None:
        """Keep a few of the dates, so that a face can show both readings."""
        super().__init__(message)
        self.examples = examples


class UnableToTellYear(UnableToTellDateOrder):
    """The dates of the file name no year: whoever brings it has to say which."""


class UnableToUseMapping(UnableToImport):
    """A mapping names columns the file lacks, leaves out what an entry needs, or gives one meaning twice."""


__all__ = [
    "UnableToImport",
    "UnableToReadFile",
    "UnableToTellDateOrder",
    "UnableToTellFormat",
    "UnableToTellYear",
    "UnableToUseMapping",
]
