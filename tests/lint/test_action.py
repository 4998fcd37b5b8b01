"""The GitHub action, its steps run as a runner runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .projects import API, sample, write
from .test_changes import commit, git

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
SHELL = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]


class Runner:
    """Runs the `run` steps of a composite action in a checkout, and keeps what they output."""

    def __init__(self, checkout: Path, temp: Path, inputs: dict[str, str], event: dict[str, str]) -> None:
        self.checkout, self.temp = checkout, temp
        defaults = {name: spec["default"] for name, spec in ACTION["inputs"].items()}
        self.known = {f"inputs.{name}": value for name, value in (defaults | inputs).items()}
        self.known |= {f"github.{name}": value for name, value in event.items()}
        self.known["github.action_path"] = str(ROOT)
        self.summary = temp / "summary.md"
        self.printed = ""

    def run(self, skip: tuple[str, ...] = ()) -> int:
        """Run the steps until one fails; its exit status."""
        for step in ACTION["runs"]["steps"]:
            if "run" in step and step["name"] not in skip:
                status = self._step(step)
                if status:
                    return status
        return 0

    def output(self, name: str) -> str:
        return self._fill(ACTION["outputs"][name]["value"])

    def _fill(self, text: str) -> str:
        # A name that is not there is the empty text, as on a runner.
        return EXPRESSION.sub(lambda match: self.known.get(match[1], ""), text)

    def _step(self, step: dict[str, Any]) -> int:
        output, script = self.temp / "output", self.temp / "script.sh"
        output.write_text("")
        self.summary.write_text("")
        script.write_text(step["run"])
        own = {name: self._fill(value) for name, value in step.get("env", {}).items()}
        runner = {"RUNNER_TEMP": self.temp, "GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": self.summary}
        done = subprocess.run(
            [*SHELL, str(script)],
            cwd=self.checkout,
            env={**os.environ, **{name: str(path) for name, path in runner.items()}, **own},
            capture_output=True,
            text=True,
            check=False,
        )
        self.printed += done.stdout + done.stderr
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step.get('id', '')}.outputs.{name}"] = value
        if step.get("id") == "lint":
            self.summarised = self.summary.read_text()
        return done.returncode


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with a findings on `main` and one more on `work`."""
    root = sample(tmp_path / "origin")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit(root, "first")
    git(root, "switch", "-q", "-c", "work")
    write(root, {"app/more.py": "import time\n\n\nasync def more() -> None:\n    time.sleep(1)\n"})
    commit(root, "second")
    return root


@pytest.fixture
def checkout(origin: Path, tmp_path: Path) -> Path:
    """A shallow clone of the branch, as the checkout action makes it."""
    folder = tmp_path / "checkout"
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=work", f"file://{origin}", str(folder))
    return folder


def runner(checkout: Path, tmp_path: Path, *, event: dict[str, str] | None = None, **inputs: str) -> Runner:
    """A runner on which the linter is installed already."""
    temp = tmp_path / "temp"
    (temp / "fastasync" / "bin").mkdir(parents=True)
    program = temp / "fastasync" / "bin" / "fastasync"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m fastasync "$@"\n')
    program.chmod(0o755)
    return Runner(checkout, temp, inputs, event or {})


INSTALLED = ("Install fastasync",)


def test_a_pull_request_gets_what_is_new(origin: Path, checkout: Path, tmp_path: Path) -> None:
    base = git(origin, "rev-parse", "main")
    steps = runner(checkout, tmp_path, event={"event.pull_request.base.sha": base})
    assert steps.run(INSTALLED) == 1
    annotations = [line for line in steps.printed.splitlines() if line.startswith("::")]
    assert len(annotations) == 1
    assert "file=app/more.py,line=5," in annotations[0]
    assert steps.summarised.startswith("### fastasync lint\n\nFound 1 error with 1 cause in 1 of 4 files; ")
    assert "; 3 already known" in steps.summarised
    assert steps.output("status") == "1"
    assert '"ruleId": "FSA101"' in Path(steps.output("sarif-file")).read_text()


def test_other_events_get_everything(checkout: Path, tmp_path: Path) -> None:
    steps = runner(checkout, tmp_path)
    assert steps.run(INSTALLED) == 1
    assert steps.printed.count("::error ") == 4


def test_a_named_revision_and_none(origin: Path, checkout: Path, tmp_path: Path) -> None:
    base = git(origin, "rev-parse", "main")
    event = {"event.pull_request.base.sha": base}
    steps = runner(checkout, tmp_path, since="none", event=event)
    steps.run(INSTALLED)
    assert steps.printed.count("::error ") == 4
    named = Runner(checkout, steps.temp, {"since": "HEAD"}, event)
    assert named.run(INSTALLED) == 0


def test_paths_and_options_are_lists(checkout: Path, tmp_path: Path) -> None:
    steps = runner(checkout, tmp_path, paths="app/more.py app/helpers.py", args="--select FSA101 --exit-zero")
    assert steps.run(INSTALLED) == 0
    assert steps.printed.count("::error ") == 1
    assert steps.output("status") == "0"


def test_a_file_that_cannot_be_read_fails_with_2(checkout: Path, tmp_path: Path) -> None:
    write(checkout, {"app/bad.py": "def"})
    steps = runner(checkout, tmp_path)
    assert steps.run(INSTALLED) == 2
    assert "- `app/bad.py`: " in steps.summarised


def test_wrong_options_fail_and_leave_no_report(checkout: Path, tmp_path: Path) -> None:
    steps = runner(checkout, tmp_path, args="--select NONE1")
    assert steps.run(INSTALLED) == 2
    assert steps.output("sarif-file") == ""


def test_inputs_never_become_part_of_a_script(checkout: Path, tmp_path: Path) -> None:
    steps = runner(checkout, tmp_path, paths="$(touch${IFS}gone)", since="none")
    assert steps.run(INSTALLED) == 2
    assert not (checkout / "gone").exists()
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_report_is_uploaded_where_asked() -> None:
    (upload,) = [step for step in ACTION["runs"]["steps"] if "uses" in step]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@")
    assert "inputs.sarif == 'true'" in upload["if"]


@pytest.mark.slow
def test_the_action_installs_itself(checkout: Path, tmp_path: Path) -> None:
    temp = tmp_path / "fresh"
    temp.mkdir()
    steps = Runner(checkout, temp, {"python": sys.executable}, {})
    assert steps.run() == 1, steps.printed
    assert steps.printed.count("::error ") == 4


@pytest.mark.slow
def test_the_pre_commit_hook_reports_the_changed_files(tmp_path: Path) -> None:
    project = write(
        tmp_path, {"app.py": "import time\n\n\nasync def f() -> None:\n    time.sleep(1)\n", "other.py": API}
    )
    git(project, "init", "-q")
    git(project, "add", "-A")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "hooks")}
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "fastasync-lint", "--files", "app.py"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error[FSA101] blocking-sleep" in done.stdout
    assert "other.py" not in done.stdout
