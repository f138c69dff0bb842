"""The words of the portal: short, plain, without euphemisms, and in English readable after eight years of school."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOM = Path(__file__).resolve().parents[3] / "contractorhub"
TEMPLATES = sorted([*(ROOM / "portal" / "templates").rglob("*.html"), *(ROOM / "templates").rglob("*.html")])
LETTERS = sorted((ROOM / "templates" / "account" / "email").glob("*.txt"))
SAID = re.compile(
    r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate""",
    re.DOTALL,
)
EUPHEMISMS = (
    "terminated",
    "impacted",
    "resources",
    "sunset",
    "rightsiz",
    "furlough",
    "unfortunately",
    "inconvenience",
)
HIGHEST_GRADE = 8.0
FEWEST_WORDS = 60
"""Below this many words the formula measures chance."""


def sentences_in(template: Path) -> list[str]:
    """Everything a template says, its variables read as one short word."""
    found = ["".join(parts) for parts in SAID.findall(template.read_text(encoding="utf-8"))]
    plain = (re.sub(r"{%\s*plural\s*%}", ". ", text) for text in found)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>|{{[^}]+}}", "it", text)).strip() for text in plain]


def syllables(word: str) -> int:
    """Groups of vowels, a silent e left out: near enough for a grade."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1))


def grade(texts: list[str]) -> float:
    """Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al., 1975)."""
    whole = " ".join(text if text[-1] in ".!?" else f"{text}." for text in texts)
    sentences = [each for each in re.split(r"[.!?:]+", whole) if each.strip()]
    words = re.findall(r"[A-Za-z']+", whole)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_formula_tells_plain_from_heavy_words() -> None:
    heavy = "The organisation regrets to communicate that operational considerations necessitate a discontinuation."

    assert grade(["Your work is paused. We do not know until when."]) < 3
    assert grade([heavy]) > 15


@pytest.mark.parametrize("template", TEMPLATES + LETTERS, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_page_hides_behind_a_euphemism(template: Path) -> None:
    said = " ".join(sentences_in(template)).lower()

    assert [word for word in EUPHEMISMS if word in said] == []


def test_all_words_together_are_readable_after_eight_years_of_school() -> None:
    said = [text for template in TEMPLATES + LETTERS for text in sentences_in(template) if text]

    assert len(said) > 200
    assert grade(said) <= HIGHEST_GRADE


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOM)))
def test_each_page_is_readable_after_eight_years_of_school(template: Path) -> None:
    said = [text for text in sentences_in(template) if text]
    says_enough = len(" ".join(said).split()) >= FEWEST_WORDS

    assert not says_enough or grade(said) <= HIGHEST_GRADE
