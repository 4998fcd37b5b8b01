"""Which fix a hit gets: the first that keeps behaviour, else the one that needs the least of a look."""

from __future__ import annotations

import ast

import msgspec

from ..model import Applicability, Fix, Hit
from . import address, dependency, endpoint, misuse, offload, opens, sleep, stepping
from .aim import moves
from .place import Place, find, last_name
from .style import Preferences, choose, has_anyio, has_fastapi, uses
from .text import Document, read


def fix_of(hit: Hit, source: str, settings: Preferences) -> Fix | None:
    """The fix of a hit in the file with this text; None when only a person can tell what to write."""
    document = read(source)
    if document.tree is None:
        return None
    place = find(document, hit.location, hit.end_location)
    if hit.code.startswith("FSA1"):
        return _blocking(hit, document, place, settings)
    if hit.code == "FSA302":
        return dependency.fix(document, hit.location)
    if hit.code == "FSA305":
        return endpoint.fix(document, hit.location, hit.end_location)
    if hit.code == "FSA402" and place is not None:
        return address.fix(hit.sink, place, lambda library: uses(document, settings, (library,)))
    repair = _MISUSE.get(hit.code)
    if repair is None or place is None or len(hit.chain) > 1:
        return None
    return _keeping_async(repair(place), place)


_MISUSE = {
    "FSA201": misuse.nested_loop,
    "FSA202": misuse.eager_argument,
    "FSA204": misuse.missing_await,
}


def _blocking(hit: Hit, document: Document, place: Place | None, settings: Preferences) -> Fix | None:
    local = _local(hit, place, settings) if place is not None else None
    if local is not None and local.applicability is Applicability.SAFE:
        return _keeping_async(local, place)
    # A plain `def` moves all of the function to one thread, which also suits what must not change threads.
    return endpoint.fix(document, hit.location, hit.end_location) or local


def _keeping_async(fix: Fix | None, place: Place | None) -> Fix | None:
    if fix is None or place is None:
        return fix
    return msgspec.structs.replace(fix, edits=(*fix.edits, *endpoint.stays(place)))


def _aimed(hit: Hit, place: Place) -> bool:
    iterated = isinstance(place.parent, ast.For | ast.comprehension) and place.parent.iter is place.node
    return isinstance(place.node, ast.Call) and moves(hit, last_name(place.node.func), iterated=iterated)


def _local(hit: Hit, place: Place, settings: Preferences) -> Fix | None:
    """A fix of the call itself, or of the statement that steps it."""
    style = choose(place.document, settings)
    if not _aimed(hit, place):
        return stepping.fix(hit, place, style, fastapi=has_fastapi(place.document, settings))
    if misuse.is_eager(place):
        return misuse.eager_argument(place, sure=len(hit.chain) < 2)
    slept = sleep.fix(hit, place)
    if slept is not None:
        return slept
    opened = opens.fix(hit, place) if has_anyio(place.document, settings) else None
    return opened or offload.fix(hit, place, style)
