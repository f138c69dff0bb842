"""Collects what contractors read, brings the catalogues of every language up to date, and compiles them.

Usage: python scripts/messages.py   (make messages). It needs no gettext tools: templates are read as Django reads them,
Python and catalogues with Babel. What is missing is listed, with exit status 1; a test asks the
same questions.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parents[1]
LOCALES: Final = ROOT / "contractorhub" / "locale"
PLURALS: Final = {
    "es": "nplurals=2; plural=(n != 1);",
    "fil": "nplurals=2; plural=(n != 1 && n != 2 && n != 3 && (n % 10 == 4 || n % 10 == 6 || n % 10 == 9));",
    "hi": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
"""How each language counts (CLDR)."""
TEMPLATES: Final = (
    "contractorhub/portal/templates",
    "contractorhub/slack/templates/slack",
    "contractorhub/templates",
    "projects/templates/projects/notices",
    "projects/templates/projects/reasons",
)
PYTHON: Final = (
    "contractorhub/portal",
    "contractorhub/slack/handlers/home.py",
    "contractorhub/slack/handlers/status.py",
    "projects/notices.py",
    "projects/wording.py",
    "projects/queries/recipients.py",
    "projects/operations/corrections.py",
    "projects/operations/statements.py",
    "projects/operations/people_settings.py",
    "projects/operations/seats.py",
)
FOR_LEADS: Final = (
    "admin",
    "desk",
    "promise_",
    "correction_asked",
    "seat_interest",
    "seat_accepted",
    "seat_declined",
    "approval_",
    "report_",
    "endpoint_",
    "people_unreached",
)
"""Parts of names of what only the firm's own people read; their desk speaks English."""
BORROWED: Final = (
    "This field is required.",
    "Enter a valid date.",
    "Enter a valid time.",
    "Enter a number.",
    "Enter a valid email address.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Ensure this value is less than or equal to %(limit_value)s.",
    "Ensure this value is greater than or equal to %(limit_value)s.",
)
"""Sentences of Django's own forms, which it has not in every language of ours."""
_KEYWORDS: Final = DEFAULT_KEYWORDS | {
    "gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
_LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"(?<!\w)(?:_|n?gettext)\(\s*{_LITERAL}(?:\s*,\s*{_LITERAL})?")
Words = str | tuple[str, str]


def collected() -> Catalog:
    """Every sentence that a contractor may read, with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for folder in TEMPLATES:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in {".html", ".txt"} and not _is_for_leads(path):
                for words in template_words(path):
                    _note(catalog, words, path)
    for name in PYTHON:
        for path in sorted((ROOT / name).rglob("*.py")) if (ROOT / name).is_dir() else [ROOT / name]:
            for found in extract_from_file("python", str(path), keywords=_KEYWORDS):
                _note(catalog, found[1], path)
    for sentence in BORROWED:
        catalog.add(sentence, locations=[("django", 0)])
    return catalog


def template_words(path: Path) -> Iterator[Words]:
    """What one template says; a pair where it counts something."""
    for one, many in _CALL.findall(templatize(path.read_text(encoding="utf-8"))):
        singular = str(ast.literal_eval(one))
        yield (singular, str(ast.literal_eval(many))) if many else singular


def catalogue(language: str) -> Catalog:
    """A language's catalogue as it is kept."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def path_of(language: str) -> Path:
    """Where a language's catalogue lies."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def lacking(catalog: Catalog) -> list[Message]:
    """Sentences that have no translation, lack one of their plural forms, or are only guessed."""
    return [message for message in catalog if message.id and (message.fuzzy or not all(_strings(message)))]


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _is_for_leads(path: Path) -> bool:
    within = path.relative_to(ROOT).parts[2:]
    return any(part.startswith(FOR_LEADS) for part in within)


def _note(catalog: Catalog, words: Any, path: Path) -> None:
    if words and words != ("", ""):
        catalog.add(words, locations=[(path.relative_to(ROOT).as_posix(), 0)])


def _fresh(language: str, template: Catalog) -> Catalog:
    """The sentences of today with the translations that are kept; what nobody says any more is dropped."""
    kept = catalogue(language) if path_of(language).exists() else Catalog(locale=language)
    fresh = Catalog(locale=language, project="ContractorHub", charset="utf-8", fuzzy=False)
    fresh.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", PLURALS[language])]
    # The dates stay, so that nothing changes where no sentence did.
    fresh.creation_date, fresh.revision_date = kept.creation_date, kept.revision_date
    for message in template:
        if message.id:
            known = kept.get(message.id)
            places = sorted(set(message.locations))
            fresh.add(message.id, known.string if known else None, locations=places)
    return fresh


def main() -> int:
    """Bring every language up to date; the number of sentences that wait for a translator decides the exit."""
    settings.configure(USE_I18N=True)
    template, waiting = collected(), 0
    for language in PLURALS:
        catalog = _fresh(language, template)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, include_lineno=False, omit_header=False)
        with path_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        missing = lacking(catalog)
        waiting += len(missing)
        print(f"{language}: {len(catalog)} sentences, {len(missing)} without a translation")
        for message in missing[:20]:
            print(f"    {message.id!r}")
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
