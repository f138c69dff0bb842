"""The refusals of a whole file; what is wrong with a single row is a `RowError` and never raised."""


class UnableToImport(Exception):
    """The root of this room's tree: `str()` of every one is a sentence fit to be shown to the person who chose the file."""


class UnableToReadFile(UnableToImport):
    """The bytes cannot be read as a table: too large, not text, a bomb, an unknown encoding, no header row."""


class UnableToTellFormat(UnableToImport):
    """The table is readable, but no known tool wrote it and no mapping says what its columns mean."""

    def __init__(self, message: str, *, header: tuple[str, ...] = ()) -> None:
        """Keep the header, so that a face can offer its columns for a mapping."""
        super().__init__(message)
        self.header = header


class UnableToTellDateOrder(UnableToImport):
    """Every date of the file reads as day-month and as month-day alike: whoever brings the file has to say which."""

    def __init__(self, message: str, *, examples: tuple[str, ...] = ()) -> None:
        """Keep a few of the dates, so that a face can show both readings."""
        super().__init__(message)
        self.examples = examples


class UnableToUseMapping(UnableToImport):
    """A mapping names columns the file lacks, leaves out what an entry needs, or gives one meaning twice."""
