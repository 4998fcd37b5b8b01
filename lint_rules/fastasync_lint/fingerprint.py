"""A finding's identity over time.

It is made of what an edit elsewhere does not change: code, function, sink, last helper, and the call's text without
its layout. Moved and re-indented lines and renamed files keep it; equal calls in one function are told apart by number.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from .model import Hit


def fingerprints(hits: Iterable[Hit], texts: Iterable[str]) -> list[str]:
    """The fingerprints of one file's hits, in the order of their places; `texts` are the calls' source texts.

    Numbering is per file, so a file linted alone has the fingerprints of the full run.
    """
    seen: Counter[str] = Counter()
    found = []
    for hit, text in zip(hits, texts, strict=True):
        key = "\0".join(
            (hit.code, local_name(hit.function, hit.filename), hit.sink, last_helper(hit), normalised(text))
        )
        found.append(digest(f"{key}\0{seen[key]}"))
        seen[key] += 1
    return found


def digest(text: str) -> str:
    """The short hash that stands for a text in reports and baselines."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def last_helper(hit: Hit) -> str:
    """The project's function nearest to the sink, without its module; "" for a direct call."""
    if len(hit.chain) < 2:
        return ""
    return local_name(hit.chain[-1].function, hit.chain[-1].filename)


def local_name(function: str, filename: str) -> str:
    """A qualified name without the module, which a renamed file would change."""
    stem = filename.removesuffix(".py").removesuffix("/__init__")
    parts = [part for part in stem.split("/") if part not in (".", "..", "")]
    for start in range(len(parts)):
        prefix = ".".join(parts[start:]) + "."
        if function.startswith(prefix):
            return function[len(prefix) :]
    return function


def normalised(text: str) -> str:
    """A call's text without its layout: no white space, no trailing comma, one kind of quote."""
    joined = "".join(text.split()).replace("'", '"')
    return joined.replace(",)", ")").replace(",]", "]").replace(",}", "}")
