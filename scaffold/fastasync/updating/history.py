"""The releases of the template that this installation knows."""

import io
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from fastasync import __version__
from fastasync.errors import UserError
from fastasync.project import template_path
from fastasync.updating.bundle import checkout_of, write_bundle
from fastasync.updating.git import Git

SOURCE = "git+fastasync://project"
"""What a project remembers as its template's address: `git-remote-fastasync` answers there, on every machine that has
fastasync, with the history that the installed release carries."""

BUNDLE = "history.bundle"


@dataclass(frozen=True)
class History:
    """A bare repository with a tag for each release of the template."""

    repository: Path

    def has(self, version: str) -> bool:
        """Whether the release is known."""
        return Git(self.repository).succeeds("rev-parse", "--quiet", "--verify", f"refs/tags/v{version}^{{commit}}")

    def extract(self, version: str, folder: Path) -> Path:
        """Put the template of a release into a new folder, and give that folder."""
        if not self.has(version):
            known = ", ".join(tag.removeprefix("v") for tag in Git(self.repository)("tag", "--sort=v:refname").split())
            raise UserError(
                f"The project was made by release {version}, which this installation does not know: it has {known}. "
                "Install fastasync from a wheel of a release, or from a clone with its tags."
            )
        packed = Git(self.repository).read("archive", "--format=tar", f"v{version}")
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return folder


@contextmanager
def open_history() -> Generator[History]:
    """The history: the bundle that the wheel carries, or else what the checkout's tags give."""
    with tempfile.TemporaryDirectory(prefix="fastasync-") as name:
        folder = Path(name).resolve()
        Git(folder)("clone", "--quiet", "--mirror", "--template=", str(find_bundle(folder)), "history.git")
        yield History(folder / "history.git")


def find_bundle(folder: Path) -> Path:
    """The bundle beside the templates; where there is none, one that is made in `folder`."""
    template = template_path("project")
    carried = template.parent / BUNDLE
    if carried.is_file():
        return carried
    made = folder / BUNDLE
    write_bundle(template, __version__, made, checkout_of(template))
    return made


def check_release(version: str) -> None:
    """Refuse a project of a later release than this one."""
    if Version(version) > Version(__version__):
        raise UserError(
            f"The project was made by fastasync {version}, and this is {__version__}: install {version} or newer."
        )
