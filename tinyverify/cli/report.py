"""`tinyverify report`: show the stored results of a proof, or write them in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import read_model
from tinyverify.cli.console import Output
from tinyverify.obligations.stored_bounds import check_elf, check_stored
from tinyverify.report import table, time_table
from tinyverify.report.files import ReportFiles
from tinyverify.results import RESULTS_SCHEMA, Report, summarize

NAME = "report"

HtmlFile = Annotated[Path | None, typer.Option(help="Write one HTML page that needs nothing else.")]
SarifFile = Annotated[Path | None, typer.Option(help="Write SARIF 2.1.0, for annotations on a code host.")]
JunitFile = Annotated[Path | None, typer.Option(help="Write JUnit XML, one test case an obligation.")]


def command(
    context: typer.Context,
    results: Annotated[Path, typer.Argument(help="What `prove --json` or `pipeline` wrote.")],
    elf: Annotated[
        Path | None,
        typer.Option(help="Refuse unless RESULTS are about this very ELF, and check them against its code."),
    ] = None,
    html: HtmlFile = None,
    sarif: SarifFile = None,
    junit: JunitFile = None,
) -> None:
    """Show the stored RESULTS of a proof, with the time table, or write them in other formats. Proves nothing."""
    output: Output = context.obj
    report = read_model(results, Report)
    if report.schema_version != RESULTS_SCHEMA:
        raise ArtifactError(results, "schema_version", f"is {report.schema_version}, expected {RESULTS_SCHEMA}")
    if report.summary != summarize(list(report.obligations)):
        raise ArtifactError(results, "summary", "does not count the obligations of this file")
    check_stored(results, report)
    for line in check_elf(results, report, elf) if elf is not None else ():
        output.note(line)
    ReportFiles(html=html, sarif=sarif, junit=junit).write(report)
    time_table.render(report, output.out)
    table.render(report, output.out, output.verbose)
    raise typer.Exit(report.summary.exit_code)
