"""How often each rule was broken, and by how many causes."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from ..model import Finding
from ..pipeline import Outcome
from ..wording import cause
from . import Format


def render(outcome: Outcome, form: Format) -> str:
    """A table, most frequent rule first; as JSON when `form` is "json"."""
    by_code: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in outcome.findings:
        by_code[finding.code].append(finding)
    rows = [
        {
            "code": code,
            "name": found[0].name,
            "count": len(found),
            "causes": len({cause(finding) for finding in found}),
            "files": len({finding.filename for finding in found}),
        }
        for code, found in sorted(by_code.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
    if not rows:
        return ""
    table = [("count", "causes", "files", "rule", "")]
    table += [(str(r["count"]), str(r["causes"]), str(r["files"]), str(r["code"]), str(r["name"])) for r in rows]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    return "".join(
        "  ".join([*(cell.rjust(width) for cell, width in zip(row[:3], widths, strict=True)), *row[3:]]).rstrip() + "\n"
        for row in table
    )
