"""Notices when words of the confidential note turn up in what contractors will read."""

import re
from collections.abc import Iterable, Iterator

RUN = 4  # words in a row that two independent texts hardly share
_WORD = re.compile(r"[\w’'-]+")
_NAME = re.compile(r"(?<![\w’'-])(?:[A-Z][\w’'-]+[ \t]+)+[A-Z][\w’'-]+")
_SENTENCE_ENDS = (".", "!", "?", "…", ":")


def leaked(confidential: str, public: Iterable[str], *, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Phrases of `confidential` that stand in one of the `public` texts, as they were typed, longest first.

    A phrase is `RUN` words in a row, or one telling word: a name, a code, a number. Words in `known`, such as the
    client's own name, tell nothing new.
    """
    texts = [" ".join(_folded(text)) for text in public]
    safe = {word for words in known for word in _folded(words)}
    runs = [run for run in _runs(confidential) if _stands_in(run, texts)]
    told = inside = " ".join(runs).casefold()
    names = [name for name in _names(confidential) if _stands_in(name, texts)]
    inside = " ".join([inside, *(name.casefold() for name in names)])
    telling = [
        word
        for word in dict.fromkeys(_telling(confidential))
        if word.casefold() not in safe and word.casefold() not in inside and _stands_in(word, texts)
    ]
    fresh = [
        name
        for name in dict.fromkeys(names)
        if not set(_folded(name)) <= safe and name.casefold() not in told
    ]
    return (*sorted(runs, key=len, reverse=True), *fresh, *telling)


def _folded(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _stands_in(phrase: str, texts: Iterable[str]) -> bool:
    wanted = " ".join(_folded(phrase))
    return any(f" {wanted} " in f" {text} " for text in texts)


def _runs(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    for first in range(0, max(0, len(words) - RUN + 1), RUN // 2):
        yield " ".join(words[first : first + RUN])


def _names(text: str) -> Iterator[str]:
    """Capitalised words in a row; without the first as well, which may only open its sentence."""
    for name in _NAME.findall(text):
        words = name.split()
        yield " ".join(words)
        if len(words) > 2:
            yield " ".join(words[1:])


def _telling(text: str) -> Iterator[str]:
    """Names, codes and numbers: capitals inside a sentence, or a digit."""
    end = 0
    for match in _WORD.finditer(text):
        word, between = match.group(), text[end : match.start()]
        opens_sentence = _ends_sentence(between) or (end == 0 and not between.strip())
        end = match.end()
        has_digit = any(mark.isdigit() for mark in word) and len(word) > 1
        is_code = len(word) > 2 and word.isupper()
        is_name = word[0].isupper() and len(word) > 2 and not opens_sentence
        if has_digit or is_code or is_name:
            yield word


def _ends_sentence(between: str) -> bool:
    """Whether what stands before a word ends a sentence or a line; looked at once, however long it is."""
    marks = between.rstrip()
    return marks.endswith(_SENTENCE_ENDS) or "\n" in between[len(marks) :]
