"""What a finding offers: the help that its message shows, and the fix that `--fix` applies.

    suggest(hit, source, settings)   help and fix of one hit
    apply(source, fixes)             text after the fixes that do not overlap
    rewrite(check, ...)              the `--fix` loop: check, apply, check again, replace the files

A fix is a few text edits. `ast` says where in the file a call stands; LibCST reads the call's own text and builds what
replaces it, so comments and layout survive. Nothing here decides whether something blocks.
"""

from __future__ import annotations

from ..model import Fix, Hit
from .edits import apply
from .rewrite import Outcome, rewrite
from .style import Preferences

__all__ = ["Outcome", "Preferences", "advise", "apply", "rewrite", "suggest"]


def suggest(hit: Hit, source: str, settings: Preferences) -> tuple[tuple[str, ...], Fix | None]:
    """The help texts of a hit, most advisable first, and its fix. `source` is the text of the whole file."""
    from .choose import fix_of

    return advise(hit, source, settings), fix_of(hit, source, settings)


def advise(hit: Hit, source: str, settings: Preferences) -> tuple[str, ...]:
    """The help texts alone, which need no more than the text of the call."""
    from .help import texts
    from .text import read

    return texts(hit, read(source), settings)
