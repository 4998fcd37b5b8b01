"""Automatic reloading where the application is deployed.

## What it does

Reports `reload=True` for a server that listens beyond the machine, and `--reload` or `fastapi dev` in Dockerfiles,
Procfiles and compose files.

## Why is this bad?

The reloader watches the source tree, runs a single worker, and restarts it, requests in flight included, when a file
changes. Debug pages may show more than they should.

## Example

```python
import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", host="0.0.0.0", reload=True)
```

Use instead:

```python
import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", host="0.0.0.0")
```
"""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA404"
NAME = "reload-in-production"
SEVERITY = Severity.WARNING
FIXABLE = False


def message(hit: Hit) -> str:
    return "automatic reloading is for development: it runs one worker and restarts it when a file changes"
