"""`fastasync add resource`: a table with its model, migration, schemas, endpoints and tests, wired into a project."""

from fastasync.resource.command import resource

__all__ = ["resource"]
