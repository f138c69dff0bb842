"""What each tool calls its columns, and which of them give the tool away."""

from dataclasses import dataclass, field

from projects.imports.rows import Meaning as M
from projects.imports.rows import SourceFormat

Names = dict[M, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One tool's export.

    names      meaning -> column names, the likeliest first
    must       column names that are always there; an inner tuple is "one of"
    tells      column names that speak for this tool
    never      column names that speak against it
    unit       seconds that a bare number in the duration column stands for
    """

    format: SourceFormat
    names: Names
    must: tuple[tuple[str, ...], ...]
    tells: tuple[str, ...]
    never: tuple[str, ...] = ()
    unit: int = 3600
    breaks: frozenset[str] = field(default=frozenset({"break", "pause", "pausa", "descanso"}))


TOGGL = Dialect(
    SourceFormat.TOGGL,
    {
        M.PERSON_NAME: ("User", "Member"),
        M.PERSON_EMAIL: ("Email",),
        M.CLIENT_NAME: ("Client",),
        M.PROJECT_NAME: ("Project",),
        M.BILLABLE: ("Billable",),
        M.WORKED_ON: ("Start date",),
        M.START_TIME: ("Start time",),
        M.END_DATE: ("End date", "Stop date"),
        M.END_TIME: ("End time", "Stop time"),
        M.DURATION: ("Duration",),
    },
    must=(("Start date",), ("Duration",)),
    tells=("Start date", "Start time", "Duration", "Email", "Project", "Client"),
    never=("Duration (h)", "Duration (decimal)", "Start Date"),
)
CLOCKIFY = Dialect(
    SourceFormat.CLOCKIFY,
    {
        M.PROJECT_NAME: ("Project",),
        M.CLIENT_NAME: ("Client",),
        M.PERSON_NAME: ("User",),
        M.PERSON_EMAIL: ("Email",),
        M.KIND: ("Type",),
        M.BILLABLE: ("Billable",),
        M.WORKED_ON: ("Start Date",),
        M.START_TIME: ("Start Time",),
        M.END_DATE: ("End Date",),
        M.END_TIME: ("End Time",),
        M.DURATION: ("Duration (h)",),
        M.HOURS: ("Duration (decimal)",),
    },
    must=(("Start Date",), ("Duration (h)", "Duration (decimal)", "Start Time")),
    tells=("Project", "User", "Start Date", "Start Time", "Duration (h)", "Duration (decimal)", "End Time"),
    never=("Start date",),
)
HARVEST = Dialect(
    SourceFormat.HARVEST,
    {
        M.WORKED_ON: ("Date",),
        M.CLIENT_NAME: ("Client",),
        M.PROJECT_NAME: ("Project",),
        M.PROJECT_CODE: ("Project Code",),
        M.HOURS: ("Hours",),
        M.BILLABLE: ("Billable?",),
        M.FIRST_NAME: ("First Name", "First name"),
        M.LAST_NAME: ("Last Name", "Last name"),
        M.PERSON_EXTERNAL_ID: ("Employee Id", "Employee ID"),
        M.PERSON_EMAIL: ("Email",),
    },
    must=(("Date",), ("Hours",), ("First Name",), ("Last Name",)),
    tells=("Client", "Project", "Task", "Notes", "Hours", "First Name"),
)
KIMAI_NAMES: Names = {
    M.WORKED_ON: ("Date", "Datum", "Fecha", "Data", "Dato"),
    M.START_TIME: (
        "From",
        "Von",
        "De",
        "Du",
        "Début",
        "Desde",
        "Inicio",
        "Da",
        "Van",
        "Begin",
        "Beginn",
        "Start",
    ),
    M.END_TIME: ("To", "Bis", "À", "A", "Au", "Fin", "Hasta", "Até", "Tot", "Ende", "End", "Fine", "Einde"),
    M.DURATION: ("Duration", "Dauer", "Durée", "Duración", "Duração", "Durata", "Duur", "Tijdsduur"),
    M.PERSON_NAME: ("Name", "Nom", "Nombre", "Nome", "Naam"),
    M.PERSON_EXTERNAL_ID: (
        *("User", "Benutzer", "Benutzername", "Utilisateur", "Usuario", "Utente", "Gebruiker", "Utilizador"),
        *("Staff number", "Personalnummer", "Matricule", "Número de personal"),
    ),
    M.PERSON_EMAIL: (
        *("E-mail", "E-Mail", "Email", "Courriel", "E-mail address", "E-Mail-Adresse", "Adresse e-mail"),
        *("Correo electrónico", "Correo", "E-mailadres"),
    ),
    M.CLIENT_NAME: ("Customer", "Kunde", "Client", "Cliente", "Klant"),
    M.PROJECT_NAME: ("Project", "Projekt", "Projet", "Proyecto", "Progetto", "Projeto"),
    M.PROJECT_CODE: (
        *("Project number", "Projektnummer", "Numéro de projet", "Numéro du projet", "Número de proyecto"),
        *("Numero progetto", "Projectnummer", "Número do projeto"),
    ),
    M.BILLABLE: ("Billable", "Abrechenbar", "Facturable", "Fatturabile", "Factureerbaar", "Faturável"),
}
KIMAI_MUST = (
    KIMAI_NAMES[M.WORKED_ON],
    KIMAI_NAMES[M.DURATION],
    KIMAI_NAMES[M.CLIENT_NAME],
    KIMAI_NAMES[M.PROJECT_NAME],
    ("Activity", "Tätigkeit", "Activité", "Actividad", "Attività", "Activiteit", "Atividade"),
)
KIMAI = Dialect(
    SourceFormat.KIMAI,
    KIMAI_NAMES,
    must=KIMAI_MUST,
    tells=(),
    never=("label.category", "Internal rate"),
)
KIMAI1 = Dialect(
    SourceFormat.KIMAI1,
    KIMAI_NAMES,
    must=(
        ("Date",),
        ("From",),
        ("Duration",),
        ("Customer",),
        ("Exported", "label.category", "Internal rate"),
    ),
    tells=("Rate", "Internal rate", "Exported", "Hourly rate", "label.category"),
    never=("Price", "Internal price"),
    unit=1,
)
HUBSTAFF = Dialect(
    SourceFormat.HUBSTAFF,
    {
        M.PERSON_NAME: ("Member",),
        M.PERSON_EMAIL: ("Email",),
        M.PERSON_EXTERNAL_ID: ("Employee ID",),
    },
    must=(("Member",), ("Total worked",)),
    tells=("Organization", "Time Zone", "Member", "Time zone", "Total worked", "Activity", "Currency"),
)
SOLIDTIME = Dialect(
    SourceFormat.SOLIDTIME,
    {
        M.PERSON_NAME: ("User", "user_name"),
        M.PERSON_EMAIL: ("user_email", "Email"),
        M.CLIENT_NAME: ("Client", "client"),
        M.PROJECT_NAME: ("Project", "project"),
        M.STARTED_AT: ("Start", "start"),
        M.ENDED_AT: ("End", "end"),
        M.DURATION: ("Duration",),
        M.HOURS: ("Duration (decimal)",),
        M.BILLABLE: ("Billable", "billable"),
    },
    must=(("Start",), ("End",), ("Project",), ("Description",), ("User", "user_name")),
    tells=("Description", "Task", "Project", "Client", "Start", "End", "Billable", "Tags"),
    never=("Start Date", "Start date", "Date"),
)
NOKO = Dialect(
    SourceFormat.NOKO,
    {
        M.WORKED_ON: ("Date",),
        M.PERSON_NAME: ("Person",),
        M.PERSON_EMAIL: ("Email",),
        M.CLIENT_NAME: ("Group/Client", "Group"),
        M.PROJECT_NAME: ("Project",),
        M.MINUTES: ("Minutes",),
        M.HOURS: ("Hours",),
        M.BILLABLE: ("Billable", "Billable?"),
        M.ENTRY_ID: ("ID", "Id"),
    },
    must=(("Date",), ("Person",), ("Minutes",)),
    tells=("Person", "Teams", "Email", "Group/Client", "Minutes", "Hours"),
)
TICK = Dialect(
    SourceFormat.TICK,
    {
        M.ENTRY_ID: ("Id", "ID"),
        M.CLIENT_NAME: ("Client",),
        M.PROJECT_NAME: ("Project", "Project Name"),
        M.PROJECT_CODE: ("Project Code", "Project ID"),
        M.WORKED_ON: ("Date",),
        M.PERSON_NAME: ("User",),
        M.PERSON_EMAIL: ("Email",),
        M.HOURS: ("Hours",),
        M.BILLABLE: ("Billable",),
    },
    must=(("Id",), ("Date",), ("User",), ("Hours",)),
    tells=("Id", "Project ID", "Date", "User", "Hours", "Rate", "Total", "Email"),
    never=("First Name", "Minutes"),
)
DIALECTS = (TOGGL, CLOCKIFY, HARVEST, KIMAI1, KIMAI, HUBSTAFF, SOLIDTIME, NOKO, TICK)

# Column names by which a file of no known tool is guessed; a person confirms the guess.
GENERIC_NAMES: Names = {
    M.PERSON_EMAIL: ("email", "e-mail", "work email", "user email", "person email", "contractor email"),
    M.PERSON_NAME: ("name", "user", "person", "contractor", "member", "employee", "full name"),
    M.FIRST_NAME: ("first name", "firstname"),
    M.LAST_NAME: ("last name", "lastname", "surname"),
    M.PERSON_EXTERNAL_ID: ("employee id", "external id", "contractor id", "worker id", "external_id"),
    M.PROJECT_NAME: ("project", "project name"),
    M.PROJECT_CODE: ("project code", "project id", "project_code"),
    M.CLIENT_NAME: ("client", "customer", "client name"),
    M.WORKED_ON: ("date", "day", "worked on", "work date", "worked_on", "spent on", "start date"),
    M.PERIOD_END: ("week end", "period end", "week ending"),
    M.STARTED_AT: ("started at", "started_at", "start", "begin"),
    M.ENDED_AT: ("ended at", "ended_at", "end", "finish"),
    M.START_TIME: ("start time", "from", "time-in", "time in", "clock in"),
    M.END_DATE: ("end date",),
    M.END_TIME: ("end time", "to", "time-out", "time out", "clock out"),
    M.DURATION: ("duration", "time spent", "time worked", "daily_total"),
    M.HOURS: ("hours", "hours worked", "regular hours", "decimal hours"),
    M.MINUTES: ("minutes",),
    M.SECONDS: ("seconds",),
    M.TASKS: ("tasks", "pieces", "tasks completed", "items", "units"),
    M.BILLABLE: ("billable", "billable?"),
}
