"""The sentences that several rules share."""

from __future__ import annotations

from ..model import Hit

_KINDS = {"iterate": "iterating over ", "enter": "entering ", "exit": "leaving "}


def plain(name: str) -> str:
    """A catalogue name as people write it: `redis.Redis().get` is `redis.Redis.get`."""
    return name.replace("()", "").replace("[]", "")


def blocks(hit: Hit, how: str = "blocks the event loop") -> str:
    """That the hit's call blocks, and through which helper."""
    kind, sink = _KINDS.get(hit.kind, ""), f"`{plain(hit.sink)}`"
    when = ""
    if hit.startup:
        when = " while the application starts or stops"
    elif hit.alone:
        when = ", on which nothing else runs"
    if len(hit.chain) < 2:
        return f"{kind}{sink} {how}{when}"
    helper = hit.chain[0].call
    last = hit.chain[-1]
    if not hit.sure:
        how = how.replace("blocks", "can block", 1)
    through = f" through `{last.function}`" if len(hit.chain) > 2 else ""
    return f"{kind}`{helper}` {how}{when}: it reaches {sink}{through}"
