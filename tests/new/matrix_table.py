"""Writes the table of the matrix into the documentation, from a run of it.

pytest -m matrix --junit-xml matrix.xml tests/new/test_matrix.py
python -m tests.new.matrix_table matrix.xml docs/templates.md
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

from .combinations import PARAMETERS, Flags, answers_of, combinations, describe, presets

BEGIN, END = "<!-- the matrix -->\n", "<!-- /the matrix -->\n"
COLUMNS = {" ".join(names): names for names in PARAMETERS}
HEAD = [*COLUMNS, "s"]


def seconds_by_case(report: Path) -> dict[str, float]:
    """How long each combination took, by its name, of those that passed."""
    return {
        case.attrib["name"].partition("[")[2].removesuffix("]"): float(case.attrib["time"])
        for case in ElementTree.parse(report).iter("testcase")
        if case.get("name", "").startswith("test_a_combination_is_right[")
        and case.find("failure") is None
        and case.find("error") is None
        and case.find("skipped") is None
    }


def cells_of(preset: str | None, flags: Flags) -> list[str]:
    """All choices of a service, those by default too, as in the columns."""
    answers = answers_of(preset, flags)
    cells = [
        " ".join(dict.fromkeys(answers[name] for name in names if answers[name] != "none")) or "-"
        for names in COLUMNS.values()
    ]
    return cells if preset is None else [f"preset {preset}: {cells[0]}", *cells[1:]]


def table(seconds: dict[str, float]) -> str:
    """Markdown; a service that did not pass has no time."""
    rows = [[*cells_of(None, flags), _time(seconds, describe(flags))] for flags in combinations()]
    rows += [[*cells_of(name, {}), _time(seconds, name)] for name in presets()]
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _time(seconds: dict[str, float], name: str) -> str:
    return f"{seconds[name]:.0f}" if name in seconds else "-"


def main(report: str, document: str | None = None) -> None:
    """Replace what stands between the two comments of a document."""
    seconds = seconds_by_case(Path(report))
    total = f"{len(seconds)} of {len(combinations()) + len(presets())}, {sum(seconds.values()) / 60:.0f} minutes.\n"
    text = f"{table(seconds)}\n{total}"
    if document is None:
        print(text, end="")
        return
    path = Path(document)
    before, rest = path.read_text("utf-8").split(BEGIN)
    path.write_text(f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
