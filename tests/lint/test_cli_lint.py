"""`fastasync lint` as a program: options, exit status, what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from fastasync import __version__
from fastasync.cli import app
from fastasync_lint.program import calls
from typer.testing import CliRunner, Result

from .projects import API, CLEAN, sample, write

PROGRAM = [sys.executable, "-m", "fastasync"]


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["lint", *arguments], input=stdin)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return sample(tmp_path)


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in json.loads(result.stdout)]


def test_findings_give_status_1_and_a_clean_project_0(project: Path) -> None:
    assert run().exit_code == 1
    (project / "app/api.py").write_text(CLEAN)
    result = run()
    assert result.exit_code == 0
    assert result.stdout.startswith("No findings in 3 files")


@pytest.mark.parametrize("broken", ["call_node", "arguments"])
def test_a_defect_of_the_engine_costs_one_function_and_names_the_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    work = getattr(calls, broken)

    def fails(program: Any, node: Any, frame: Any, *rest: Any) -> Any:
        if frame.module.path == "odd.py":
            raise IndexError("of no use")
        return work(program, node, frame, *rest)

    monkeypatch.setattr(calls, broken, fails)
    write(project, {"odd.py": "import time\n\nasync def f() -> None:\n    time.sleep(1)\n"})
    result = run("--output-format", "concise", "--quiet")
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 3
    assert result.stderr == (
        "error: odd.py: an error in fastasync kept part of this file from being analysed; please report it "
        "(IndexError: of no use)\n"
    )
    assert run("--quiet", "app").stderr == ""


def test_concise_lines(project: Path) -> None:
    result = run("--output-format", "concise", "--quiet")
    assert result.stdout.splitlines() == [
        "app/api.py:12:12: FSA102 `profile` blocks the event loop: it reaches `requests.get` through `fetch`",
        "app/api.py:17:12: FSA102 `fetch` blocks the event loop: it reaches `requests.get`",
        "app/api.py:21:5: FSA101 `time.sleep` blocks the event loop",
    ]
    assert result.stderr == ""


def test_a_named_file_gives_the_findings_of_the_full_run(project: Path) -> None:
    write(project, {"app/more.py": API})
    whole = json.loads(run("--output-format", "json").stdout)
    alone = json.loads(run("--output-format", "json", "app/more.py").stdout)
    assert alone == [finding for finding in whole if finding["filename"] == "app/more.py"]
    assert len(alone) == 3


def test_names_are_relative_to_the_current_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "app")
    finding = json.loads(run("--output-format", "json", "api.py").stdout)[0]
    assert finding["filename"] == "api.py"
    assert [step["filename"] for step in finding["chain"]] == ["api.py", "helpers.py", "helpers.py"]
    (project / "elsewhere").mkdir()
    monkeypatch.chdir(project / "elsewhere")
    finding = json.loads(run("--output-format", "json", "../app/api.py").stdout)[0]
    assert finding["filename"] == str(project / "app/api.py")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--select", "FSA101"], ["FSA101"]),
        (["--select", "FSA101,FSA102"], ["FSA102", "FSA102", "FSA101"]),
        (["--select", "FSA1", "--ignore", "FSA102"], ["FSA101"]),
        (["--ignore", "FSA1"], []),
        (["--min-severity", "error"], ["FSA102", "FSA102", "FSA101"]),
    ],
)
def test_selection(project: Path, arguments: list[str], found: list[str]) -> None:
    result = run("--output-format", "json", *arguments)
    assert codes(result) == found
    assert result.exit_code == bool(found)


def test_severities_below_the_least_are_hidden_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.py": 'import os\n\n\nasync def f() -> bool:\n    return os.path.exists("x")\n'})
    assert "1 below the severity shown" in run().stdout
    result = run("--min-severity", "info", "--output-format", "json")
    assert (result.exit_code, codes(result)) == (1, ["FSA112"])
    (tmp_path / "pyproject.toml").write_text("[tool.fastasync.lint]\nmin-severity = 'info'\n")
    assert run().exit_code == 1


def test_settings_of_the_project(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        "[tool.fastasync.lint]\nselect = ['FSA1']\nper-file-ignores = { 'api.py' = ['FSA102'] }\n"
    )
    assert codes(run("--output-format", "json")) == ["FSA101"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no/such"], "no/such: no such file or folder"),
        (["--select", "FSA9"], "--select: no rule has the code or prefix `FSA9`"),
        (["--ignore", "X"], "--ignore: no rule has the code or prefix `X`"),
        (["-", "app"], "`-` stands for stdin alone"),
        (["--stdin-filename", "a.py"], "--stdin-filename needs `-` as the only path"),
        (["-", "--fix"], "--fix works on files, not on stdin"),
        (["--unsafe-fixes"], "--unsafe-fixes goes with --fix or --diff"),
        (["--fix", "--diff"], "use one of them"),
        (["--baseline", "none.json"], "none.json: no such baseline; --update-baseline records one"),
        (["--update-baseline"], "--update-baseline needs --baseline FILE"),
        (["--since", "main"], "--since needs a git repository"),
        (["-o", "no/such/report.txt"], "no/such/report.txt: cannot be written"),
        (["--report", "xml=a"], "--report xml=a: give it as FORMAT=FILE; formats: text, concise"),
        (["--report", "json"], "--report json: give it as FORMAT=FILE"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(project: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("error: ")


@pytest.mark.parametrize("arguments", [["--output-format", "xml"], ["--min-severity", "fatal"], ["--frobnicate"]])
def test_unknown_options_and_values_give_status_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            b"def f(:\n", f", read as Python {sys.version_info[0]}.{sys.version_info[1]} (line 1)", id="syntax"
        ),
        pytest.param(b"x = '\xff'\n", "", id="encoding"),
        pytest.param(b"x = 1\0\n", "", id="NUL"),
        pytest.param(b"# coding: nonesuch\n", "", id="unknown encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_rest_reported(project: Path, content: bytes, said: str) -> None:
    (project / "app/bad.py").write_bytes(content)
    result = run("--output-format", "json")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: app/bad.py: ")
    assert said in result.stderr
    assert len(codes(result)) == 3
    assert run("--exit-zero").exit_code == 2


def test_exit_zero(project: Path) -> None:
    assert run("--exit-zero").exit_code == 0


def test_stdin_stands_for_a_file_of_the_project(project: Path) -> None:
    text = "from app.helpers import fetch\n\n\nasync def f() -> str:\n    return fetch('u')\n"
    result = run("-", "--stdin-filename", "app/new.py", "--output-format", "json", stdin=text)
    finding = json.loads(result.stdout)[0]
    assert (finding["filename"], finding["code"]) == ("app/new.py", "FSA102")
    unsaved = run("-", "--stdin-filename", "app/api.py", stdin=CLEAN)
    assert unsaved.exit_code == 0


def test_stdin_without_a_name(project: Path) -> None:
    result = run("-", stdin="import time\n\n\nasync def f() -> None:\n    time.sleep(1)\n")
    assert result.exit_code == 1
    assert "5 |     time.sleep(1)" in result.stdout


def test_statistics(project: Path) -> None:
    assert run("--statistics").stdout.splitlines() == [
        "count  causes  files  rule",
        "    2       1      1  FSA102  blocking-http-call",
        "    1       1      1  FSA101  blocking-sleep",
    ]
    rows = json.loads(run("--statistics", "--output-format", "json").stdout)
    assert rows[0] == {"code": "FSA102", "name": "blocking-http-call", "count": 2, "causes": 1, "files": 1}


def test_strict_lists_the_calls_that_are_not_resolved(project: Path) -> None:
    Path("strange.py").write_text("def é(given):\n    return 'é', given.call(\n        given.second())\n", "utf-8")
    for choices in (["--strict"], ["--strict"], ["--strict", "--no-cache", "strange.py"]):
        result = run(*choices, "--quiet")
        assert [line for line in result.stderr.splitlines() if "strange" in line] == [
            "strange.py:2:17: not resolved: given.call(",
            "strange.py:3:9: not resolved: given.second())",
        ]
    assert "not resolved" not in run("--quiet").stderr
    assert "strange" not in run("--strict", "--quiet", "app.py").stderr


def test_strict_tells_the_share_of_unresolved_calls_in_every_form(project: Path) -> None:
    result = run("--strict", "--output-format", "json")
    assert "calls could not be resolved" in result.stderr
    assert len(codes(result)) == 3


def test_the_report_goes_to_a_file(project: Path) -> None:
    result = run("--output-format", "json", "--output-file", "report.json")
    assert result.stdout == ""
    assert result.exit_code == 1
    assert len(json.loads((project / "report.json").read_text())) == 3


def test_several_reports_of_one_run(project: Path) -> None:
    result = run("--output-format", "github", "--report", "json=a.json", "--report", "markdown=b.md")
    assert result.stdout.startswith("::error title=fastasync (FSA102")
    assert json.loads((project / "a.json").read_text())[0]["help"]
    assert (project / "b.md").read_text().startswith("### fastasync lint\n\nFound 3 errors with 2 causes")


def test_a_diff_is_shown_and_nothing_written(project: Path) -> None:
    before = (project / "app/api.py").read_text()
    result = run("--diff")
    assert "-    time.sleep(1)\n+    await asyncio.sleep(1)\n" in result.stdout
    assert result.stderr == "Would apply 1 fix in 1 file.\n"
    assert (project / "app/api.py").read_text() == before


def test_fixes_are_applied_and_what_is_left_reported(project: Path) -> None:
    result = run("--fix", "--output-format", "concise")
    assert result.stderr == "Applied 1 fix in 1 file.\n"
    assert "    await asyncio.sleep(1)\n" in (project / "app/api.py").read_text()
    assert [line.split()[1] for line in result.stdout.splitlines()[:-1]] == ["FSA102", "FSA102"]
    assert run("--fix", "--unsafe-fixes").exit_code == 0
    assert run().exit_code == 0


def test_an_idle_comment_is_fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.py": "x = 1  # fastasync: ignore[FSA101] -- was here\n"})
    assert codes(run("--output-format", "json")) == ["FSA001"]
    assert run("--fix").exit_code == 0
    assert (tmp_path / "a.py").read_text() == "x = 1\n"


def test_a_suppressed_project_is_clean(project: Path) -> None:
    api = API.replace("profile(name)", "profile(name)  # fastasync: ignore[FSA102] -- slow on purpose")
    api = api.replace('fetch("https://home.example/")', 'fetch("https://home.example/")  # noqa: FSA102')
    (project / "app/api.py").write_text(api.replace("time.sleep(1)", "time.sleep(1)  # fastasync: ignore"))
    assert run().exit_code == 0


def test_an_excluded_file_is_checked_when_named(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.fastasync.lint]\nextend-exclude = ['api.py']\n")
    assert run().exit_code == 0
    assert run("app/api.py").exit_code == 1
    assert run("app/api.py", "--force-exclude").exit_code == 0


def test_the_text_report_has_colour_only_where_asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in run().stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run().stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run().stdout


def test_a_closed_pipe_is_silent(project: Path) -> None:
    many = "".join(f"async def f{number}() -> None:\n    time.sleep(1)\n" for number in range(3000))
    write(project, {"app/many.py": "import time\n" + many})
    with subprocess.Popen(
        [*PROGRAM, "lint", "--output-format", "github"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_a_terminal_that_is_not_utf8_gets_what_it_can_show(project: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PROGRAM, "lint"], capture_output=True, env=environment, check=False)
    assert done.returncode == 1
    assert b"`- profile calls fetch" in done.stdout


def test_watching_checks_again_and_is_interrupted_with_130(project: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "lint", "--watch", "--output-format", "concise"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert "app/api.py:12:12" in process.stdout.readline()
            assert process.stderr.readline() == "Watching for changes; Ctrl-C stops.\n"
            time.sleep(0.1)
            (project / "app/api.py").write_text(CLEAN)
            while not process.stdout.readline().startswith("No findings"):
                pass
            process.stderr.readline()
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert "Traceback" not in process.stderr.read()


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"fastasync {__version__}\n")


def imported(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a run imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fastasync", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    return {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if "|" in line}


@pytest.mark.parametrize(
    ("arguments", "never"),
    [
        (["--version"], {"copier", "libcst", "rich", "msgspec", "pathspec", "questionary"}),
        (["--help"], {"copier", "libcst"}),
        (["lint", "--output-format", "concise"], {"copier", "libcst", "rich", "pygls", "ruff"}),
        (["lint", "--output-format", "json"], {"copier", "rich", "pygls"}),
        (["new", "api", "--defaults", "--dry-run"], {"libcst", "pygls"}),
        (["explain", "FSA101"], {"copier", "libcst", "rich"}),
    ],
)
def test_imports_are_lazy(project: Path, arguments: list[str], never: set[str]) -> None:
    modules = imported(*arguments, cwd=project)
    assert "fastasync.choices" in modules or "typer" in modules
    assert not {module.split(".")[0] for module in modules} & never


def test_version_is_about_as_fast_as_importing_typer() -> None:
    def seconds(*command: str) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, capture_output=True)
            times.append(time.perf_counter() - started)
        return min(times)

    assert seconds("-m", "fastasync", "--version") <= 3 * seconds("-c", "import typer")
