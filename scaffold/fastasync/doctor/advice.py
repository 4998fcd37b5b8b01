"""What a check says."""

from __future__ import annotations

from typing import Literal

import msgspec

Check = Literal["libraries", "pool", "lifespan", "workers", "shutdown", "readiness"]


class Advice(msgspec.Struct, frozen=True):
    """One thing that stands between the project and production; `row` 0 stands for the whole file.

    The JSON report is this structure encoded as it stands, so a field's name here is a contract.
    """

    check: Check
    filename: str
    row: int
    message: str
    reason: str
    help: str
