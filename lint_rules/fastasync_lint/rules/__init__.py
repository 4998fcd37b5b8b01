"""The rules. A module `fsaNNN_name.py` in this folder is a rule; being here registers it.

Each defines CODE, NAME (the module's name says both), SEVERITY (its usual one), FIXABLE and `message(hit)`, and NOTES
where it shares paragraphs with others. Its docstring is its documentation, from which `fastasync explain`, the pages in
docs/rules/ and the metadata of SARIF reports are made. A module is imported when its first finding is worded.
"""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..home import rule_url
from ..model import Hit, Severity


class Rule(NamedTuple):
    code: str
    name: str
    severity: Severity
    fixable: bool
    message: Callable[[Hit], str]
    documentation: str

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.documentation.split("\n", 1)[0]

    @property
    def url(self) -> str:
        return rule_url(self.name)


@functools.cache
def _modules() -> dict[str, str]:
    """Module names by code, read from the folder: listing it is much faster than importing `pkgutil`."""
    stems = {entry.split(".", 1)[0] for folder in __path__ for entry in os.listdir(folder) if entry.startswith("fsa")}
    return {stem[:6].upper(): stem for stem in sorted(stems)}


def codes() -> tuple[str, ...]:
    """Every code, in order."""
    return tuple(_modules())


@functools.cache
def rule(code: str) -> Rule:
    """The rule of a code; KeyError when there is none."""
    module = importlib.import_module(f"{__name__}.{_modules()[code]}")
    notes: str = getattr(module, "NOTES", "")
    documentation = f"{(module.__doc__ or '').strip()}\n\n{notes}".strip()
    return Rule(module.CODE, module.NAME, module.SEVERITY, module.FIXABLE, module.message, documentation)


def rules() -> Iterable[Rule]:
    """Every rule, in the order of the codes."""
    return [rule(code) for code in codes()]


def find(word: str) -> Rule | None:
    """The rule with this code or name, in any case of letters."""
    code = word.upper()
    if code not in _modules():
        code = next((code for code, stem in _modules().items() if stem[7:].replace("_", "-") == word.lower()), "")
    return rule(code) if code else None
