"""The sizes up to which a file is read, each with the reason for its figure."""

# A million detailed rows of any tool stay under this.
MAX_BYTES = 100_000_000
# XLSX itself stops at 16,384; no tool writes more than 60.
MAX_COLUMNS = 2_000
# One record, line breaks inside quotes included.
MAX_RECORD_CHARACTERS = 1_000_000
# A note over so many lines is an unclosed quotation mark that swallowed its neighbours.
MAX_RECORD_LINES = 500
# Spreadsheets unpack to five to fifteen times their size; bombs to a thousand times.
MAX_XLSX_UNPACKED = 1_000_000_000
MAX_XLSX_RATIO = 100
MAX_XLSX_PARTS = 2_000
# openpyxl holds these in memory as a whole.
MAX_XLSX_SHARED = 100_000_000
# A stray cell at the bottom of a sheet must not be reached by counting a million blank rows.
MAX_BLANK_ROWS = 100_000
# An entry longer than this is a timer that somebody forgot, or a wrong year.
MAX_ENTRY_SECONDS = 31 * 86_400
# Warnings of one kind that are told; the rest are counted.
MAX_WARNINGS = 1_000
# Years in which work can have been done.
FIRST_YEAR = 1990
LAST_YEAR = 2100
# A roster is held in memory, because its rows are compared with each other.
MAX_ROSTER_ROWS = 300_000
MAX_TEXT = 500
