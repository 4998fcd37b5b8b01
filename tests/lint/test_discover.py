"""From paths to files: roots, exclusions, what git ignores."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from fastasync_lint.discover import absolute, discover, project_root, walk
from fastasync_lint.errors import UserError
from fastasync_lint.settings import Settings


def tree(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def below(root: Path, paths: Iterable[str] | None) -> list[str]:
    return sorted(os.path.relpath(path, root).replace(os.sep, "/") for path in paths or ())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    root = tmp_path / "project"
    tree(
        root, "pyproject.toml", "app/__init__.py", "app/api.py", "app/db/__init__.py", "tests/test_api.py", "notes.txt"
    )
    return root


def test_a_named_folder_is_wanted_and_the_project_is_read(project: Path) -> None:
    found = discover([str(project / "app")], Settings())
    assert found.root == str(project)
    assert below(project, found.files) == ["app/__init__.py", "app/api.py", "app/db/__init__.py", "tests/test_api.py"]
    assert below(project, found.wanted) == ["app/__init__.py", "app/api.py", "app/db/__init__.py"]


def test_the_whole_project_has_no_separate_wanted_files(project: Path) -> None:
    assert discover([str(project)], Settings()).wanted is None


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.py", "setup.cfg", ".git"])
def test_a_project_is_told_by_its_files(tmp_path: Path, marker: str) -> None:
    tree(tmp_path, f"top/{marker}", "top/src/app/api.py")
    assert project_root([str(tmp_path / "top/src/app/api.py")]) == str(tmp_path / "top")


def test_a_module_named_setup_makes_no_project(tmp_path: Path) -> None:
    tree(tmp_path, "top/pyproject.toml", "top/app/__init__.py", "top/app/setup.py")
    assert project_root([str(tmp_path / "top/app/setup.py")]) == str(tmp_path / "top")


def test_without_a_project_the_folder_above_the_package_is_the_root(tmp_path: Path) -> None:
    tree(tmp_path, "bare/app/__init__.py", "bare/app/sub/__init__.py", "bare/app/sub/api.py")
    assert project_root([str(tmp_path / "bare/app/sub/api.py")]) == str(tmp_path / "bare")
    tree(tmp_path, "bare/app/space/deep/tool.py")
    assert project_root([str(tmp_path / "bare/app/space/deep/tool.py")]) == str(tmp_path / "bare")
    assert project_root([str(tmp_path / "bare/app")]) == str(tmp_path / "bare/app")
    assert project_root([str(tmp_path / "bare/app/sub")]) == str(tmp_path / "bare/app")


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("import json\n", ["script.py"]),
        ("import json, helper as h\n", ["helper.py", "script.py", "tools/__init__.py", "tools/run.py"]),
        ("def f():\n    from tools.run import go\n", ["script.py", "tools/__init__.py", "tools/run.py"]),
        ("from .helper import go\n", None),
        ("from bare.helper import go\n", None),
    ],
    ids=["alone", "through-a-module", "in-a-function", "relative", "by-the-name-of-the-folder"],
)
def test_a_script_without_a_project_brings_what_it_imports(tmp_path: Path, text: str, files: list[str] | None) -> None:
    root = tmp_path / "bare"
    tree(root, "script.py", "helper.py", "tools/__init__.py", "tools/run.py", "other/__init__.py", "loose.py")
    (root / "script.py").write_text(text)
    (root / "helper.py").write_text("import tools\n")
    found = discover([str(root / "script.py")], Settings())
    assert below(root, found.wanted) == ["script.py"]
    assert below(root, found.files) == (files or below(root, walk(str(root), Settings())))


def test_a_file_of_a_package_without_a_project_brings_the_package(tmp_path: Path) -> None:
    tree(tmp_path, "site/app/__init__.py", "site/app/sub/api.py", "site/app/sub/__init__.py", "site/other/__init__.py")
    found = discover([str(tmp_path / "site/app/sub/api.py")], Settings())
    assert below(tmp_path / "site", found.files) == ["app/__init__.py", "app/sub/__init__.py", "app/sub/api.py"]


def test_from_the_top_of_a_repository_all_of_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "pyproject.toml", "packages/a/pyproject.toml", "packages/a/a.py", "packages/b/b.py")
    monkeypatch.chdir(tmp_path)
    found = discover(absolute(["packages/a/a.py"]), Settings())
    assert found.root == str(tmp_path)
    assert below(tmp_path, found.files) == ["packages/a/a.py", "packages/b/b.py"]
    assert below(tmp_path, found.wanted) == ["packages/a/a.py"]


def test_a_missing_path_is_named() -> None:
    with pytest.raises(UserError, match=r"no/such\.py: no such file or folder"):
        absolute(["no/such.py"])


def test_an_unsaved_file_need_not_exist(project: Path) -> None:
    path = str(project / "app" / "new.py")
    assert absolute([path], {path}) == [path]
    found = discover([path], Settings())
    assert found.wanted == [path]
    assert path in found.files


def test_default_exclusions(project: Path) -> None:
    names = [
        ".venv/a.py",
        "node_modules/a.py",
        "build/a.py",
        "dist/a.py",
        "app/__pycache__/a.py",
        "x/site-packages/a.py",
    ]
    tree(project, *names)
    assert not set(below(project, walk(str(project), Settings()))) & set(names)


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("db", ["app/__init__.py", "app/api.py", "tests/test_api.py"]),
        ("app/db", ["app/__init__.py", "app/api.py", "tests/test_api.py"]),
        ("test_*.py", ["app/__init__.py", "app/api.py", "app/db/__init__.py"]),
        ("app/*.py", ["tests/test_api.py"]),  # a star spans folders, as in Ruff
        ("app/api.py", ["app/__init__.py", "app/db/__init__.py", "tests/test_api.py"]),
    ],
)
def test_exclusion_patterns(project: Path, pattern: str, left: list[str]) -> None:
    found = below(project, walk(str(project), Settings(extend_exclude=(pattern,), folder=str(project))))
    assert found == left


def test_a_named_file_is_read_though_it_is_excluded(project: Path) -> None:
    settings = Settings(extend_exclude=("tests",), folder=str(project))
    path = str(project / "tests" / "test_api.py")
    assert discover([path], settings).wanted == [path]
    assert discover([path], settings, force_exclude=True).wanted == []
    assert discover([str(project / "tests")], settings).wanted == [path]
    assert discover([str(project / "tests")], settings, force_exclude=True).wanted == []


def test_links_in_a_circle_end(project: Path) -> None:
    (project / "app" / "self").symlink_to(project, target_is_directory=True)
    (project / "loop.py").symlink_to(project / "loop.py")
    assert "app/api.py" in below(project, walk(str(project), Settings()))
    assert not any("self" in name or "loop" in name for name in below(project, walk(str(project), Settings())))


@pytest.mark.parametrize(
    "patterns",
    [
        pytest.param("app/api.py", id="path"),
        pytest.param("/app", id="anchored"),
        pytest.param("db/", id="folder name"),
        pytest.param("app/db/", id="folder path"),
        pytest.param("*.py\n!api.py", id="negated"),
        pytest.param("test_*", id="glob in a name"),
        pytest.param("**/db", id="two stars"),
        pytest.param("app/*/", id="star folder"),
        pytest.param("# app\n\n*.log\n*.py[cod]\n!.env.example\n__pycache__/", id="usual lines"),
        pytest.param("tests \n", id="trailing blank"),
        pytest.param("api.py/", id="a file is no folder"),
        pytest.param("*.py", id="suffix"),
        pytest.param("\\#odd.py\nd?", id="escape and question mark"),
    ],
)
@pytest.mark.parametrize("place", ["", "app"])
def test_gitignore_is_read_as_git_reads_it(project: Path, patterns: str, place: str) -> None:
    tree(project, "#odd.py")
    (project / place / ".gitignore").write_text(patterns)
    git = ["git", "-C", str(project)]
    subprocess.run([*git, "init", "-q"], check=True)
    done = subprocess.run(
        [*git, "ls-files", "--others", "--exclude-standard", "-z"], check=True, capture_output=True, text=True
    )
    expected = sorted(name for name in done.stdout.split("\0") if name.endswith(".py"))
    assert below(project, walk(str(project), Settings())) == expected


def test_ignore_files_above_the_root_and_the_private_one_count(project: Path) -> None:
    subprocess.run(["git", "-C", str(project), "init", "-q"], check=True)
    (project / ".gitignore").write_text("api.py\n")
    (project / ".git" / "info" / "exclude").write_text("db/\n")
    assert below(project, walk(str(project / "app"), Settings())) == ["app/__init__.py"]
