"""A generated project runs `fastasync lint` before commits and in its CI, without depending on it."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from fastasync import __version__, new
from fastasync.new import Request, generate

BLOCKING = "import time\n\n\nasync def wait() -> None:\n    time.sleep(1)\n"


def made(parent: Path, **flags: str) -> Path:
    """A generated project without what needs a server."""
    generate(Request("service", parent, {"database": "none", "deploy": "none", **flags}, git=False))
    return parent / "service"


def run(command: list[str], folder: Path, path: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def stub(folder: Path, name: str) -> str:
    """A path with a program that prints what it was called with."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text('#!/bin/sh\necho "called with $*"\n', "utf-8")
    program.chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def test_the_commit_hook_fails_on_a_blocking_call_and_runs_where_it_is_installed(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "src" / "service" / "extra.py").write_text(BLOCKING, "utf-8")
    hooks = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    (entry,) = [hook["entry"] for hook in hooks if hook["id"] == "fastasync-lint"]
    own = os.path.dirname(sys.executable)
    bad, good = (
        run([*shlex.split(entry), f"src/service/{name}.py"], folder, own + ":/bin") for name in ("extra", "main")
    )
    assert (bad.returncode, good.returncode) == (1, 0), bad.stdout + good.stderr
    assert "FSA101" in bad.stdout
    away = run([*shlex.split(entry), "src/service/extra.py"], folder, "/bin")
    assert (away.returncode, away.stdout) == (0, "not installed\n")


REMINDER = "fastasync lint did not run, set FASTASYNC\n"


@pytest.mark.parametrize(
    ("source", "printed"), [("", REMINDER), ("./a folder", "called with --from ./a folder fastasync lint\n")]
)
def test_gitlab_runs_it_from_where_the_variable_says(source: str, printed: str, tmp_path: Path) -> None:
    folder = made(tmp_path, ci="gitlab")
    script = yaml.safe_load((folder / ".gitlab-ci.yml").read_text("utf-8"))["check"]["script"]
    (line,) = [line for line in script if "fastasync" in line]
    done = run(["sh", "-c", line], folder, stub(tmp_path / "bin", "uvx"), FASTASYNC=source)
    assert (done.returncode, done.stdout) == (0, printed)


def test_github_runs_it_from_where_the_variable_says(tmp_path: Path) -> None:
    folder = made(tmp_path)
    steps = yaml.safe_load((folder / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]["check"]["steps"]
    step, reminder = [step for step in steps if "fastasync" in step.get("run", "")]
    assert reminder["if"] == "vars.FASTASYNC == ''"
    assert run(["sh", "-c", reminder["run"]], folder, "/bin").stdout.startswith("::warning::fastasync lint did not run")
    assert step["if"] == "vars.FASTASYNC != ''"
    assert step["env"] == {"FASTASYNC": "${{ vars.FASTASYNC }}"}
    done = run(["sh", "-c", step["run"]], folder, stub(tmp_path / "bin", "uvx"), FASTASYNC="git+https://host/it")
    assert done.stdout == "called with --from git+https://host/it fastasync lint\n"


def test_where_fastasync_has_a_home_ci_installs_the_release_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new, "HOME", "https://host/it")
    source = f"git+https://host/it@v{__version__}"
    folder = made(tmp_path)
    steps = yaml.safe_load((folder / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]["check"]["steps"]
    (step,) = [step for step in steps if "fastasync" in step.get("run", "")]
    assert "if" not in step
    assert step["env"] == {"FASTASYNC": f"${{{{ vars.FASTASYNC || '{source}' }}}}"}
    (tmp_path / "other").mkdir()
    job = yaml.safe_load((made(tmp_path / "other", ci="gitlab") / ".gitlab-ci.yml").read_text("utf-8"))["check"]
    assert job["variables"]["FASTASYNC"] == source
    (line,) = [line for line in job["script"] if "fastasync" in line]
    done = run(["sh", "-c", line], folder, stub(tmp_path / "bin", "uvx"), FASTASYNC=source)
    assert done.stdout == f"called with --from {source} fastasync lint\n"
