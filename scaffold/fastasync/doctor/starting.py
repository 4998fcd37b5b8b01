"""How servers are started: each start with its options, wherever it is written."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fastasync.doctor.code import Code, Value, Values, keyword, number, stem
from fastasync.doctor.containers import Unit, units, variables, words
from fastasync.doctor.project import Project

SERVERS = ("uvicorn", "gunicorn", "hypercorn", "granian", "fastapi")
_MENTIONS = r"uvicorn|gunicorn|hypercorn|granian"
_REFERENCE = re.compile(r"\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)")
_CONFIGURATIONS = ("gunicorn.conf.py", "gunicorn_conf.py", "gunicorn_config.py")
_KEYWORDS = {"workers": "--workers", "timeout_graceful_shutdown": "--timeout-graceful-shutdown"}


class Start(NamedTuple):
    """One start of a server. Options are texts or expressions; `unit` is what runs it, where that is known."""

    server: str
    filename: str
    row: int
    options: Mapping[str, str | ast.expr | None]
    code: Code | None
    environment: Mapping[str, str]
    unit: Unit | None = None

    def option(self, values: Values, *names: str) -> tuple[bool, Value | None]:
        """Whether one of the options is given, and its value, None where that cannot be read off."""
        for name in names:
            if name in self.options:
                given = self.options[name]
                value = expand(given, self.environment) if isinstance(given, str) else given
                return True, values.of(value, self.code, self.environment)
        return False, None


class Starts(NamedTuple):
    """All starts, the values to read their options with, and the files of Gunicorn's settings."""

    all: list[Start]
    values: Values
    configurations: Mapping[str, Code]

    def workers(self, start: Start) -> int | None:
        """The number of worker processes, None where it is not spelled out."""
        told, value = start.option(self.values, "--workers", "-w")
        if not told and start.server == "gunicorn":
            told, value = self.configured(start, "workers")
        count = number(value)
        if count is None:
            count = number(start.environment.get("WEB_CONCURRENCY"))
        if count is None and told:
            count = number(self.values.field("web_concurrency", start.environment))
        return int(count) if count is not None else None if told or "WEB_CONCURRENCY" in start.environment else 1

    def configured(self, start: Start, name: str) -> tuple[bool, Value | None]:
        """A setting of Gunicorn's configuration file: whether it is told, or may be, and its value."""
        _, given = start.option(self.values, "-c", "--config")
        wanted = os.path.basename(str(given).removeprefix("python:")) if given else ""
        if wanted and wanted not in self.configurations:
            return True, None
        for file in [wanted] if wanted else _CONFIGURATIONS[:1]:
            code = self.configurations.get(file)
            if code is not None and name in code.values:
                return True, self.values.of(code.values[name], code, start.environment)
        return False, None


def starts(project: Project) -> Starts:
    """Every start of a server that production could use."""
    files = list(project.code(rf"{_MENTIONS}|Settings|Config|getenv|environ|pool|create_"))
    values = Values(files)
    python = [start for code in files for start in _in_python(code)]
    base = variables(project)
    found: list[Start] = []
    for unit in units(project):
        environment = {**base, **{name: expand(text, base) for name, text in unit.environment.items()}}
        found += _of_unit(unit, environment, python, project)
    known = {os.path.basename(code.path): code for code in files if os.path.basename(code.path) in _CONFIGURATIONS}
    return Starts(found or [start._replace(environment=base) for start in python], values, known)


def expand(text: str, environment: Mapping[str, str]) -> str:
    """A text with the variables of a shell or a compose file replaced, as far as they are known."""

    def value(match: re.Match[str]) -> str:
        known = environment.get(match[1] or match[3])
        return known if known is not None else match[2] if match[2] is not None else match[0]

    return _REFERENCE.sub(value, text)


def _of_unit(unit: Unit, environment: Mapping[str, str], python: Sequence[Start], project: Project) -> Iterator[Start]:
    direct = list(_in_words(unit.words, unit.filename, unit.row))
    if not direct:
        direct = [start for word in unit.words for start in _in_script(word, project)]
    if not direct and _runs_python(unit.words, project):
        direct = list(python)
    yield from (start._replace(environment=environment, unit=unit) for start in direct)


