"""The table of the matrix is made from a report, and the documentation has it whole."""

from pathlib import Path

from .combinations import combinations, describe, presets
from .matrix_table import BEGIN, END, cells_of, main, table

DOCUMENT = Path(__file__).parents[2] / "docs" / "templates.md"
REPORT = """<testsuites><testsuite>
<testcase name="test_a_combination_is_right[{first}]" time="12.3"/>
<testcase name="test_a_combination_is_right[minimal]" time="9.8"><failure/></testcase>
</testsuite></testsuites>"""


def test_a_report_becomes_the_table(tmp_path: Path) -> None:
    report, document = tmp_path / "matrix.xml", tmp_path / "page.md"
    report.write_text(REPORT.format(first=describe(combinations()[0])), "utf-8")
    document.write_text(f"before\n{BEGIN}an older table\n{END}after\n", "utf-8")
    main(str(report), str(document))
    text = document.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "older" not in text
    assert f"| {' | '.join(cells_of(None, combinations()[0]))} | 12 |" in text
    [minimal] = [line for line in text.splitlines() if "preset minimal" in line]
    assert minimal.endswith("| - |")
    assert "\n1 of " in text


def test_the_documentation_has_every_combination() -> None:
    """The times are those of the run that the table is of."""
    _, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    written = [line.rpartition(" | ")[0] for line in rest.partition(END)[0].splitlines() if line.startswith("|")]
    assert written == [line.rpartition(" | ")[0] for line in table({}).splitlines()]
    assert len(written) == 2 + len(combinations()) + len(presets())
