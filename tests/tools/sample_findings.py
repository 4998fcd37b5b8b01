"""A sample of error findings to read by hand: what docs/accuracy.md says is drawn by this.

    python tests/tools/sample_findings.py REPORT.json... [--count 50] [--seed 1]

Each report is what `fastasync lint . --output-format json --exit-zero` printed in the folder of one package, in a file
named after the package and its version. Packages take turns in the order of their names; each turn draws one cause (the
sink, and the place where it is called) that was not drawn before, and of that cause one finding. So a helper that two
hundred coroutines reach counts once, and a large package no more than a small one. Prints rows of a Markdown table,
each followed by its chain in a comment.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Finding = dict[str, Any]


def causes(report: Path) -> list[list[Finding]]:
    """The error findings of a report by cause, in an order that does not depend on the report's."""
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in json.loads(report.read_text("utf-8")):
        if finding["severity"] == "error":
            last = finding["chain"][-1]
            groups.setdefault((finding["code"], finding["sink"], last["filename"], last["row"]), []).append(finding)
    return [sorted(groups[key], key=_place) for key in sorted(groups)]


def _place(finding: Finding) -> tuple[Any, ...]:
    return finding["filename"], finding["location"]["row"], finding["location"]["column"]


def draw(reports: list[Path], count: int, seed: int) -> Iterator[tuple[str, Finding]]:
    """Pairs of a package and a finding, until `count` are drawn or no cause is left."""
    chance = random.Random(seed)  # a sample, no secret
    left = {report.stem: causes(report) for report in sorted(reports)}
    turns = itertools.cycle(list(left))
    drawn = 0
    while drawn < count and any(left.values()):
        package = next(turns)
        if left[package]:
            group = left[package].pop(chance.randrange(len(left[package])))
            yield package, chance.choice(group)
            drawn += 1


def row(package: str, finding: Finding) -> str:
    """One row of the table; verdict and reason are for the reader."""
    chain = " > ".join(f"{step['filename']}:{step['row']}" for step in finding["chain"])
    place = f"`{finding['filename']}:{finding['location']['row']}`"
    return f"| {package} | {place} | {finding['code']} | `{finding['sink']}` | | | <!-- {chain} -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for package, finding in draw(given.reports, given.count, given.seed):
        print(row(package, finding))


if __name__ == "__main__":
    main()
