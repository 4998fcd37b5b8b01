"""What the build derives: addresses, from the setting that says where the project lives, and the template's history."""

import runpy
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

SETTING = Path("lint_rules", "fastasync_lint", "home.py")
HISTORY = Path("templates", "history.bundle")
INSTALLED = Path("fastasync", HISTORY)


class Addresses(MetadataHookInterface):
    """Fills `project.urls`; while no home is decided there are none."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the addresses to the metadata of the distribution."""
        home: str = runpy.run_path(str(Path(self.root) / SETTING))["HOME"].rstrip("/")
        pages = {"Homepage": home, "Changelog": f"{home}/blob/main/CHANGELOG.md", "Issues": f"{home}/issues"}
        metadata["urls"] = pages if home else {}


class History(BuildHookInterface[Any]):
    """Puts the template of every release into wheels and source distributions, as `fastasync update` needs it.

    A release is a tag of the repository. A source distribution holds the history already; an editable installation
    makes it when asked.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the bundle to what is packed."""
        root = Path(self.root)
        if version == "editable" or (root / HISTORY).is_file():
            return
        self._made = tempfile.TemporaryDirectory(prefix="fastasync-")
        bundle = Path(self._made.name) / HISTORY.name
        for remark in self._write(root, bundle):
            self.app.display_warning(remark)
        if bundle.is_file():
            target = HISTORY if self.target_name == "sdist" else INSTALLED
            build_data["force_include"][str(bundle)] = target.as_posix()

    def _write(self, root: Path, bundle: Path) -> Iterator[str]:
        """Make the bundle, and tell what it lacks; a package without one knows its own release alone."""
        # The packages are not installed here, and what they need is on no path but this process's.
        added = [str(root / folder) for folder in ("scaffold", "lint_rules")]
        sys.path[:0] = added
        try:
            from fastasync.errors import UserError
            from fastasync.updating import bundle as history
            from fastasync.updating.git import check_installed
        finally:
            sys.path = [path for path in sys.path if path not in added]
        try:
            check_installed()
        except UserError as error:
            yield f"Earlier releases of the template are left out: {error}"
            return
        template = root / "templates" / "project"
        repository = history.checkout_of(template)
        if repository is None and (root / ".git").exists():
            yield "Earlier releases of the template are left out: git cannot read this clone; `git status` tells why."
        if unread := history.write_bundle(template, self.metadata.version, bundle, repository):
            yield f"{', '.join(unread)} of the template are left out: this clone is partial, and cannot fetch them."

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for the build."""
        if made := getattr(self, "_made", None):
            made.cleanup()
