"""What a project remembers of how it was made, and the answers that an update gives anew."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from packaging.version import InvalidVersion, Version

from fastasync import options
from fastasync.errors import UserError
from fastasync.names import check_name
from fastasync.options import Answer, Question
from fastasync.updating.history import SOURCE

FILE = ".copier-answers.yml"
Given = TypeVar("Given")


@dataclass(frozen=True)
class Recorded:
    """The release that made a project, or updated it last, and the answers it was given."""

    release: str
    answers: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.answers["name"])

    @property
    def package(self) -> str:
        """The name of its package."""
        return check_name(self.name)


def load(project: Path) -> Recorded:
    """Read the answers file of a project. Raises `UserError` for a project that `fastasync new` did not make."""
    import yaml

    if not project.is_dir():
        raise UserError(f"{project} is not a folder: name the project's folder.")
    path = project / FILE
    try:
        loaded = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"There is no {FILE} in {project.resolve()}: this is not the folder of a project that `fastasync new` made."
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{path} cannot be read: {' '.join(str(error).split())}. Restore it with git.") from error
    if not isinstance(loaded, dict) or loaded.get("_src_path", SOURCE) != SOURCE or "name" not in loaded:
        raise UserError(f"{path} is of another template: this project was not made by `fastasync new`.")
    answers = {key: value for key, value in loaded.items() if not key.startswith("_")}
    return Recorded(_release(path, loaded.get("_commit")), answers)


def _release(path: Path, commit: object) -> str:
    try:
        Version(str(commit))
    except InvalidVersion:
        raise UserError(f"{path} names no release (_commit: {commit}): restore it with git.") from None
    return str(commit).removeprefix("v")


def parse_data(questions: Mapping[str, Question], texts: Sequence[str]) -> dict[str, Answer]:
    """The answers that `--data KEY=VALUE` gives."""
    given: dict[str, Answer] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise UserError(f"--data {text}: write KEY=VALUE, for example --data database=postgresql.")
        if key == "name":
            raise UserError("--data name: a project keeps its name; generate a new one and move your code there.")
        if key not in questions:
            close = get_close_matches(key, questions, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            choices = ", ".join(name for name in questions if name != "name")
            raise UserError(f"--data {text}: there is no choice named {key!r}.{hint} The choices are: {choices}.")
        given[key] = _as_data(questions, partial(questions[key].parse, value))
    return given


def complete(
    questions: Mapping[str, Question], recorded: Mapping[str, Any], changed: Mapping[str, Answer]
) -> dict[str, Answer]:
    """All answers after a change, checked as `new` checks them.

    An answer that is what the others lead to follows them again: the driver follows the database.
    """
    given: dict[str, Answer] = dict(changed)
    before: dict[str, Answer] = {}
    for name, question in questions.items():
        usual = question.usual(before)
        before[name] = _known(question, recorded[name]) if name in recorded else usual
        if name not in changed and before[name] != usual:
            given[name] = before[name]
    return _as_data(questions, lambda: options.complete(questions, given))


def _known(question: Question, value: Any) -> Answer:
    """A recorded answer, checked: the file may have been edited, and a release may drop a choice."""
    return _as_data({question.name: question}, lambda: question.parse(options.as_text(value)))


def _as_data(questions: Mapping[str, Question], work: Callable[[], Given]) -> Given:
    """Do the work; its errors name the flags of `new`, which here are values of `--data`."""

    def spell(found: re.Match[str]) -> str:
        name, space, word = found.groups()
        if name not in questions:
            return found[0]
        plain = word.rstrip(".,:;")
        values = {*questions[name].choices, "none", "auto"}
        is_value = plain and (plain.isdecimal() or set(plain.split(",")) <= values)
        return f"--data {name}={word}" if is_value else f"--data {name}{space}{word}"

    try:
        return work()
    except UserError as error:
        raise UserError(re.sub(r"--([a-z]+)( ?)([^\s]*)", spell, str(error))) from None
