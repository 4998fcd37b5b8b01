"""Every file of the catalogue: its form, its examples, and every name that it says blocks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from fastasync_lint import catalogue, rules
from fastasync_lint.engine import analyse
from fastasync_lint.model import Hit, Severity
from fastasync_lint.settings import Settings

from .catalogue_programs import Makers, Uses, severity, values_made

FILES = sorted(catalogue.files())
ALL = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
EXPECTED = re.compile(r"#((?: FSA\d{3})+)$", re.MULTILINE)


@cache
def library(path: Path) -> catalogue.Library:
    return catalogue.load(path)


@cache
def makers() -> Makers:
    return values_made(map(library, FILES))


def hits(folder: Path, text: str) -> list[Hit]:
    """What the engine says of a project of one file."""
    file = folder / "generated.py"
    file.write_text(text, "utf-8")
    analysis = analyse(folder, [file], None, Settings(), cache=False)
    assert analysis.problems == []
    return analysis.hits


def blocking(found: list[Hit], *, info: bool = False) -> set[tuple[int, str]]:
    """(row, code) of the rules that the catalogue speaks of; what is only info if asked for."""
    return {
        (hit.location.row, hit.code)
        for hit in found
        if (hit.code.startswith("FSA1") or hit.code == "FSA201") and (info or hit.severity is not Severity.INFO)
    }


def commented(text: str) -> set[tuple[int, str]]:
    """(row, code) of the example's comments."""
    lines = enumerate(text.splitlines(), 1)
    return {(row, code) for row, line in lines for found in EXPECTED.findall(line) for code in found.split()}


@ALL
def test_a_file_is_well_formed(path: Path) -> None:
    read = library(path)
    assert read.modules
    assert read.example or not read.block, "a file shows its library in use"
    for row in read.block:
        assert row.rule in rules.codes()
        assert row.on in ("call", "iterate", "enter", "exit", "get")
        assert row.severity in ("", "error", "warning", "info", "routed")
        assert row.names
        assert not set(row.names) & set(row.except_)


@ALL
def test_the_examples_say_what_the_engine_says(path: Path, tmp_path: Path) -> None:
    for example in library(path).example:
        found, wanted = hits(tmp_path, example.blocking), commented(example.blocking)
        missed, surplus = wanted - blocking(found, info=True), blocking(found) - wanted
        assert not missed | surplus, f"missed {sorted(missed)}, reported wrongly {sorted(surplus)}"
        assert blocking(hits(tmp_path, example.clean)) == set()


@ALL
def test_every_name_is_reported_on_the_loop_and_not_in_a_thread(path: Path, tmp_path: Path) -> None:
    uses = Uses(makers())
    said: dict[str, set[tuple[str, str]]] = {}
    for row in library(path).block:
        for name in row.names:
            said.setdefault(name, set()).add((row.rule, severity(row)))
            uses.add(row, name)
    got: dict[int, set[tuple[str, str]]] = {}
    for hit in hits(tmp_path, uses.text()):
        got.setdefault(hit.location.row - 1, set()).add((hit.code, hit.severity.value))
    assert uses.unmade == []
    missed = {name: got.get(line) for line, name in uses.expected.items() if not got.get(line, set()) & said[name]}
    assert missed == {}, f"not reported as their rows say: {missed}"
    threads = {number for number, line in enumerate(uses.lines, 1) if "await asyncio.to_thread" in line}
    assert {uses.lines[line - 1] for line in threads & got.keys()} == set()
