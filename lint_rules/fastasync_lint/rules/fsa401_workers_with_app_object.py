"""Several workers for an application that is passed as an object.

## What it does

Reports `uvicorn.run(app, workers=4)`, and `reload=True`, with the application object instead of its import name.

## Why is this bad?

Each worker is a new process that has to import the application, so uvicorn prints a warning and exits with status 3.
The variable `WEB_CONCURRENCY` in the environment has the same effect.

## Example

```python
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, workers=4)
```

Use instead:

```python
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run("main:app", workers=4)
```
"""

from __future__ import annotations

from ..model import Hit, Severity

CODE = "FSA401"
NAME = "workers-with-app-object"
SEVERITY = Severity.ERROR
FIXABLE = False


def message(hit: Hit) -> str:
    return 'with several workers the server exits at once: pass the application\'s import name, such as "main:app"'
