"""The analysis of a project: what blocks, and what stands in the wrong place. One made before is found again."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .discover import Project
from .kept import Analyses, Moved, renamed
from .model import Analysis, Hit
from .places import PlainPlaces, SourcePlaces, absolute, placed
from .settings import Settings
from .sources import Sources

if TYPE_CHECKING:
    from .engine import Evaluated
    from .pipeline import Request


def analyse(
    project: Project,
    settings: Settings,
    request: Request,
    keep: Callable[[Evaluated], None] | None = None,
    lender: str = "",
) -> Analysis:
    """Run the engine on a project and look at its structure, or find again what a run made of such files.

    `keep` is given the evaluation, which then is made in any case. `lender` is another version of the project, whose
    cache is used.
    """
    home = lender or (project.root if request.cache else "")
    if not home or keep is not None or request.strict:
        blocking, structural, _ = _made(project, settings, request, keep)
        return _joined(project, request.overlay, blocking, structural, {})
    analyses = Analyses(home, project, settings, request.overlay)
    known = _known(analyses, project, request.overlay)
    if known is not None:
        return known
    blocking, structural, looked_at = _made(project._replace(wanted=None), settings, request, lender=lender)
    analyses.save(blocking, structural, looked_at)
    return _joined(project, request.overlay, blocking, structural, {})


def recall(project: Project, settings: Settings, overlay: Mapping[str, bytes]) -> Analysis | None:
    """What a run has made of such files, if one has."""
    return _known(Analyses(project.root, project, settings, overlay), project, overlay)


def _known(analyses: Analyses, project: Project, overlay: Mapping[str, bytes]) -> Analysis | None:
    found = analyses.load()
    if found is None:
        return None
    whole, moved = found
    above = functools.partial(absolute, project.root)
    structural = renamed(whole.structural, above)
    if moved:
        from . import structure

        sources = Sources(overlay)
        if not whole.looked_at.isdisjoint(moved) or any(structure.mentions(above(name), sources) for name in moved):
            structural = structure.look(project.root, project.files, None, sources).hits
    return _joined(project, overlay, whole.blocking, structural, moved)


def _made(
    project: Project,
    settings: Settings,
    request: Request,
    keep: Callable[[Evaluated], None] | None = None,
    lender: str = "",
) -> tuple[Analysis, list[Hit], list[str]]:
    """What the engine says by `PlainPlaces`, the hits of the structure, and the files that these were looked for in."""
    from . import engine, structure

    root, files, wanted = project.root, project.files, project.wanted
    with structure.started(root, files, wanted, Sources(request.overlay), request.workers) as structural:
        analysis = engine.analyse(
            Path(root),
            [Path(file) for file in files],
            None if wanted is None else {Path(file) for file in wanted},
            settings,
            overlay={Path(path): data for path, data in request.overlay.items()},
            cache=request.cache,
            workers=request.workers,
            superseded=request.superseded,
            keep=keep,
            strict=request.strict,
            places=PlainPlaces(),
            lender=lender,
        )
        found = structural()
    return analysis, found.hits, found.files


def _joined(
    project: Project, overlay: Mapping[str, bytes], blocking: Analysis, structural: Sequence[Hit], moved: Moved
) -> Analysis:
    """All that was found in the files asked for, in their terms."""
    from . import structure

    texts = {Path(path): data for path, data in overlay.items()}
    wanted = None if project.wanted is None else set(project.wanted)
    analysis = placed(blocking, SourcePlaces(project.root, texts), moved, wanted)
    own = [hit for hit in structural if wanted is None or hit.filename in wanted]
    analysis.hits = [*structure.eager(analysis.hits, project.files, wanted, Sources(overlay)), *own]
    return analysis
