"""The findings as a JSON array; the structures of `model` are the schema."""

from __future__ import annotations

import msgspec

from ..pipeline import Outcome


def render(outcome: Outcome) -> str:
    return msgspec.json.format(msgspec.json.encode(outcome.findings), indent=2).decode() + "\n"
