"""Every sentence that a contractor reads is said in every language, with its gaps and plural forms, and is compiled."""

import re
from io import BytesIO

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from scripts import messages

GAPS = re.compile(r"%\(\w+\)s|<[^>]+>")
LANGUAGES = sorted(messages.PLURALS)


def forms_of(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_every_language_that_is_offered_has_a_catalogue() -> None:
    assert sorted(code for code, _name in settings.LANGUAGES if code != "en") == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_guessed_or_left_over(language: str) -> None:
    said = {message.id for message in messages.collected() if message.id}
    catalog = messages.catalogue(language)

    assert {message.id for message in catalog if message.id} == said
    assert messages.lacking(catalog) == []
    assert dict(catalog.obsolete) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_gap_is_kept_and_every_plural_form_is_there(language: str) -> None:
    catalog = messages.catalogue(language)
    assert f"Plural-Forms: {messages.PLURALS[language]}" in [
        ": ".join(header) for header in catalog.mime_headers
    ]
    for message in catalog:
        if isinstance(message.id, tuple):
            # A form for one or two may say the number as a word.
            assert len(forms_of(message)) == catalog.num_plurals
            assert all(
                set(GAPS.findall(form)) <= set(GAPS.findall(message.id[1])) for form in forms_of(message)
            )
        elif message.id:
            assert sorted(GAPS.findall(message.id)) == sorted(GAPS.findall(message.string)), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, messages.catalogue(language))

    assert messages.path_of(language).with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_a_missing_sentence_would_be_noticed() -> None:
    catalog = messages.catalogue("es")
    catalog.add("A sentence that nobody has translated.")
    guessed = catalog.get("Saved.")
    assert guessed is not None
    guessed.flags.add("fuzzy")

    assert {message.id for message in messages.lacking(catalog)} == {
        "A sentence that nobody has translated.", "Saved.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("es", 1, "1 plaza"), ("es", 3, "3 plazas"), ("hi", 0, "0 जगह"), ("hi", 2, "2 जगहें"), ("fil", 4, "4 na puwesto"),
        ("ar", 2, "مقعدان"), ("ar", 5, "5 مقاعد"), ("ar", 11, "11 مقعدًا"), ("ar", 100, "100 مقعد"),
    ],
)  # fmt: skip
def test_each_language_counts_by_its_own_rules(language: str, number: int, said: str) -> None:
    with translation.override(language):
        words = ngettext("%(seats)s seat", "%(seats)s seats", number) % {"seats": number}
        assert words == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_django_speaks_it_even_where_django_itself_does_not(language: str) -> None:
    with translation.override(language):
        assert gettext("This field is required.") != "This field is required."
