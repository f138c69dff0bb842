"""Who may use what is typed rather than fetched: words and buttons of Slack, and commands of the shell."""

from typing import Final

MEMBER, CONTRACTOR, LEAD = (
    "any member of the workspace",
    "the contractor concerned",
    "who may pause it, linked",
)
SLACK: Final = {
    "command (nothing)": (MEMBER, "one's own projects; a stranger reads how to link"),
    "command status": (MEMBER, "one's own projects; a stranger reads how to link"),
    "command link": (MEMBER, "the way to link; it is confirmed signed in"),
    "command mute": ("a contractor", "one's own wishes"),
    "command unmute": ("a contractor", "one's own wishes"),
    "command open": (LEAD, "others read that they lead nothing, or how to link"),
    "command update": (LEAD, "others read that there is no pause of theirs"),
    "command resume": (LEAD, "others read that there is no pause of theirs"),
    "button acknowledge": (CONTRACTOR, "others read that it does not stop them"),
    "button switch_updates": ("a contractor", "one's own wishes"),
    "button open_pause": (LEAD, "others read that they lead nothing, or how to link"),
    "button open_from_proposal": (LEAD, "others read that they lead nothing, or how to link"),
    "button choose_reason": (LEAD, "the form they have opened themselves"),
    "button update_pause": (LEAD, "others read that there is no pause of theirs"),
    "button resume_pause": (LEAD, "others read that there is no pause of theirs"),
    "button answer_question": (LEAD, "others read that there is no such question"),
    "button close_question": (LEAD, "others read that there is no such question"),
    "form open_pause_form": (LEAD, "refused; nothing is kept"),
    "form open_pause_confirm": (LEAD, "refused; nothing is kept"),
    "form update_pause_form": (LEAD, "refused; nothing is kept"),
    "form resume_pause_form": (LEAD, "refused; nothing is kept"),
    "form answer_question_form": (LEAD, "refused; nothing is kept"),
    "message menu pause_from_message": (LEAD, "others read how to link"),
    "event app_home_opened": (MEMBER, "one's own projects, and what one may pause"),
    "event tokens_revoked": ("Slack", "the workspace is left"),
    "event app_uninstalled": ("Slack", "the workspace is left"),
}
"""Each word, button, form and event: who it is for, and what the others get."""

SHELL: Final = "whoever has the installation's shell"
COMMANDS: Final = {
    "hub": "starts everything on one machine",
    "mailbox": "takes the mail of one machine",
    "backup": "writes the whole database to a file",
    "restore": "puts it back",
    "createsuperuser": "makes somebody who may do everything; the audit trail tells it",
    "rotate_field_keys": "encrypts anew under the newest key",
    "slack_manifest": "prints the Slack app's manifest",
    "relay_outbox": "sends what is due",
    "take_returned_mail": "records bounces",
    "import_roster": "as the system: no person is named in the audit trail",
    "import_hours": "as the system; `--as` says whose rows they are, not who may",
    "import_rates": "as the system",
    "undo_import": "as the system",
    "open_pause": "as the system",
    "update_pause": "as the system",
    "resume_pause": "as the system",
    "pause_status": "reads",
    "estimate_impact": "reckons",
    "what_if": "reads",
    "export_report": "reads; the audit trail tells that it was pulled by the system",
    "backtest_impact": "reads files",
    "policy_check": "reads a file",
    "update_rates": "fetches published exchange rates",
    "seed_demo": "adds the demo's rows",
    "verify_audit": "reads",
}
"""Each command of `manage.py`: it asks nobody who they are, for whoever can run it can read the database."""


def told() -> str:
    """Both tables, as the page has them."""
    lines = ["## Words in Slack\n", "| what | who | what others get |", "|---|---|---|"]
    lines += [f"| {name} | {who} | {others} |" for name, (who, others) in SLACK.items()]
    lines += [
        "",
        "## Commands of the shell\n",
        f"All are for {SHELL}.\n",
        "| command | what it does |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {what} |" for name, what in COMMANDS.items()]
    return "\n".join([*lines, ""])
