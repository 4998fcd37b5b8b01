"""A server command that starts a single process.

## What it does

Reports server commands in Dockerfiles, Procfiles and compose files that name no number of workers. The severity is
info: hidden unless `--min-severity info` is given.

## Why is this bad?

One process uses one core, and one blocked event loop is the whole service. Where the platform runs several containers
side by side, one process in each is right, and this rule is best ignored.

## Example

```dockerfile
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

Use instead:

```dockerfile
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--workers", "4"]
```
"""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA403"
NAME = "single-process-server"
SEVERITY = Severity.INFO
FIXABLE = False


def message(hit: Hit) -> str:
    return "the server runs in a single process; name the number of workers, or run several containers"
