"""Typesetting: characters that no font can draw are learnt one refusal after another, and nothing is read as markup."""

import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from projects.reports.table import UnableToWriteTable
from projects.reports.writers.typeset import replaced, typeset, undrawn_characters
from projects.reports.writers.typesetter import Refused, main, typeset_here
from tests.unit.reports.tables import AT

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "en")
#data.title
"""


class Fonts:
    """A typesetter that draws few characters, and names at each refusal only the first it cannot."""

    def __init__(self, *drawn: str) -> None:
        self.drawn = drawn
        self.asked: list[dict[str, Any]] = []

    def __call__(self, template: str, data: str, at: dt.datetime) -> bytes:
        self.asked.append(json.loads(data))
        assert Path(template).is_file()
        for character in data:
            if not character.isascii() and character not in self.drawn:
                raise Refused("no font", f'the text `"{character}"` cannot be drawn')
        return data.encode()


class Pieces(io.BytesIO):
    """A file that remembers how much was written at once."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def write(self, piece: Any) -> int:
        self.sizes.append(len(piece))
        return super().write(piece)


def test_what_no_font_can_draw_becomes_a_question_mark_and_is_counted() -> None:
    fonts, out = Fonts("é"), io.BytesIO()
    names = {"people": ["Zoé 花", {"x": "Ω花"}], "n": 5, "none": None}

    undrawn = typeset("report.typ", names, at=AT, out=out, make=fonts)

    assert undrawn == {"花", "Ω"}
    assert [asked["undrawn"] for asked in fonts.asked] == [0, 1, 2]
    assert json.loads(out.getvalue()) == {
        "people": ["Zoé ?", {"x": "??"}],
        "n": 5,
        "none": None,
        "undrawn": 2,
    }


def test_a_text_that_every_font_can_draw_is_typeset_once_and_as_it_is() -> None:
    fonts, out = Fonts("é", "花"), io.BytesIO()

    assert typeset("statement.typ", {"name": "Zoé 花 \x07<b>"}, at=AT, out=out, make=fonts) == frozenset()
    assert fonts.asked == [{"name": "Zoé 花 <b>", "undrawn": 0}]
    assert json.loads(out.getvalue()) == fonts.asked[0]


def test_eight_refusals_are_too_many_and_seven_are_not() -> None:
    def name(count: int) -> dict[str, str]:
        return {"name": "".join(chr(0x4E00 + number) for number in range(count))}

    assert len(typeset("report.typ", name(7), at=AT, out=io.BytesIO(), make=Fonts())) == 7
    with pytest.raises(UnableToWriteTable) as caught:
        typeset("report.typ", name(8), at=AT, out=io.BytesIO(), make=Fonts())
    assert str(caught.value) == "report.typ holds texts in more scripts than the fonts at hand can draw"


def test_a_refusal_that_names_nothing_new_ends_it_in_our_words() -> None:
    def make(template: str, data: str, at: dt.datetime) -> bytes:
        raise Refused("unknown variable", 'the text `"花"`')

    with pytest.raises(UnableToWriteTable) as caught:
        typeset("report.typ", {}, at=AT, out=io.BytesIO(), make=make)
    assert str(caught.value) == "report.typ could not be typeset: unknown variable"
    assert isinstance(caught.value.__cause__, Refused)


def test_a_long_document_is_written_piece_by_piece_and_whole() -> None:
    whole = bytes(range(256)) * 600
    out = Pieces()

    typeset("report.typ", {}, at=AT, out=out, make=lambda template, data, at: whole)

    assert out.getvalue() == whole
    assert out.sizes == [65_536, 65_536, 22_528]


def test_a_document_is_dated_to_the_second_in_utc() -> None:
    moments: list[dt.datetime] = []
    late = dt.datetime(2026, 3, 2, 1, 30, 15, 999_999, tzinfo=dt.timezone(dt.timedelta(hours=8)))

    def make(template: str, data: str, at: dt.datetime) -> bytes:
        moments.append(at)
        return b""

    typeset("report.typ", {}, at=late, out=io.BytesIO(), make=make)

    assert moments == [dt.datetime(2026, 3, 1, 17, 30, 15, tzinfo=dt.UTC)]


def test_control_characters_are_left_out_of_every_text_however_deep() -> None:
    deep = {"a": ["x\x00y", ("\ud800z", {"b": "tab\tline\n"})], "n": 1.5, "t": True}

    assert replaced(deep, frozenset()) == {"a": ["xy", ["z", {"b": "tab\tline\n"}]], "n": 1.5, "t": True}
    assert replaced({"a": ["aΩb", ("Ω",)]}, frozenset("Ω")) == {"a": ["a?b", ["?"]]}


def test_characters_are_read_from_every_way_in_which_a_refusal_names_them() -> None:
    message = (
        'the text `"a花"` could not be displayed; the text contains the disallowed codepoint `"\\u{378}"`; '
        'the text `"\\u{1f9ff}b\\u{41}"` too, and `"é"` is no text'
    )

    assert list(undrawn_characters(message)) == ["花", "\u0378", "\U0001f9ff"]


def test_a_template_and_data_become_a_dated_accessible_pdf(tmp_path: Path) -> None:
    template = tmp_path / "t.typ"
    template.write_text(TEMPLATE)

    pdf = PdfReader(io.BytesIO(typeset_here(str(template), json.dumps({"title": "#x"}), AT)))

    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.creation_date) == ("#x", AT)
    assert pdf.pages[0].extract_text() == "#x"
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_object().get_data()  # type: ignore[index]


def test_a_template_that_cannot_be_compiled_is_refused_in_short_and_at_length(tmp_path: Path) -> None:
    template = tmp_path / "t.typ"
    template.write_text("= Title\n#nowhere")

    with pytest.raises(Refused) as caught:
        typeset_here(str(template), "{}", AT)

    assert str(caught.value) == "unknown variable: nowhere"
    assert caught.value.details.startswith("unknown variable: nowhere ")
    assert len(caught.value.details) > 2 * len(str(caught.value))


def answered(request: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bytes, str]:
    """Return the exit code of the program, its answer, and what it says went wrong."""
    answer, wrong = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(request)))
    monkeypatch.setattr(sys, "stdout", answer)
    monkeypatch.setattr(sys, "stderr", wrong)
    code = main()
    return code, answer.buffer.getvalue(), wrong.getvalue()  # type: ignore[attr-defined]


def test_the_program_answers_with_the_same_document_or_with_what_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "t.typ"
    template.write_text(TEMPLATE)
    arguments = f"{json.dumps([str(template), AT.isoformat()])}\n".encode()
    data = json.dumps({"title": "Zoé"}, ensure_ascii=False)

    code, pdf, wrong = answered(arguments + data.encode(), monkeypatch)
    assert (code, wrong) == (0, "")
    assert pdf == typeset_here(str(template), data, AT)

    code, pdf, wrong = answered(arguments + b"{}", monkeypatch)
    assert (code, pdf) == (1, b"")
    said, details = json.loads(wrong)
    assert said == 'dictionary does not contain key "title"'
    assert details.startswith(said)
