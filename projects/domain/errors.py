"""The business's errors: one tree, each saying in plain words what could not be done and where."""


class DomainError(Exception):
    """Root of everything the business refuses; faces translate it once."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(DomainError):
    """The person may not do this."""


class UnableToPause(DomainError):
    """A pause could not be opened."""


class UnableToUpdatePause(DomainError):
    """A pause could not be updated or extended."""


class UnableToResume(DomainError):
    """A pause could not be ended."""


class UnableToVoid(DomainError):
    """A pause could not be made void."""


class UnableToReassess(DomainError):
    """A scope reassessment could not be started or decided."""


class UnableToEngage(DomainError):
    """A contractor, an engagement or a rate could not be recorded."""


class UnableToCorrect(DomainError):
    """A correction could not be asked for or answered."""


class UnableToImport(DomainError):
    """A file could not be taken in."""


class UnableToDecideHours(DomainError):
    """Hours worked inside a pause could not be decided on."""


class UnableToEstimate(DomainError):
    """An estimate could not be made."""


class UnableToReport(DomainError):
    """A report could not be pulled."""


class UnableToClose(DomainError):
    """A period could not be closed."""


class UnableToSchedule(DomainError):
    """A report could not be put on a schedule."""


class UnableToConnect(DomainError):
    """An endpoint for events could not be made, changed or used."""
