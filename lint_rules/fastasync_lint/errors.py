"""The exceptions for what is expected, and the one for what nobody waits for any more."""

from __future__ import annotations

from collections.abc import Callable


class UserError(Exception):
    """Bad input: the message says what was wrong, where, and what to do. The CLI prints it and exits with 2."""


class SupersededError(Exception):
    """What is being checked has changed meanwhile."""


def go_on(superseded: Callable[[], bool] | None) -> None:
    """Raise `SupersededError` once `superseded` says that nobody wants the result."""
    if superseded is not None and superseded():
        raise SupersededError
