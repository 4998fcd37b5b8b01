"""The distribution: what is in the wheel, its metadata, the wheel installed, the pinned requirements, the hooks."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from fastasync.updating.bundle import write_bundle
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SOURCES = {
    "scaffold/fastasync": "fastasync",
    "lint_rules/fastasync_lint": "fastasync_lint",
    "templates": "fastasync/templates",
}
HISTORY = "fastasync/templates/history.bundle"
IDENTITY = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


def run(*command: str | Path, cwd: Path = ROOT, status: int = 0, **variables: str) -> str:
    """What a command prints, on both streams; it must end with this status."""
    kept = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def project() -> dict[str, dict[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return read


def build(folder: Path, out: Path) -> Path:
    """The wheel of a source tree."""
    run("uv", "build", "--quiet", "--wheel", "--no-build-isolation", "--out-dir", out, cwd=folder)
    (wheel,) = out.glob("*.whl")
    return wheel


def metadata(wheel: Path) -> Message:
    """The wheel's METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_string(archive.read(name).decode())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("FASTASYNC_WHEEL")
    return Path(given) if given else build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.mark.slow
def test_the_wheel_holds_both_packages_and_the_template(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *SOURCES).split("\0")
    expected = {
        target + name.removeprefix(source)
        for name in listed
        for source, target in SOURCES.items()
        if name.startswith(f"{source}/") and (ROOT / name).is_file()
    }
    assert held == {*expected, HISTORY}
    assert {"fastasync/py.typed", "fastasync_lint/py.typed", "fastasync/templates/project/copier.yml"} <= held
    assert "fastasync_lint/catalogue/requests.toml" in held


@pytest.mark.slow
def test_the_wheel_carries_the_template_of_every_release(wheel: Path, tmp_path: Path) -> None:
    """Without tags it is this release's; tests of `fastasync update` make some."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extract(HISTORY, tmp_path)
    run("git", "clone", "--quiet", tmp_path / HISTORY, "history", cwd=tmp_path)
    version = metadata(wheel)["Version"]
    assert f"v{version}" in run("git", "tag", cwd=tmp_path / "history").split()
    copied = run("git", "ls-files", "-z", cwd=tmp_path / "history").split("\0")
    assert {"copier.yml", "template/.copier-answers.yml.jinja"} <= set(copied)


@pytest.mark.slow
def test_the_same_history_is_the_same_file(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        assert write_bundle(ROOT / "templates" / "project", "9.9.9", tmp_path / name, ROOT) == []
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def known_releases(wheel: Path) -> set[str] | None:
    """The releases whose template a wheel carries, or None when it carries no history."""
    with zipfile.ZipFile(wheel) as archive:
        if HISTORY not in archive.namelist():
            return None
        archive.extract(HISTORY, wheel.parent)
    heads = run("git", "bundle", "list-heads", wheel.parent / HISTORY)
    return set(re.findall(r"refs/tags/(\S+)", heads))


def partial_clone(released: Path, folder: Path) -> Path:
    """Without the files of other commits, as pip clones what it installs from a repository."""
    run("git", "config", "uploadpack.allowFilter", "true", cwd=released)
    clone = folder / "clone"
    run("git", "clone", "--quiet", "--filter=blob:none", released.as_uri(), clone)
    return clone


def lonely_clone(released: Path, folder: Path) -> Path:
    """The same, when nobody has those files any more."""
    clone = partial_clone(released, folder)
    run("git", "remote", "set-url", "origin", (folder / "gone").as_uri(), cwd=clone)
    return clone


def shallow_clone(released: Path, folder: Path) -> Path:
    """One commit, without tags."""
    run("git", "clone", "--quiet", "--depth=1", released.as_uri(), folder / "clone")
    return folder / "clone"


def archive(released: Path, folder: Path) -> Path:
    """The files alone, in a folder that happens to be in somebody else's repository."""
    run("git", "init", "--quiet", cwd=folder)
    run("git", "archive", "--prefix=unpacked/", "--output", folder / "files.tar", "HEAD", cwd=released)
    with tarfile.open(folder / "files.tar") as packed:
        packed.extractall(folder, filter="data")
    return folder / "unpacked"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "expected", "told"),
    [
        (partial_clone, {"v0.0.9", "v0.1.0"}, ""),
        (lonely_clone, {"v0.1.0"}, "v0.0.9 of the template are left out: this clone is partial"),
        (shallow_clone, {"v0.1.0"}, ""),
        (archive, {"v0.1.0"}, ""),
    ],
)
def test_a_wheel_carries_the_releases_that_the_source_has(
    checkout: Path, tmp_path: Path, made: Callable[[Path, Path], Path], expected: set[str], told: str
) -> None:
    run("git", "tag", "v0.0.9", cwd=checkout)
    template = checkout / "templates" / "project" / "copier.yml"
    template.write_text(f"{template.read_text('utf-8')}\n# Changed.\n", "utf-8")
    run("git", *IDENTITY, "commit", "--quiet", "--all", "--message=Later", cwd=checkout)
    (tmp_path / "source").mkdir()
    source = made(checkout, tmp_path / "source")
    printed = run("python", "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "out", cwd=source)
    (wheel,) = (tmp_path / "out").glob("*.whl")
    assert known_releases(wheel) == expected
    assert told in printed
    assert told or "left out" not in printed


@pytest.mark.slow
def test_without_git_a_wheel_has_no_history(checkout: Path, tmp_path: Path) -> None:
    printed = run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "out", cwd=checkout, PATH="nowhere"
    )
    (wheel,) = (tmp_path / "out").glob("*.whl")
    assert known_releases(wheel) is None
    assert "Earlier releases of the template are left out: git is not installed" in printed