def _in_words(given: Sequence[str], path: str, row: int) -> Iterator[Start]:
    """The start in the words of a command, also inside `sh -c "..."`."""
    given = tuple(given)
    for index, word in enumerate(given):
        name = os.path.basename(word)
        if name in SERVERS and not (name == "fastapi" and given[index + 1 : index + 2] != ("run",)):
            if "--reload" not in given:
                yield Start(name, path, row, _options(given[index + 1 :]), None, {})
            return
        if " " in word:
            for part in re.split(r"&&|\|\||;|\n|\|", word):
                yield from _in_words(words(part), path, row)


def _in_script(word: str, project: Project) -> Iterator[Start]:
    if not word.endswith(".sh"):
        return
    for path in project.named(re.escape(os.path.basename(word)), aside=True):
        lines = project.sources.text(path).replace("\\\n", "  ").split("\n")
        for row, line in enumerate(lines, start=1):
            if not line.lstrip().startswith("#") and re.search(_MENTIONS + "|fastapi run", line):
                yield from _in_words(words(line), path, row)


def _runs_python(given: Sequence[str], project: Project) -> bool:
    """Whether the command runs the project's own Python: a file, a module, or one of its scripts."""
    modules = {stem(path) for path in project.python} | {os.path.basename(os.path.dirname(p)) for p in project.python}
    scripts = {name for path in project.named(r"pyproject\.toml") for name in _scripts(project.sources.text(path))}
    for index, word in enumerate(given):
        if word in scripts or (word.endswith(".py") and stem(word) in modules):
            return True
        if word == "-m" and any(next_word.split(".")[-1] in modules for next_word in given[index + 1 : index + 2]):
            return True
    return False


def _scripts(text: str) -> list[str]:
    section = re.search(r"^\[(?:project|tool\.poetry)\.scripts\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^[\"']?([\w.-]+)[\"']?\s*=", section[1], re.MULTILINE) if section else []


def _in_python(code: Code) -> Iterator[Start]:
    for name, call in code.calls():
        if name in ("uvicorn.run", "uvicorn.Config") and not _reloads(call):
            given = {one.arg: one.value for one in call.keywords}
            if None not in given:  # `**options` could be anything
                options = {option: given[name] for name, option in _KEYWORDS.items() if name in given}
                yield Start("uvicorn", code.path, call.lineno, options, code, {})
    unpacked = {node.value for node in code.nodes if isinstance(node, ast.Starred)}
    for node in code.nodes:
        if isinstance(node, ast.List | ast.Tuple) and node not in unpacked:
            yield from _in_list(node, code)


def _in_list(node: ast.List | ast.Tuple, code: Code) -> Iterator[Start]:
    """A command as a list, its parts unpacked: `[sys.executable, *("-m", "uvicorn", app), "--workers", str(n)]`."""
    items: list[ast.expr] = []
    for item in node.elts:
        inner = item.value if isinstance(item, ast.Starred) else item
        items += inner.elts if isinstance(item, ast.Starred) and isinstance(inner, ast.Tuple | ast.List) else [inner]
    texts = [item.value if isinstance(item, ast.Constant) else None for item in items]
    index = next((place for place, text in enumerate(texts) if text in SERVERS), None)
    given = [text for text in texts if isinstance(text, str) and text.startswith("--")]
    if index is not None and given and "--reload" not in given:
        options: dict[str, str | ast.expr | None] = {}
        for place in range(index + 1, len(items)):
            text = texts[place]
            if isinstance(text, str) and text.startswith("-"):
                options[text] = items[place + 1] if place + 1 < len(items) else None
        yield Start(str(texts[index]), code.path, node.lineno, options, code, {})


def _options(given: Sequence[str]) -> dict[str, str | ast.expr | None]:
    """The options among the words of a command, in either form."""
    found: dict[str, str | ast.expr | None] = {}
    for index, word in enumerate(given):
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            following = given[index + 1] if index + 1 < len(given) else None
            found[name] = value if equals else following
    return found


def _reloads(call: ast.Call) -> bool:
    """Whether it is for development. A reloader that a setting turns on is off in production."""
    reload = keyword(call, "reload")
    return isinstance(reload, ast.Constant) and bool(reload.value)
