"""The merge, on small folders: who wins where, and what is a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastasync.updating import lists
from fastasync.updating.git import Git, check_installed
from fastasync.updating.merge import Merge, merge

from .releases import commit, git

LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


@dataclass
class Case:
    """Three folders in the making, and their merge."""

    folder: Path

    def merged(self, old: Mapping[str, str], user: Mapping[str, str], new: Mapping[str, str], **options: bool) -> Merge:
        """The merge of what the files hold; `answers` is the file that the template decides."""
        for name, files in {"old": old, "user": user, "new": new}.items():
            for path, text in {"answers": f"{name}\n", **files}.items():
                (self.folder / name / path).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name / path).write_bytes(text.encode())
        git(self.folder / "user", "init", "--quiet")
        commit(self.folder / "user")
        tree = git(self.folder / "user", "rev-parse", "HEAD^{tree}").strip()
        sides = [self.folder / name for name in ("old", "new")]
        return merge(
            self.folder / "scratch", Git(self.folder / "user"), tree, *sides,
            decided="answers", label="v2", reject=options.get("reject", False),
        )  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def results(found: Merge) -> dict[str, str | None]:
    """What each changed file becomes; the answers are the template's."""
    texts = {
        change.path: found.scratch("cat-file", "blob", change.entry[1]) if change.entry else None
        for change in found.changes
    }
    assert texts.pop("answers") == "new\n"
    return texts


def test_both_sides_are_kept(case: Case) -> None:
    found = case.merged(
        {"a": LINES}, {"a": LINES.replace("one", "mine")}, {"a": LINES.replace("seven", "theirs"), "b": "b\n"}
    )
    assert results(found) == {"a": "mine\ntwo\nthree\nfour\nfive\nsix\ntheirs\n", "b": "b\n"}
    assert [(change.path, change.kind) for change in found.changes][1:] == [("answers", "changed"), ("b", "added")]
    assert (found.conflicts, found.rejected, found.still_deleted, found.kept) == ({}, {}, (), ())


def test_what_both_made_alike_is_no_change(case: Case) -> None:
    assert results(case.merged({"a": "1\n"}, {"a": "2\n", "b": "b\n"}, {"a": "2\n", "b": "b\n"})) == {}


def test_what_the_user_deleted_stays_deleted(case: Case) -> None:
    found = case.merged({"a": "1\n", "b": "1\n"}, {}, {"a": "2\n", "b": "1\n"})
    assert results(found) == {}
    assert found.still_deleted == ("a",)
    assert found.conflicts == {}


def test_what_the_template_drops_goes_unless_the_user_changed_it(case: Case) -> None:
    found = case.merged({"a": "1\n", "b": "1\n"}, {"a": "mine\n", "b": "1\n"}, {})
    assert results(found) == {"b": None}
    assert found.kept == ("a",)
    assert found.conflicts == {}


def test_a_file_that_the_user_moved_is_changed_where_it_is(case: Case) -> None:
    found = case.merged({"a": LINES}, {"moved/a": LINES}, {"a": LINES.replace("six", "6")})
    assert results(found) == {"moved/a": LINES.replace("six", "6")}


def test_new_files_of_the_user_stay_where_a_folder_moved(case: Case) -> None:
    old, new = {"x/a": LINES, "x/b": LINES + "b\n"}, {"y/a": LINES, "y/b": LINES + "b\n"}
    found = case.merged(old, {**old, "x/mine": "mine\n"}, new)
    assert results(found) == {"x/a": None, "x/b": None, **new}


@pytest.mark.parametrize("old", [{}, {"a": LINES}], ids=["both added it", "both changed it"])
def test_a_conflict_is_marked(case: Case, old: dict[str, str]) -> None:
    found = case.merged(old, {"a": LINES.replace("one", "mine")}, {"a": LINES.replace("one", "theirs")})
    text = results(found)["a"]
    assert text is not None
    assert text.startswith("<<<<<<< HEAD\nmine\n")
    assert ">>>>>>> v2" in text
    assert sorted(found.conflicts["a"]) == ([1, 2, 3] if old else [2, 3])


def test_a_rejected_change_is_a_patch_and_the_rest_is_merged(case: Case) -> None:
    mine, theirs = LINES.replace("one", "mine"), LINES.replace("one", "theirs").replace("seven", "7")
    found = case.merged({"a": LINES}, {"a": mine}, {"a": theirs}, reject=True)
    assert results(found) == {"a": mine.replace("seven", "7")}
    assert found.conflicts == {}
    assert found.rejected["a"].startswith("--- a/a\n+++ b/a\n@@ -1,4 +1,4 @@\n-mine\n+theirs\n two\n")
    (case.folder / "user" / "a").write_text(mine.replace("seven", "7"), "utf-8")
    (case.folder / "a.rej").write_text(found.rejected["a"], "utf-8")
    git(case.folder / "user", "apply", str(case.folder / "a.rej"))
    assert (case.folder / "user" / "a").read_text("utf-8") == theirs


def test_rejected_bytes_stay_the_users(case: Case) -> None:
    found = case.merged({"a": "1\n"}, {"a": "\0mine"}, {"a": "2\n"}, reject=True)
    assert results(found) == {}
    assert "+2\n" in found.rejected["a"]


