"""What starting a command imports: each pays for what it uses, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOMEONE = {f"GIT_{role}_{key}": "someone" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
HEAVY = {"copier", "jinja2", "libcst", "pygls", "rich", "yaml"}


def imported(folder: Path, *arguments: str) -> set[str]:
    """The top-level modules that a command of fastasync has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fastasync", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    modules = {line.rpartition("|")[2].strip() for line in lines}
    assert "fastasync" in modules
    return {module.partition(".")[0] for module in modules}


def test_version_imports_nothing_heavy(tmp_path: Path) -> None:
    assert not imported(tmp_path, "--version") & {*HEAVY, "msgspec"}


def test_a_plain_lint_imports_neither_the_generator_nor_the_command_line(tmp_path: Path) -> None:
    tmp_path.joinpath("app.py").write_text("import time\n\nasync def wait():\n    print(1)\n", "utf-8")
    assert not imported(tmp_path, "lint") & {*HEAVY, "typer"}


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--output-format", "json"],
        ["--output-format", "sarif"],
        ["--fix"],
        ["--diff", "--unsafe-fixes"],
        ["--watch", "--help"],
    ],
    ids=" ".join,
)
def test_lint_never_imports_the_generator(tmp_path: Path, options: list[str]) -> None:
    tmp_path.joinpath("app.py").write_text("import time\n\nasync def wait():\n    time.sleep(1)\n", "utf-8")
    assert not imported(tmp_path, "lint", "--no-cache", *options) & {"copier", "jinja2", "yaml", "pygls"}


def test_fixing_is_what_imports_the_rewriter(tmp_path: Path) -> None:
    tmp_path.joinpath("app.py").write_text("import time\n\nasync def wait():\n    time.sleep(1)\n", "utf-8")
    assert "libcst" in imported(tmp_path, "lint", "--no-cache", "--fix")


@pytest.mark.parametrize("options", [["--dry-run"], ["--no-git"]], ids=" ".join)
def test_new_never_imports_the_checker(tmp_path: Path, options: list[str]) -> None:
    modules = imported(tmp_path, "new", "service", "--defaults", *options)
    assert "copier" in modules
    assert not modules & {"libcst", "msgspec", "pygls"}


def test_update_never_imports_the_checker(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fastasync", "new", "service", "--defaults"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, **SOMEONE}, check=True, capture_output=True)
    modules = imported(tmp_path / "service", "update", "--dry-run")
    assert "copier" in modules
    assert not modules & {"libcst", "msgspec", "pygls"}


def test_explain_imports_neither_side(tmp_path: Path) -> None:
    assert not imported(tmp_path, "explain", "FSA101") & {"copier", "libcst", "pygls"}
