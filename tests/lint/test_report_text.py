"""The report for people, as whole stored output."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastasync_lint.model import Finding, Location, Severity, Step
from fastasync_lint.pipeline import Outcome, Request, check
from fastasync_lint.report import render
from fastasync_lint.report.causes import summary
from fastasync_lint.sources import Sources

from .projects import sample, write

SAMPLE = """\
error[FSA102] blocking-http-call: `fetch` calls `requests.get`, which blocks the event loop in 2 coroutines
  --> app/api.py:12:12 in user (GET /users/{name})
   |
12 |     return profile(name)
   |            ^^^^^^^^^^^^^
   |            └─ profile calls fetch  app/helpers.py:9
   |               └─ fetch calls requests.get  app/helpers.py:5
   |
   = also:
       app/api.py:17:12 in home (GET /home) by fetch

error[FSA101] blocking-sleep: `time.sleep` blocks the event loop
  --> app/api.py:21:5 in pause
   |
21 |     time.sleep(1)
   |     ^^^^^^^^^^^^^
   |

"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return sample(tmp_path)


def test_causes_with_their_chain_and_all_who_reach_them(project: Path) -> None:
    outcome = check(Request(details="none", cache=False))
    assert render(outcome, "text") == SAMPLE
    said = "Found 3 errors with 2 causes in 1 of 3 files; "
    assert summary(outcome).startswith(said)


def test_help_stands_below_each_cause(project: Path) -> None:
    text = render(check(Request(details="first", cache=False)), "text")
    assert text.count("   = help: ") >= 4
    assert "`await asyncio.to_thread(profile, name)`" in text


def test_colour_changes_no_letter(project: Path) -> None:
    import re

    coloured = render(check(Request(details="none", cache=False)), "text", colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == SAMPLE


def test_unsaved_text_is_what_is_shown(project: Path) -> None:
    path = str(project / "app/api.py")
    overlay = {path: b"import time\nasync def f():\n\ttime.sleep(2)\n"}
    outcome = check(Request(paths=(path,), overlay=overlay, details="none", cache=False))
    assert "3 | \ttime.sleep(2)\n  | \t^^^^^^^^^^^^^\n" in render(outcome, "text", sources=Sources(overlay))


def finding(number: int, severity: Severity = Severity.ERROR) -> Finding:
    place = Location(number, 1)
    steps = (Step("a.py", number, 1, f"f{number}", "g"), Step("a.py", 99, 1, "g", "lib.Client().get"))
    return Finding(
        "FSA107", "blocking-sdk-call", "m", severity, "a.py", place, place, f"f{number}",
        ("GET /1", "GET /2", "GET /3", "GET /4"), "lib.Client().get", steps, (), None, "", "",
    )  # fmt: skip


def test_long_lists_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, {"a.py": "x\n"}))
    text = render(Outcome([finding(number) for number in range(1, 21)], []), "text")
    assert "`g` calls `lib.Client.get`, which blocks the event loop in 20 coroutines" in text
    assert "and 7 more; --output-format concise lists all" in text
    assert "(GET /1, GET /2, GET /3, and 1 more)" in text


def test_a_file_that_is_gone_is_still_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = render(Outcome([finding(3)], []), "text")
    assert "--> a.py:3:1 in f3" in text
    assert "└─ g calls lib.Client.get  a.py:99" in text


def test_the_gravest_and_most_frequent_come_first() -> None:
    import msgspec

    mild = finding(1, Severity.WARNING)
    single = msgspec.structs.replace(finding(2), sink="other")
    text = render(Outcome([mild, single, finding(3), finding(4)], []), "text")
    places = [line.strip() for line in text.splitlines() if "-->" in line]
    assert [place.split()[1] for place in places] == ["a.py:1:1", "a.py:2:1"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome([], [], files=1), "No findings in 1 file."),
        (
            Outcome([], [], files=2, calls=200, unresolved=30),
            "No findings in 2 files; 15% of 200 calls could not be resolved.",
        ),
        (
            Outcome([], [], files=2, hidden=3),
            "No findings in 2 files; 3 below the severity shown (--min-severity info).",
        ),
        (Outcome([], [], files=2, known=3), "No findings in 2 files; 3 already known."),
        (
            Outcome([finding(1), finding(2, Severity.WARNING), finding(3, Severity.INFO)], [], files=1200),
            "Found 1 error, 1 warning, 1 note with 1 cause in 1 of 1,200 files.",
        ),
    ],
)
def test_summary(outcome: Outcome, said: str) -> None:
    assert summary(outcome) == said
