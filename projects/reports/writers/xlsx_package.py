"""The fixed parts of a plain workbook's package: types, relations, styles and the list of sheets."""

from collections.abc import Sequence

from projects.reports.writers.sheets import FORMATS, decimals_format

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Style 0 is plain, 1 the header; then one for each kind and one for each number of decimals a currency can
# have.
STYLES = {kind: number for number, kind in enumerate(FORMATS, start=2)}
STYLE_BY_DECIMALS = {decimals: 2 + len(FORMATS) + decimals for decimals in range(5)}


def styles_part() -> str:
    """Return the style sheet: number formats by kind and by decimals, a bold header."""
    patterns = [*FORMATS.values(), *(decimals_format(decimals) for decimals in STYLE_BY_DECIMALS)]
    formats = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{p}"/>' for n, p in enumerate(patterns))
    cells = "".join(
        f'<xf numFmtId="{200 + n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for n in range(len(patterns))
    )
    font = '<font>{}<sz val="11"/><name val="Calibri"/></font>'
    plain = '<xf numFmtId="0" fontId="{}" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(patterns)}">{formats}</numFmts>'
        f'<fonts count="2">{font.format("")}{font.format("<b/>")}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{2 + len(patterns)}">{plain.format(0)}{plain.format(1)}{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def related(relations: str) -> str:
    """Return a part that lists relations."""
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'


def package_parts(names: Sequence[str]) -> dict[str, str]:
    """Return the parts, by path, that make a workbook of the sheets named, in order."""
    numbered = list(enumerate(names, start=1))
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    relation = f'<Relationship Id="rId{{}}" Type="{DOCUMENT}/{{}}" Target="{{}}"/>'
    relations = "".join(relation.format(n, "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{OFFICE}.worksheet+xml"/>'
        for n, _ in numbered
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{OFFICE}.styles+xml"/>{kinds}</Types>',
        "_rels/.rels": related(relation.format(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": related(
            relations + relation.format(len(names) + 1, "styles", "styles.xml")
        ),
        "xl/styles.xml": styles_part(),
    }
