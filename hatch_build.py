"""What the build derives: addresses, from the setting that says where the project lives, and the template's history."""

import os
import runpy
import subprocess
import sys
import tempfile
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
        # The build's own requirements may be on no path but this process's.
        paths = os.pathsep.join([str(root / "scaffold"), str(root / "lint_rules"), *filter(None, sys.path)])
        subprocess.run(
            [
                sys.executable, "-m", "fastasync.updating.bundle",
                str(root / "templates" / "project"), self.metadata.version, str(bundle),
            ],
            env={**os.environ, "PYTHONPATH": paths},
            check=True,
        )  # fmt: skip
        target = HISTORY if self.target_name == "sdist" else INSTALLED
        build_data["force_include"][str(bundle)] = target.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for the build."""
        if made := getattr(self, "_made", None):
            made.cleanup()
