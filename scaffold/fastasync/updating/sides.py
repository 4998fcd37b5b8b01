"""The two sides of an update: the project as the template makes it with the old answers, and with the new ones."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastasync_lint.home import HOME

from fastasync import project
from fastasync.updating.answers import Recorded

ENVIRONMENT = ".env"
_SETTING = re.compile(r"^(?P<comment>#\s*)?(?:export\s+)?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Setting:
    """A line of `.env` or `.env.example`. What is commented out has a default, and `value` shows it."""

    name: str
    value: str
    optional: bool


@dataclass(frozen=True)
class Side:
    """A rendered and formatted project. `environment` is its `.env`, which is apart: git never sees it."""

    folder: Path
    answers: Mapping[str, Any]
    environment: str

    @property
    def settings(self) -> dict[str, Setting]:
        """What `.env.example` shows, by name."""
        path = self.folder / ".env.example"
        return read_settings(path.read_text("utf-8")) if path.is_file() else {}


def new_secrets() -> dict[str, str]:
    """Secrets of a project; only `.env` holds them."""
    return {name: secrets.token_urlsafe(32) for name in ("secret_key", "database_password")}


def render(template: Path, folder: Path, made: Recorded, keys: Mapping[str, str]) -> Side:
    """Render one side into a new folder."""
    folder.mkdir()
    computed = {"package": made.package, "release": made.release, "home": HOME, **keys}
    answers = project.render(template, folder, {**made.answers, **computed}, ask=False)
    project.format_code(folder)
    environment = folder / ENVIRONMENT
    text = environment.read_text("utf-8") if environment.is_file() else ""
    environment.unlink(missing_ok=True)
    return Side(folder, answers, text)


def read_settings(text: str) -> dict[str, Setting]:
    """The settings in the text of an environment file, by name."""
    found = (Setting(one["name"], one["value"], one["comment"] is not None) for one in _SETTING.finditer(text))
    return {setting.name: setting for setting in found}


def extend_environment(text: str, old: Side, new: Side) -> tuple[str, list[str]]:
    """The user's `.env` with the settings that the new side adds to it, and their names. No line of it changes."""
    had = {name for name, setting in read_settings(text).items() if not setting.optional}
    before = read_settings(old.environment)
    added = [
        setting for name, setting in read_settings(new.environment).items() if name not in before and name not in had
    ]
    if not added:
        return text, []
    start = text if not text or text.endswith("\n") else f"{text}\n"
    return start + "".join(f"{one.name}={one.value}\n" for one in added), [one.name for one in added]
