"""Failures that are expected: one class for both packages, so that the command line prints them alike."""

from fastasync_lint.errors import UserError

__all__ = ["UserError"]
