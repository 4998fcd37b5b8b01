"""The forms for programs: concise, JSON, GitHub, GitLab, statistics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastasync_lint.model import Applicability, Edit, Finding, Fix, Location, Problem, Severity, Step
from fastasync_lint.pipeline import Outcome
from fastasync_lint.report import Format, render, statistics


def finding(**changes: Any) -> Finding:
    """A finding with a chain of two steps and a fix."""
    fields: dict[str, Any] = {
        "code": "FSA102",
        "name": "blocking-http-call",
        "message": "`fetch` blocks the event loop: it reaches `requests.get`",
        "severity": Severity.ERROR,
        "filename": "app/api.py",
        "location": Location(12, 5),
        "end_location": Location(12, 15),
        "function": "user",
        "routes": ("GET /users/{name}",),
        "sink": "requests.get",
        "chain": (
            Step("app/api.py", 12, 5, "user", "fetch"),
            Step("app/helpers.py", 5, 12, "fetch", "requests.get"),
        ),
        "help": ("use the async alternative", "or run it in a thread"),
        "fix": Fix(
            Applicability.UNSAFE,
            "Run `fetch` in a thread",
            (Edit("await asyncio.to_thread(fetch, u)", Location(12, 5), Location(12, 15)),),
        ),
        "fingerprint": "f00d",
        "url": "docs/rules/blocking-http-call.md",
    }
    return Finding(**fields | changes)


def outcome(*findings: Finding) -> Outcome:
    return Outcome(list(findings), [], calls=200, unresolved=30, files=4)


def test_concise() -> None:
    said = "app/api.py:12:5: FSA102 `fetch` blocks the event loop: it reaches `requests.get`\n"
    assert render(outcome(finding()), "concise") == said


def test_json_is_the_model_as_it_stands() -> None:
    (read,) = json.loads(render(outcome(finding()), "json"))
    assert read == {
        "code": "FSA102",
        "name": "blocking-http-call",
        "message": "`fetch` blocks the event loop: it reaches `requests.get`",
        "severity": "error",
        "filename": "app/api.py",
        "location": {"row": 12, "column": 5},
        "end_location": {"row": 12, "column": 15},
        "function": "user",
        "routes": ["GET /users/{name}"],
        "sink": "requests.get",
        "chain": [
            {"filename": "app/api.py", "row": 12, "column": 5, "function": "user", "call": "fetch"},
            {"filename": "app/helpers.py", "row": 5, "column": 12, "function": "fetch", "call": "requests.get"},
        ],
        "help": ["use the async alternative", "or run it in a thread"],
        "fix": {
            "applicability": "unsafe",
            "message": "Run `fetch` in a thread",
            "edits": [
                {
                    "content": "await asyncio.to_thread(fetch, u)",
                    "location": {"row": 12, "column": 5},
                    "end_location": {"row": 12, "column": 15},
                }
            ],
        },
        "fingerprint": "f00d",
        "url": "docs/rules/blocking-http-call.md",
    }


@pytest.mark.parametrize("form", ["json", "gitlab"])
def test_no_findings_are_an_empty_array(form: Format) -> None:
    assert json.loads(render(outcome(), form)) == []


@pytest.mark.parametrize("form", ["text", "concise", "github"])
def test_no_findings_are_no_lines(form: Format) -> None:
    assert render(outcome(), form) == ""


def test_github_annotations() -> None:
    assert render(outcome(finding()), "github") == (
        "::error title=fastasync (FSA102 blocking-http-call),file=app/api.py,line=12,endLine=12,col=5,endColumn=15"
        "::app/api.py:12:5: FSA102 `fetch` blocks the event loop: it reaches `requests.get`\n"
    )


@pytest.mark.parametrize(
    ("severity", "command"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")]
)
def test_github_commands(severity: Severity, command: str) -> None:
    assert render(outcome(finding(severity=severity)), "github").startswith(f"::{command} ")


def test_github_escapes_what_would_end_a_value() -> None:
    said = render(outcome(finding(filename="a,b:c%.py", message="50% of\r\nit: all, ::x")), "github")
    assert "file=a%2Cb%3Ac%25.py," in said
    assert said.endswith("::a,b:c%25.py:12:5: FSA102 50%25 of%0D%0Ait: all, ::x\n")
    assert said.count("\n") == 1


def test_github_takes_no_columns_of_a_range_over_several_lines() -> None:
    said = render(outcome(finding(end_location=Location(14, 2))), "github")
    assert "line=12,endLine=14::" in said


def test_gitlab() -> None:
    (issue,) = json.loads(render(outcome(finding()), "gitlab"))
    fingerprint = issue.pop("fingerprint")
    assert issue == {
        "check_name": "FSA102",
        "description": "blocking-http-call: `fetch` blocks the event loop: it reaches `requests.get`",
        "severity": "critical",
        "location": {
            "path": "app/api.py",
            "positions": {"begin": {"line": 12, "column": 5}, "end": {"line": 12, "column": 15}},
        },
    }
    (other,) = json.loads(render(outcome(finding(filename="app/b.py")), "gitlab"))
    assert other["fingerprint"] != fingerprint


def test_gitlab_paths_start_at_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "backend").mkdir()
    monkeypatch.chdir(tmp_path / "backend")
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    (issue,) = json.loads(render(outcome(finding()), "gitlab"))
    assert issue["location"]["path"] == "backend/app/api.py"


def test_statistics_count_findings_causes_and_files() -> None:
    findings = [
        finding(),
        finding(filename="app/b.py"),
        finding(code="FSA101", name="blocking-sleep", chain=(), function="pause"),
    ]
    assert statistics.render(outcome(*findings), "text") == (
        "count  causes  files  rule\n"
        "    2       1      2  FSA102  blocking-http-call\n"
        "    1       1      1  FSA101  blocking-sleep\n"
    )
    assert statistics.render(outcome(), "text") == ""


def test_markdown_is_a_table_of_causes() -> None:
    findings = [finding(), finding(filename="app/b.py", message="a | b"), finding(code="FSA101", chain=(), sink="s|t")]
    lines = render(Outcome(findings, [Problem("bad.py", "no | good")], files=4), "markdown").splitlines()
    assert lines[:6] == [
        "### fastasync lint",
        "",
        "Found 3 errors with 2 causes in 2 of 4 files.",
        "",
        "| severity | rule | cause | first place | findings |",
        "| --- | --- | --- | --- | ---: |",
    ]
    assert lines[6] == (
        "| error | FSA102 blocking-http-call "
        "| `fetch` calls `requests.get`, which blocks the event loop in 2 coroutines "
        "| `app/api.py:12` (GET /users/{name}) | 2 |"
    )
    assert lines[-1] == "- `bad.py`: no \\| good"


def test_a_long_table_is_cut() -> None:
    text = render(outcome(*(finding(sink=f"s{number}") for number in range(60))), "markdown")
    assert text.endswith("\nand 10 more causes.\n")


def test_a_clean_project_needs_no_table() -> None:
    assert render(outcome(), "markdown").count("\n") == 3
