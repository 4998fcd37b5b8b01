"""The README is true: its commands run in a fresh clone, its examples print what it says, its lists are whole."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import typer.main
from fastasync.cli import app
from fastasync_lint.rules import codes

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
SHELL = [content.strip() for language, content in BLOCKS if language == "sh"]
START, TESTS, *EXAMPLES = SHELL


def shell(command: str, folder: Path, status: int = 0, **variables: str) -> str:
    """What a command line prints on stdout. No environment is activated, and there is no stdin."""
    kept = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_one_command_installs_generates_and_lints(checkout: Path) -> None:
    assert "No findings" in shell(START, checkout)
    assert (checkout.parent / "myapi" / "src" / "myapi" / "main.py").is_file()


@pytest.mark.slow
def test_one_command_installs_and_tests(checkout: Path) -> None:
    """The command as it stands; only which tests it runs is narrowed, as this is one of them."""
    assert TESTS.endswith(".venv/bin/pytest -n auto")
    report = shell(TESTS, checkout, PYTEST_ADDOPTS="-m 'not slow and not matrix' -k 'readme or suppress or discover'")
    assert re.search(r"^=* ?\d+ passed in ", report, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("command", EXAMPLES)
def test_every_other_command_runs(command: str, checkout: Path) -> None:
    assert shell(command, checkout)


def test_the_example_reports_what_the_readme_shows() -> None:
    (content,) = [content for language, content in BLOCKS if language == "console"]
    prompt, _, expected = content.partition("\n")
    assert shell(f"{prompt.removeprefix('$ ')} --no-cache", ROOT / "examples" / "shop", 1) == expected


def test_the_example_stands_in_the_readme_as_it_is() -> None:
    shown = next(content for language, content in BLOCKS if language == "python")
    assert shown in (ROOT / "examples" / "shop" / "shop" / "main.py").read_text("utf-8")


def test_linters_of_one_function_agree_with_the_example() -> None:
    assert "All checks passed" in shell("ruff check --isolated --no-cache --select ASYNC .", ROOT / "examples" / "shop")


def test_every_command_has_its_paragraph() -> None:
    documented = re.findall(r"^### `fastasync ([\w-]+)`$", TEXT, re.MULTILINE)
    assert sorted(documented) == sorted(typer.main.get_group(app).commands)


@pytest.mark.parametrize("command", ["new", "lint"])
def test_options_that_the_readme_names_exist(command: str) -> None:
    section = TEXT.split(f"### `fastasync {command}`")[1].split("### ")[0]
    prose = re.sub(r"^```.*?^```$", "", section, flags=re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`(--[\w-]+)", prose)) <= options(command)


def test_every_option_of_new_is_in_the_readme() -> None:
    assert options("new") - {"--help"} == named_in_table()


def options(command: str) -> set[str]:
    """The long options of a command."""
    parameters = typer.main.get_group(app).commands[command].params
    return {name for one in parameters for name in (*one.opts, *one.secondary_opts) if name.startswith("--")}


def named_in_table() -> set[str]:
    """The options in the first column of the README's table."""
    rows = re.findall(r"^\| (`--.*?) \|", TEXT, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"--[\w-]+", row)}


def test_the_number_of_rules() -> None:
    (number,) = re.findall(r"The (\d+) rules", TEXT)
    assert int(number) == len(codes())


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(targets) >= 5
    assert [target for target in targets if not (ROOT / target).exists()] == []
