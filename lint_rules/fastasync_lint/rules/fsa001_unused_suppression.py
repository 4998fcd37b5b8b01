"""Comments that suppress findings, where there is nothing to suppress.

## What it does

Reports `# fastasync: ignore`, `# fastasync: ignore-file` and `# noqa: FSA…` comments, or single codes in them, that
suppress no finding, and codes that no rule has. Comments for rules that are switched off are left alone, and so is a
bare `# noqa`.

## Why is this bad?

A comment that outlived its finding hides the next one on its line, and tells readers of a problem that is gone.

## Example

```python
import asyncio


async def pause() -> None:
    await asyncio.sleep(1)  # fastasync: ignore[FSA101] -- short
```

Use instead:

```python
import asyncio


async def pause() -> None:
    await asyncio.sleep(1)
```
"""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA001"
NAME = "unused-suppression"
SEVERITY = Severity.WARNING
FIXABLE = True


def message(hit: Hit) -> str:
    return "this comment suppresses nothing here"
