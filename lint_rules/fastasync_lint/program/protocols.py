"""Classes that implement a protocol without naming it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastasync_lint.facts import ir
from fastasync_lint.program.scopes import ClassScope

if TYPE_CHECKING:
    from fastasync_lint.program.engine import Program

MOST = 12
"""More classes that fit say that the protocol asks for too little to tell them apart."""


def implementers(program: Program, protocol: ClassScope) -> list[ClassScope]:
    """Classes with all methods of the protocol, of the same parameters, that do not derive from it."""
    found = program.implementers.get(protocol)
    if found is None:
        found = program.implementers[protocol] = _search(program, protocol)
    return found


def is_one(program: Program, cls: ClassScope, of: ClassScope) -> bool:
    """Whether objects of a class are what another one names: it derives from it, or implements it."""
    return cls.derives_from(of) or (of.is_protocol and cls in implementers(program, of))


def is_slight(cls: ClassScope) -> bool:
    """Whether it is a protocol of one method: what happens to have one of that name need not be meant."""
    return cls.is_protocol and len(_methods(cls)) == 1


def _search(program: Program, protocol: ClassScope) -> list[ClassScope]:
    wanted = _methods(protocol)
    if not wanted:
        return []
    found = [
        cls
        for cls in program.methods_by_name().get(next(iter(wanted)), ())
        if protocol not in cls.mro and all(_fits(cls, name, method) for name, method in wanted.items())
    ]
    return found if len(found) <= MOST else []


def _methods(protocol: ClassScope) -> dict[str, ir.Function]:
    wanted: dict[str, ir.Function] = {}
    for scope in protocol.mro:
        for name in scope.bindings:
            method = _method(scope, name)
            if method is not None and name != "__init__":
                wanted.setdefault(name, method)
    return wanted


def _fits(cls: ClassScope, name: str, wanted: ir.Function) -> bool:
    for scope in cls.mro:
        if name in scope.bindings:
            method = _method(scope, name)
            return (
                method is not None
                and method.flags & ir.ASYNC == wanted.flags & ir.ASYNC
                and [(p.name, p.kind) for p in method.params] == [(p.name, p.kind) for p in wanted.params]
            )
    return False


def _method(scope: ClassScope, name: str) -> ir.Function | None:
    node = scope.bindings[name][-1][0]
    return node.function if isinstance(node, ir.FuncDef) else None
