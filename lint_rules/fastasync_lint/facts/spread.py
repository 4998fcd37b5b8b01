"""Many files parsed at once: this process takes a share, and copies of it the others."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence

import msgspec

from fastasync_lint import processes
from fastasync_lint.facts.cache import decode, encode
from fastasync_lint.facts.ir import FileFacts
from fastasync_lint.facts.parse import facts

MOST_WORKERS = 4
"""What the others send has to be read here: more of them gain nothing."""
OWN_SHARE = 0.9
"""Of an even share, for this process, which also reads the results."""

Made = tuple[FileFacts, bytes]
"""Facts, and their bytes where those exist already."""

_encode = msgspec.msgpack.Encoder().encode
_decode_blobs = msgspec.msgpack.Decoder(list[bytes]).decode


def all_facts(texts: Sequence[bytes], workers: int | None) -> list[Made]:
    """The facts of each text, in order. `workers` None: as many as the machine has processors for."""
    count = _workers(sum(map(len, texts)), workers)
    if count == 1:
        return [(facts(text), b"") for text in texts]
    return _in_processes(texts, count)


def _workers(size: int, wanted: int | None) -> int:
    if size < processes.LEAST or not processes.can_copy():
        return 1
    return max(1, min(wanted or processes.processors(), MOST_WORKERS))


def _in_processes(texts: Sequence[bytes], count: int) -> list[Made]:
    own, *others = _shares([len(text) for text in texts], count)
    made: dict[int, Made] = {}
    with contextlib.ExitStack() as stack:
        started = [
            (share, stack.enter_context(processes.copy(functools.partial(_work, texts, share)))) for share in others
        ]
        for index in own:
            made[index] = (facts(texts[index]), b"")
        for share, received in started:
            for index, blob in zip(share, _blobs(received(), len(share)), strict=True):
                parsed = decode(blob) if blob else None
                made[index] = (facts(texts[index]), b"") if parsed is None else (parsed, blob)
    return [made[index] for index in range(len(texts))]


def _shares(sizes: Sequence[int], count: int) -> list[list[int]]:
    """Indices for each process, by size; the first share is a little smaller."""
    shares: list[list[int]] = [[] for _ in range(count)]
    loads = [0.0] * count
    for index in sorted(range(len(sizes)), key=lambda index: (-sizes[index], index)):
        lightest = min(range(count), key=loads.__getitem__)
        shares[lightest].append(index)
        loads[lightest] += sizes[index] / (OWN_SHARE if lightest == 0 else 1.0)
    return shares


def _work(texts: Sequence[bytes], share: Sequence[int]) -> bytes:
    return _encode([encode(facts(texts[index])) for index in share])


def _blobs(content: bytes, count: int) -> list[bytes]:
    """What a copy sent; nothing useful when it came to harm, and then its share is done here."""
    try:
        blobs = _decode_blobs(content)
    except ValueError:
        blobs = []
    return blobs if len(blobs) == count else [b""] * count
