"""`tinyverify run`: build the firmware, run it on the emulated Cortex-M55, compare with the reference."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.cli.build_options import Compiler
from tinyverify.cli.console import Output
from tinyverify.differential import run_differential
from tinyverify.prove import report_of
from tinyverify.report import json_file, table

NAME = "run"


def command(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(help="Bundle whose policy was emitted.")],
    firmware: Annotated[Path | None, typer.Option(help="Firmware folder [default: firmware beside BUNDLE].")] = None,
    count: Annotated[int, typer.Option(min=1, help="Observations to compare.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the observations.")] = 0,
    compiler: Annotated[Compiler | None, typer.Option(help="Compiler [default: zig].")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the results as JSON.")] = None,
) -> None:
    """Run the firmware on qemu-system-arm and compare every output with the Python reference, bit for bit."""
    output: Output = context.obj
    policy = load_bundle(bundle)[1]
    folder = firmware or bundle.parent / "firmware"
    result = run_differential(policy, folder, count, seed, compiler and compiler.value)
    report = report_of(bundle, policy, [result])
    if json is not None:
        json_file.write(report, json)
    table.render(report, output.out, output.verbose)
    raise typer.Exit(report.summary.exit_code)
