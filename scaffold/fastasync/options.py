"""The choices of a new project: read from the template's questions, checked, and completed with their defaults.

The questions, their values and what cannot be combined stand in the template's `copier.yml` alone.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fastasync.errors import UserError

if TYPE_CHECKING:
    from jinja2 import Environment

Answer = str | list[str]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of the template. `default` and `validator` are Jinja templates over the answers before it."""

    name: str
    help: str
    choices: tuple[str, ...]
    multiple: bool
    default: Answer
    validator: str

    @property
    def flag(self) -> str:
        """The option of the command line that answers it."""
        return f"--{self.name}"

    def parse(self, text: str) -> Answer:
        """The answer that a flag's text gives; several values are separated by commas, `none` is none of them."""
        if not self.multiple:
            return self._known(text)
        values = [value.strip() for value in text.split(",") if value.strip()]
        if values == ["none"]:
            return []
        return [choice for choice in self.choices if choice in {self._known(value) for value in values}]

    def usual(self, answers: Mapping[str, Answer]) -> Answer:
        """The default after these answers."""
        if not isinstance(self.default, str):
            return self.default
        return _environment().from_string(self.default).render(answers)

    def problem(self, answers: Mapping[str, Answer]) -> str:
        """Why the answers so far cannot be combined, or an empty text."""
        return " ".join(_environment().from_string(self.validator).render(answers).split())

    def _known(self, value: str) -> str:
        if not self.choices or value in self.choices:
            return value
        close = get_close_matches(value, self.choices, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        values = (*self.choices, "none") if self.multiple else self.choices
        raise UserError(f"{self.flag} does not know {value!r}.{hint} Choose from: {', '.join(values)}.")


def load_questions(template: Path) -> dict[str, Question]:
    """The questions of a template that a user may answer, in the order in which they are asked."""
    import yaml

    loaded: dict[str, Any] = yaml.safe_load((template / "copier.yml").read_text("utf-8"))
    return {
        name: Question(
            name=name,
            help=details["help"],
            choices=tuple(details.get("choices", ())),
            multiple=details.get("multiselect", False),
            default=details.get("default", ""),
            validator=details.get("validator", ""),
        )
        for name, details in loaded.items()
        if not name.startswith("_") and details.get("when", True)
    }


def parse_flags(questions: Mapping[str, Question], flags: Mapping[str, str | None]) -> dict[str, Answer]:
    """The answers that were given as flags."""
    return {name: questions[name].parse(text) for name, text in flags.items() if text is not None}


def load_preset(template: Path, name: str) -> dict[str, Answer]:
    """The answers of a preset."""
    presets = tomllib.loads((template / "presets.toml").read_text("utf-8"))
    if name not in presets:
        raise UserError(f"--preset does not know {name!r}. Choose from: {', '.join(presets)}.")
    return cast(dict[str, Answer], presets[name])


def load_config(path: Path, questions: Mapping[str, Question]) -> dict[str, Answer]:
    """The answers that a file holds: TOML, a key for each choice."""
    try:
        loaded = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"--config {path} cannot be read: {error}.") from error
    if unknown := sorted(loaded.keys() - questions.keys()):
        raise UserError(f"{path}: there is no choice named {unknown[0]!r}. The choices are: {', '.join(questions)}.")
    return {name: questions[name].parse(as_text(value)) for name, value in loaded.items()}


def as_text(value: object) -> str:
    """The text of a flag that gives this answer."""
    if isinstance(value, list):
        return ",".join(map(str, value)) or "none"
    return str(value)


def save_config(path: Path, answers: Mapping[str, Answer]) -> None:
    """Write answers so that `load_config` reads them."""
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in answers.items()]
    try:
        path.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise UserError(f"--save-config {path} cannot be written: {error.strerror}.") from error


def complete(questions: Mapping[str, Question], given: Mapping[str, Answer]) -> dict[str, Answer]:
    """All answers, with defaults for what is not given.

    Raises `UserError` when the answers cannot be combined; the message names the flag that mends it.
    """
    answers: dict[str, Answer] = {}
    for name, question in questions.items():
        answers[name] = given[name] if name in given else question.usual(answers)
        if problem := question.problem(answers):
            raise UserError(f"{problem}.")
    return answers


@cache
def _environment() -> "Environment":
    from jinja2 import Environment

    return Environment(autoescape=False)
