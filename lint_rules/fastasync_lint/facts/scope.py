"""What one function binds and reads."""

from __future__ import annotations


class Scope:
    """What one function body binds and reads, to find the names that nested functions capture."""

    def __init__(self, outer: Scope | None, name: str, first: str) -> None:
        self.outer = outer
        self.name = name
        self.first = first
        self.bound: set[str] = set()
        self.again: set[str] = set()
        """Bound more than once."""
        self.literals: set[str] = set()
        """Bound to a literal, or to the answer of a condition."""
        self.reads: set[str] = set()
        self.nested_reads: set[str] = set()
        self.tested: set[str] = set()
        self.handed: set[str] = set()
        self.stores: set[str] = set()
        self.declared: set[str] = set()
        self.awaited: set[str] = set()
        self.yields = False
        self.unpacked: set[str] = set()
        """Given to a call as its keywords: `f(**names)`."""

    def fixed(self) -> list[str]:
        """The names that hold one and the same literal or answer."""
        return sorted(self.literals - self.again - self.declared)
