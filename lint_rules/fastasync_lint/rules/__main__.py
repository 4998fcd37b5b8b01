"""`python -m fastasync_lint.rules DOCS`: write the rules' pages into the folder DOCS, one file each, with an index.

With `--check` nothing is written, and the exit status is 1 when a page is missing, old or of no rule.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import Rule, rules

_SEVERITIES = """\
## Severity

The table has the usual one; it depends on the call, and on where it runs.

- **error**: can hold up the event loop for long, or without bound, each time that the line is reached. A coroutine that
  is never awaited, and a second loop, are errors because they fail.
- **warning**: a function that does so on some of its ways only, under an `if` whose other side does not or in an
  `except`: the message says "can block". What is short and local, such as reading a file; done once, for a value that
  is kept from then on; a lock that is held for long or over an `await`, where nothing shows that a thread takes it, or
  of a file; a method of which not every version that may be meant blocks; a wait of at most 0.1 s; reading from the
  terminal, unless an endpoint leads there; a database that is in memory by default. And an error where no request
  waits: while the application starts or stops, before the program ends, in code of tests, and in coroutines that a loop
  of their own runs, as `asyncio.run` does, while nothing runs beside them.
- **info**: next to nothing, such as looking up a file; shown with `--min-severity info`.

Code of tests are files below a folder `tests`, `test`, `testing` or `test_utils`, and those named `test_*.py`,
`*_test.py` or `conftest.py`.
"""


def pages() -> dict[str, str]:
    """Every page by file name."""
    found = {f"{rule.name}.md": page(rule) for rule in rules()}
    return {"README.md": index(), **found}


def page(rule: Rule) -> str:
    """The page of a rule."""
    fix = "Has a fix" if rule.fixable else "Has no fix"
    return f"# {rule.name} ({rule.code})\n\nSeverity: {rule.severity}. {fix}.\n\n{rule.documentation}\n"


def index() -> str:
    """The table of all rules."""
    rows = []
    for rule in rules():
        link, fix = f"[{rule.name}]({rule.name}.md)", "yes" if rule.fixable else ""
        rows.append(f"| {rule.code} | {link} | {rule.severity} | {fix} | {rule.summary} |")
    head = ["# Rules", "", "| code | name | severity | fix | reports |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows]) + f"\n\n{_SEVERITIES}"


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    folders = [Path(argument) for argument in arguments if not argument.startswith("-")]
    if len(folders) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder, wanted = folders[0], pages()
    present = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")} if folder.is_dir() else {}
    if present == wanted:
        return 0
    if check:
        stale = sorted(name for name in present | wanted if present.get(name) != wanted.get(name))
        print(f"not current: {', '.join(stale)}; run python -m fastasync_lint.rules {folder}", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for name in present.keys() - wanted.keys():
        (folder / name).unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
