"""`fastasync explain`."""

from __future__ import annotations

import pytest
from fastasync.cli import app
from fastasync_lint import rules
from typer.testing import CliRunner


@pytest.mark.parametrize("word", ["FSA103", "fsa103", "blocking-database-call"])
def test_a_rule_is_explained_by_code_or_name(word: str) -> None:
    result = CliRunner().invoke(app, ["explain", word])
    assert result.exit_code == 0
    assert result.stdout.startswith("# blocking-database-call (FSA103)\n\nSeverity: error. Has a fix.\n")
    assert "Use instead:" in result.stdout


def test_all_rules_are_listed() -> None:
    result = CliRunner().invoke(app, ["explain"])
    assert all(f"| {code} |" in result.stdout for code in rules.codes())


def test_an_unknown_rule_is_named_with_the_closest() -> None:
    result = CliRunner().invoke(app, ["explain", "blocking-slep"])
    assert result.exit_code == 2
    assert "no rule is called `blocking-slep` (did you mean `blocking-sleep`?)" in result.stderr


def test_a_terminal_gets_it_set(monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO
    from types import SimpleNamespace

    from fastasync import explain

    class Screen(StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    monkeypatch.setattr(explain, "sys", SimpleNamespace(stdout=screen))
    monkeypatch.setattr("sys.stdout", screen)
    explain.explain("FSA101")
    assert "## What it does" not in screen.getvalue()
    assert "What it does" in screen.getvalue()