def test_the_users_repository_gets_nothing(case: Case) -> None:
    found = case.merged({"a": "1\n"}, {"a": "1\n"}, {"a": "2\n"})
    assert results(found) == {"a": "2\n"}
    user = case.folder / "user"
    listed = git(user, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)").split()
    assert sorted(listed) == ["blob", "blob", "commit", "tree"]
    assert git(user, "status", "--porcelain") == ""


def test_a_repository_of_the_other_kind_of_names(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    found = case.merged({"a": "1\n", "b": "1\n"}, {"b": "1\n"}, {"a": "2\n", "b": "2\n"})
    assert results(found) == {"b": "2\n"}
    assert found.still_deleted == ("a",)


def test_what_a_hook_of_another_repository_sets_leads_nowhere(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    found = case.merged({"a": "1\n"}, {"a": "1\n"}, {"a": "2\n"})
    other = case.folder / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert Git(case.folder / "user")("rev-parse", "--show-prefix", "HEAD").split()
    assert results(found) == {"a": "2\n"}


def test_an_old_git_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "git"
    old.write_text("#!/bin/sh\necho git version 2.34.1\n", "utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Exception, match=r"2\.34\.1 cannot merge without a work tree: install git 2\.38"):
        check_installed()
    old.unlink()
    with pytest.raises(Exception, match="git is not installed"):
        check_installed()


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a", "ab", "ca", "cab"),
        ("ab", "axb", "ayb", "ayxb"),
        ("abc", "abcx", "ac", "acx"),
        ("abc", "ab", "abcx", "abx"),
        ("", "a", "b", "ba"),
        ("a", "ab", "ab", "ab"),
        ("a", "b", "c", None),
        ("a", "b", "b", "b"),
        ("aa", "aab", "aac", None),
    ],
)
def test_lists_are_merged_by_elements(base: str, ours: str, theirs: str, expected: str | None) -> None:
    assert lists.merge(base, ours, theirs) == (None if expected is None else list(expected))


WIRING = """from . import database
from .items import routes as items


class Settings(database.Settings, Common):
    pass


ROUTERS: tuple[APIRouter, ...] = (items.router,)
"""


def test_both_sides_may_add_to_the_same_lists(case: Case) -> None:
    mine = WIRING.replace("from .items", "from .authors import routes as authors\nfrom .items")
    mine = mine.replace("(items.router,)", "(items.router, authors.router)")
    theirs = WIRING.replace("import database", "import cache, database").replace("(database.S", "(cache.S, database.S")
    theirs = theirs.replace("from .items", "from .auth import routes as auth\nfrom .items")
    theirs = theirs.replace("cache.S,", "cache.Settings,").replace("(items.router,)", "(auth.router, items.router)")
    found = case.merged({"a.py": WIRING}, {"a.py": mine}, {"a.py": theirs})
    assert found.conflicts == {}
    assert results(found)["a.py"] == (
        "from . import cache, database\n"
        "from .auth import routes as auth\n"
        "from .authors import routes as authors\n"
        "from .items import routes as items\n"
        "\n\n"
        "class Settings(cache.Settings, database.Settings, Common):\n"
        "    pass\n"
        "\n\n"
        "ROUTERS: tuple[APIRouter, ...] = (auth.router, items.router, authors.router)\n"
    )


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("A = [1]\n", "A = [2]\n", "A = [3]\n"),
        ("A = 1\nB = [1]\n", "A = 2\nB = [1, 2]\n", "A = 3\nB = [1, 3]\n"),
        ("A = [1]\n", "A = [\n    1,  # one\n    2,\n]\n", "A = [1, 3]\n"),
        ("A = [1]\n", "A = [1, 2\n", "A = [1, 3]\n"),
    ],
    ids=["the same element", "something else, too", "a comment", "no Python"],
)
def test_other_conflicts_stay(case: Case, base: str, ours: str, theirs: str) -> None:
    assert list(case.merged({"a.py": base}, {"a.py": ours}, {"a.py": theirs}).conflicts) == ["a.py"]


DEPENDENCIES = '[project]\ndependencies = [\n  "fastapi>=1",\n  "uvicorn>=1",\n]\n\n[tool.x]\nlist = [\n  "b",\n]\n'


def test_dependencies_of_both_sides_are_kept(case: Case) -> None:
    mine = DEPENDENCIES.replace('>=1",\n  "u', '>=1",\n  "httpx>=1",\n  "u')
    theirs = DEPENDENCIES.replace('"fastapi>=1",\n', '"fastapi>=2",\n  "redis>=1",\n')
    found = case.merged({"p.toml": DEPENDENCIES}, {"p.toml": mine}, {"p.toml": theirs})
    assert found.conflicts == {}
    listed = '"fastapi>=2",\n  "redis>=1",\n  "httpx>=1",\n  "uvicorn>=1",\n'
    assert results(found)["p.toml"] == DEPENDENCIES.replace('"fastapi>=1",\n  "uvicorn>=1",\n', listed)


def test_a_dependency_that_both_sides_changed_is_a_conflict(case: Case) -> None:
    versions = [DEPENDENCIES.replace("fastapi>=1", f"fastapi>={number}") for number in (1, 2, 3)]
    base, ours, theirs = ({"p.toml": version} for version in versions)
    assert list(case.merged(base, ours, theirs).conflicts) == ["p.toml"]
