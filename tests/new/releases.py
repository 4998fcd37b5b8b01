"""Two releases of fastasync, made from a checkout: each a tag, and a wheel that is unpacked."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OLD, NEW = "0.1.0", "0.2.0"
SOMEONE = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in {"NAME": "Someone", "EMAIL": "someone@example.com"}.items()
}
TEMPLATE = Path("templates", "project", "template")
PACKAGE = TEMPLATE / "src" / "{{ package }}"

HEALTH = '"""Liveness and readiness, for the orchestrator."""'
HEALTH_NOW = '"""Liveness and readiness, for all who ask."""'
MIGRATION = '''"""The table of greetings

Revision: 0002
Revises: 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table("greetings", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    """Go back."""
    op.drop_table("greetings")
'''


@dataclass(frozen=True)
class Release:
    """An unpacked wheel."""

    folder: Path

    def run(self, folder: Path, *arguments: str, status: int = 0, program: str = "fastasync", **variables: str) -> str:
        """What `fastasync`, or a program that uses it, prints on both streams in a folder."""
        done = subprocess.run(
            [sys.executable, "-m", program, *arguments],
            cwd=folder,
            env={**os.environ, **SOMEONE, "PYTHONPATH": str(self.folder), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}"
        return done.stdout


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **SOMEONE}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"git {arguments}: {done.stdout}\n{done.stderr}"
    return done.stdout


def commit(folder: Path, message: str = "Mine") -> None:
    """Commit everything."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def make_releases(checkout: Path, out: Path) -> tuple[Release, Release]:
    """The old and the new release of a checkout."""
    _set_version(checkout, OLD)
    git(checkout, "tag", f"v{OLD}")
    old = _build(checkout, out / OLD, "--wheel")
    _change_template(checkout)
    _set_version(checkout, NEW)
    git(checkout, "tag", "--annotate", "--message", NEW, f"v{NEW}")
    # By way of a source distribution, which must hold the history, too.
    return old, _build(checkout, out / NEW)


def _set_version(checkout: Path, version: str) -> None:
    (checkout / "scaffold" / "fastasync" / "__init__.py").write_text(
        f'"""fastasync."""\n\n__version__ = "{version}"\n', "utf-8"
    )
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", version)


def _change_template(checkout: Path) -> None:
    """A changed file, one more setting, one more dependency, a new file, a migration, and a file less."""
    replace(checkout / PACKAGE / "health.py.jinja", {HEALTH: HEALTH_NOW})
    environment = "ENVIRONMENT=development\n"
    replace(checkout / TEMPLATE / ".env.example.jinja", {environment: f"{environment}GREETING=\n"})
    replace(checkout / "templates/project/copier.yml", {"    - blockbuster>=": "    - anyio>=4\n    - blockbuster>="})
    with open(checkout / TEMPLATE / "tests" / "test_limits.py.jinja", "a") as file:
        file.write("\n# The end.\n")
    (checkout / PACKAGE / "greeting.py.jinja").write_text('"""How to greet."""\n\nGREETING = "Hello"\n', "utf-8")
    folder = checkout / TEMPLATE / "{% if database != 'none' %}migrations{% endif %}" / "versions"
    (folder / "0002_greetings.py.jinja").write_text(MIGRATION, "utf-8")
    (checkout / TEMPLATE / "AGENTS.md.jinja").unlink()


def replace(path: Path, texts: Mapping[str, str]) -> None:
    """Replace texts that must be there."""
    text = path.read_text("utf-8")
    for old, new in texts.items():
        assert old in text, f"{path}: {old}"
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def _build(checkout: Path, out: Path, *arguments: str) -> Release:
    subprocess.run(
        ["uv", "build", "--quiet", "--no-build-isolation", "--python", sys.executable, *arguments, "--out-dir", out],
        cwd=checkout,
        env={key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}},
        check=True,
    )
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "unpacked")
    return Release(out / "unpacked")