@pytest.mark.slow
def test_check_wheel_contents_is_content(wheel: Path) -> None:
    assert run("check-wheel-contents", wheel).strip().endswith("OK")


@pytest.mark.slow
def test_the_metadata(wheel: Path) -> None:
    told = metadata(wheel)
    assert told["Requires-Python"] == ">=3.11"
    assert told["License-Expression"] == "MIT"
    versions = {re.sub(r".*:: ", "", line) for line in told.get_all("Classifier", []) if re.search(r":: 3\.\d+$", line)}
    assert versions == {"3.11", "3.12", "3.13"}


@pytest.mark.slow
def test_every_address_comes_from_one_setting(checkout: Path, tmp_path: Path) -> None:
    setting = checkout / "lint_rules" / "fastasync_lint" / "home.py"
    setting.write_text(
        re.sub(r'^HOME.*= ".*"$', 'HOME = "https://code.example/us/it/"', setting.read_text("utf-8"), flags=re.M),
        "utf-8",
    )
    told = metadata(build(checkout, tmp_path / "out"))
    assert told.get_all("Project-URL") == [
        "Homepage, https://code.example/us/it",
        "Changelog, https://code.example/us/it/blob/main/CHANGELOG.md",
        "Issues, https://code.example/us/it/issues",
    ]
    told_by_rules = run(
        "python", "-c", "from fastasync_lint.home import rule_url; print(rule_url('blocking-sleep'))",
        PYTHONPATH=str(checkout / "lint_rules"),
    )  # fmt: skip
    assert told_by_rules.strip() == "https://code.example/us/it/blob/main/docs/rules/blocking-sleep.md"


@pytest.mark.slow
def test_the_installed_wheel_works(wheel: Path, tmp_path: Path) -> None:
    """Installed for real, with nothing of this repository on the path: both commands, completion, both spellings."""
    environment = tmp_path / "environment"
    run("uv", "venv", "--quiet", environment, cwd=tmp_path)
    python, fastasync = environment / "bin" / "python", environment / "bin" / "fastasync"
    run("uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", python, wheel, cwd=tmp_path)

    assert run(fastasync, "--version", cwd=tmp_path) == run(python, "-m", "fastasync", "--version", cwd=tmp_path)
    shown = run(
        fastasync, "--show-completion", "bash", cwd=tmp_path, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"
    )  # whatever shell runs this
    assert "_FASTASYNC_COMPLETE" in shown
    completed = run(
        fastasync, cwd=tmp_path, _FASTASYNC_COMPLETE="complete_bash", COMP_WORDS="fastasync li", COMP_CWORD="1"
    )  # fmt: skip
    assert completed.split() == ["lint"]

    run(fastasync, "new", "service", "--defaults", cwd=tmp_path, GIT_CONFIG_GLOBAL=os.devnull)
    service = tmp_path / "service"
    assert not list(service.rglob("__pycache__"))
    assert not list(service.rglob("*.jinja"))
    run(fastasync, "lint", service, cwd=tmp_path)
    (service / "src" / "service" / "slow.py").write_text(
        "import time\n\n\ndef doze():\n    time.sleep(1)\n\n\nasync def wait():\n    doze()\n", "utf-8"
    )
    assert "FSA101" in run(fastasync, "lint", "--output-format", "concise", service, cwd=tmp_path, status=1)


def test_the_pinned_requirements_are_current(project: dict[str, dict[str, list[str]]]) -> None:
    """Every dependency is pinned to a version that it allows; `uv export` is the tool that mends this."""
    pinned = dict(PINNED.findall((ROOT / "requirements-dev.txt").read_text("utf-8")))
    wanted = [Requirement(line) for line in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"])]
    missing = [
        str(one)
        for one in wanted
        if one.name not in pinned or not one.specifier.contains(pinned[one.name], prereleases=True)
    ]
    assert not missing


def test_the_pinned_requirements_have_hashes_and_name_no_host() -> None:
    text = (ROOT / "requirements-dev.txt").read_text("utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(entries) > 40
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "index" not in text


@pytest.mark.slow
def test_the_pre_commit_hook_stops_a_blocking_call(checkout: Path, tmp_path: Path) -> None:
    repository = tmp_path / "user"
    repository.mkdir()
    run("git", "init", "--quiet", cwd=repository)
    (repository / "x.py").write_text("import time\n\n\nasync def wait():\n    time.sleep(1)\n", "utf-8")
    (repository / "y.py").write_text("import time\n\n\nasync def not_asked_for():\n    time.sleep(1)\n", "utf-8")
    run("git", "add", ".", cwd=repository)

    said = run(
        "pre-commit", "try-repo", checkout, "fastasync-lint", "--files", "x.py",
        cwd=repository, status=1, PRE_COMMIT_HOME=str(tmp_path / "cache"),
    )  # fmt: skip
    assert "FSA101" in said
    assert "x.py:5:5" in said
    assert "y.py" not in said
