"""`tinyverify prove`: discharge the obligations of a bundle."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tinyverify.binary.pipeline import TimingModel
from tinyverify.cli.build_options import (
    Compiler,
    DataWaitStates,
    FetchWaitStates,
    InterruptCycles,
    Interrupts,
    Level,
)
from tinyverify.cli.console import Output, VerbError
from tinyverify.cli.report import HtmlFile, JunitFile, SarifFile
from tinyverify.obligations.linked import BuildChoice
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.wcet import ID as TOTAL_CYCLES_ID
from tinyverify.obligations.wcet import certified_cycles
from tinyverify.prove import prove
from tinyverify.report import table, time_table
from tinyverify.report.files import ReportFiles
from tinyverify.results import Report

NAME = "prove"


class Solver(StrEnum):
    """The SMT solvers there are."""

    Z3 = "z3"
    CVC5 = "cvc5"


def command(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(help="Proof bundle.")],
    only: Annotated[str | None, typer.Option(help="Shell pattern over obligation IDs; no match is an error.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what takes minutes: certified error, episodes, C on every input.")
    ] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes [default: all cores].")] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--executor", metavar="dask://HOST:PORT", help="Discharge on a Dask cluster, not on this machine."
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds per check of a solver.")] = 60.0,
    solver: Annotated[list[Solver] | None, typer.Option(help="Solvers that must agree [default: z3 and cvc5].")] = None,
    lean: Annotated[bool, typer.Option("--lean/--no-lean", help="Whether Lean's kernel takes part.")] = True,
    compiler: Annotated[
        Compiler | None,
        typer.Option(help="Compiler of the binary to prove [default: zig]. Other builds are not recorded."),
    ] = None,
    level: Annotated[Level, typer.Option(help="Its level of optimisation.")] = Level.O3,
    elf: Annotated[
        Path | None,
        typer.Option(help="ELF to prove in place of the build; recorded only if it is that very file."),
    ] = None,
    fetch_wait_states: FetchWaitStates = 0,
    data_wait_states: DataWaitStates = 0,
    interrupts: Interrupts = 0,
    interrupt_cycles: InterruptCycles = 0,
    fail_over_max_cycles: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Exit 1 if the worst case may take more than N cycles.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the results as JSON.")] = None,
    html: HtmlFile = None,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    record: Annotated[
        bool, typer.Option("--record/--no-record", help="Write statuses and derived booleans into BUNDLE.")
    ] = True,
) -> None:
    """Recompute every hash of BUNDLE and discharge its obligations."""
    output: Output = context.obj
    solvers = tuple(dict.fromkeys(s.value for s in solver)) if solver else Settings().solvers
    if bool(interrupts) != bool(interrupt_cycles):
        raise VerbError("--interrupts and --interrupt-cycles go together: how many may come, and what each takes")
    build = BuildChoice(compiler.value if compiler else None, f"-{level.value}", elf)
    timing = TimingModel(fetch_wait_states, data_wait_states, True, interrupts, interrupt_cycles)
    settings = Settings(solvers=solvers, lean=lean, timeout=timeout, build=build, timing=timing)
    with output.progress("prove") as progress:
        report = prove(bundle, settings, only, jobs, progress, record, everything, cluster)
    ReportFiles(json, html, sarif, junit).write(report)
    if "firmware" in report.tools:
        output.note(f"about {report.tools['firmware']}: not recorded in {bundle}")
    time_table.render(report, output.out)
    table.render(report, output.out, output.verbose)
    if fail_over_max_cycles is not None:
        _gate(report, fail_over_max_cycles)
    for result in report.obligations:
        if result.evidence.get("bad_input"):
            raise VerbError(f"{result.id}: {result.detail}", 2)
    raise typer.Exit(report.summary.exit_code)


def _gate(report: Report, most: int) -> None:
    """End with 1 if the bound on cycles exceeds `most`, with 3 if there is no bound that Lean and the check accept."""
    bound = certified_cycles(report)
    if bound is None:
        raise VerbError(f"no certified bound to compare with --fail-over-max-cycles {most}: see {TOTAL_CYCLES_ID}", 3)
    if bound > most:
        raise VerbError(f"the worst case takes up to {bound:,} cycles, more than --fail-over-max-cycles {most:,}", 1)
