"""`fastasync lint`: the options. What they do is in `linting`."""

from __future__ import annotations

from typing import Annotated

import typer

from fastasync.choices import Choices, Format, Severity, codes

RULES, OUTPUT, CHANGES, FIXES = "Rules", "Output", "What is new", "Fixes"


def lint(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files and folders; `-` reads stdin. Default: the current folder.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(help="Rule codes or prefixes to check, with commas.", rich_help_panel=RULES)
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Rule codes or prefixes to leave out.", rich_help_panel=RULES)
    ] = None,
    min_severity: Annotated[
        Severity | None, typer.Option(help="Least severity shown. Default: warning.", rich_help_panel=RULES)
    ] = None,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Leave out excluded files that are named, too.")
    ] = False,
    stdin_filename: Annotated[str | None, typer.Option(help="Name of the file that stdin is the text of.")] = None,
    output_format: Annotated[Format, typer.Option(help="Form of the report.", rich_help_panel=OUTPUT)] = "text",
    output_file: Annotated[
        str | None, typer.Option("--output-file", "-o", help="Write the report to a file.", rich_help_panel=OUTPUT)
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=FILE", help="Write one more report to a file.", rich_help_panel=OUTPUT),
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count findings by rule instead.", rich_help_panel=OUTPUT)
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Findings only, no summary.", rich_help_panel=OUTPUT)
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="List the calls that are not resolved, on stderr.", rich_help_panel=OUTPUT),
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 in spite of findings.", rich_help_panel=OUTPUT)
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Apply safe fixes.", rich_help_panel=FIXES)] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: all fixes.", rich_help_panel=FIXES)
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print the fixes as a diff, write nothing.", rich_help_panel=FIXES)
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="Only what is new since a git revision.", rich_help_panel=CHANGES)
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="Hide the findings recorded in a file.", rich_help_panel=CHANGES)
    ] = None,
    update_baseline: Annotated[
        bool,
        typer.Option("--update-baseline", help="Remove from it what is gone; make it.", rich_help_panel=CHANGES),
    ] = False,
    grow_baseline: Annotated[
        bool, typer.Option("--grow-baseline", help="Also record in it what is new.", rich_help_panel=CHANGES)
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file changes.")] = False,
) -> None:
    """Find the calls that block the event loop, at any depth.

    Exit status: 0 clean, 1 findings, 2 wrong usage or a file that could not be analysed.
    """
    given = dict(locals())
    given["paths"] = tuple(paths or ())
    given["report"] = None if report is None else tuple(report)
    given["select"], given["ignore"] = codes(select), codes(ignore)
    from fastasync import replay

    raise typer.Exit(replay.run(Choices(**given)))
