"""The rules' form, and their documentation, which is also their test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastasync_lint import rules
from fastasync_lint.model import Hit, Location, Severity, Step
from fastasync_lint.pipeline import Request, check
from fastasync_lint.rules.__main__ import main, pages
from fastasync_lint.settings import Settings

ROOT = Path(__file__).parents[2]
CODES = rules.codes()
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)

SETTINGS = Settings(min_severity=Severity.INFO)


def found(tmp_path: Path, source: str, *, name: str = "main.py") -> list[str]:
    """The codes that the linter reports for one file in an empty project."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / name).write_text(source)
    report = check(Request(paths=(str(tmp_path),), settings=SETTINGS, details="none", cache=False))
    assert not report.problems
    return [finding.code for finding in report.findings]


def example(code: str) -> list[tuple[str, str]]:
    """The code blocks of a rule's page: language and text, the bad one first."""
    return BLOCK.findall(rules.rule(code).documentation)


def test_the_codes_are_those_of_the_readers_table() -> None:
    documented = re.findall(r"^\| (FSA\d{3}) \|", (ROOT / "docs/rules/README.md").read_text(), re.MULTILINE)
    assert tuple(documented) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_the_form_of_a_rule(code: str) -> None:
    rule = rules.rule(code)
    module = next(stem for stem in rules._modules().values() if stem.startswith(code.lower()))
    assert (rule.code, f"{code.lower()}_{rule.name.replace('-', '_')}") == (code, module)
    assert isinstance(rule.severity, Severity)
    assert rule.summary.endswith(".")
    for heading in ("## What it does", "## Why is this bad?", "## Example", "Use instead:"):
        assert heading in rule.documentation
    assert len(example(code)) >= 2


@pytest.mark.parametrize("code", CODES)
def test_a_message_is_one_line_without_a_full_stop(code: str) -> None:
    place = Location(1, 1)
    steps = (Step("a.py", 1, 1, "handler", "helper"), Step("b.py", 2, 1, "helper", "lib.Client().get"))
    for chain in (steps[:1], steps, (steps[0], *steps)):
        hit = Hit(code, Severity.ERROR, "a.py", place, place, "handler", "lib.Client().get", chain, startup=True)
        said = rules.rule(code).message(hit)
        assert said
        assert "\n" not in said
        assert "()" not in said
        assert not said.endswith(".")


@pytest.mark.parametrize("code", CODES)
def test_the_example_is_reported_and_what_to_use_instead_is_not(code: str, tmp_path: Path) -> None:
    (language, bad), *good = example(code)[:2]
    name = "main.py" if language == "python" else "Dockerfile"
    if name != "main.py":
        (tmp_path / "main.py").write_text("app = None\n")
    assert set(found(tmp_path, bad, name=name)) == {code}
    assert code not in found(tmp_path, good[0][1], name=name)


def test_the_pages_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / "docs/rules"), "--check"]) == 0, capsys.readouterr().err


def test_pages_are_written_and_stale_ones_removed(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("an old rule")
    (tmp_path / "README.md").write_text("old")
    assert main([str(tmp_path), "--check"]) == 1
    assert main([str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == set(pages())
    assert main([str(tmp_path), "--check"]) == 0


@pytest.mark.parametrize("word", ["FSA101", "fsa101", "blocking-sleep", "Blocking-Sleep"])
def test_a_rule_is_found_by_code_and_name(word: str) -> None:
    rule = rules.find(word)
    assert rule is not None
    assert rule.code == "FSA101"


def test_what_is_no_rule_is_not_found() -> None:
    assert rules.find("FSA999") is None
    assert rules.find("") is None
