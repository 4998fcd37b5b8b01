"""`fastasync doctor`: the options."""

from __future__ import annotations

from typing import Annotated, Literal

import typer


def doctor(
    path: Annotated[str, typer.Argument(help="Folder of the project.")] = ".",
    output_format: Annotated[Literal["text", "json"], typer.Option(help="Form of the report.")] = "text",
) -> None:
    """Tell what stands between a project and production: libraries, pools, lifespan, workers, shutdown, readiness.

    Reads files and runs nothing of them. Exit status: 0 clean, 1 findings, 2 wrong usage or a file that cannot be read.
    """
    from fastasync import terminal
    from fastasync.doctor import report
    from fastasync.doctor.examine import examine
    from fastasync.progress import waiting

    with waiting("Examining"):
        diagnosis = examine(path)
    printed = report.json(diagnosis) if output_format == "json" else report.text(diagnosis, path)
    terminal.show(printed, "".join(f"error: {one.filename}: {one.message}\n" for one in diagnosis.problems))
    raise typer.Exit(diagnosis.status)
