"""`fastasync server`: the language server."""

from __future__ import annotations

import os


def server() -> None:
    """Serve an editor: findings as diagnostics, fixes as code actions, by the language server protocol over stdio."""
    from fastasync_lint.server import create

    from fastasync import __version__

    create(__version__).start_io()
    # The editor went away. A check may be under way in its thread, on which the interpreter's own end waits.
    os._exit(0)
