"""How a command ends that cannot go on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from fastasync_lint.errors import UserError

Result = TypeVar("Result")


def guard(work: Callable[[], Result]) -> Result:
    """Do the work; an expected failure is one line and status 2, an interruption is status 130."""
    try:
        return work()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
