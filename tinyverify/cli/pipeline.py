"""`tinyverify pipeline`: everything, from an environment to a proved policy on the emulated M55."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.cli.console import Output, VerbError
from tinyverify.pipeline import Options, run_pipeline
from tinyverify.report import table
from tinyverify.train.environments import find
from tinyverify.train.runtime import MissingExtra

NAME = "pipeline"


def command(
    context: typer.Context,
    environment: Annotated[str, typer.Argument(help="cartpole, acrobot or pendulum, or its gymnasium name.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write [default: out/ENVIRONMENT].")] = None,
    train: Annotated[
        bool, typer.Option("--train", help="Train and distill anew instead of taking the shipped artifacts.")
    ] = False,
    hidden: Annotated[int, typer.Option(min=1, max=4096, help="Hidden units; other than 64 means to distill.")] = 64,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Gradient steps of `distill` and of `finetune` each [default: those of the verbs]."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of training and of the observations.")] = 0,
    count: Annotated[int, typer.Option(min=1, help="Observations to compare on the emulator.")] = 100_000,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes [default: all cores].")] = None,
) -> None:
    """Take or train a policy, quantize, bundle, prove, emit, compile and run it.

    Leaves training.json, policy.json, bundle.json, firmware/ with its ELF, results.json, and report.html to look at.
    """
    output: Output = context.obj
    try:
        found = find(environment)
    except ValueError as error:
        raise VerbError(str(error)) from error
    options = Options(found, out or Path("out") / found.name, train, hidden, steps, seed, count, jobs)
    try:
        report = run_pipeline(options, output.progress, output.note)
    except MissingExtra as error:
        raise VerbError(str(error), 3) from error
    table.render(report, output.out, output.verbose)
    raise typer.Exit(report.summary.exit_code)
