"""`tinyverify finetune`: a student trained on with int8 rounding in the loss."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tinyverify.cli.console import Output, VerbError
from tinyverify.finetune import Figures, finetune
from tinyverify.train.runtime import MissingExtra

NAME = "finetune"


def command(
    context: typer.Context,
    student: Annotated[Path, typer.Argument(help="Training artifact of a distilled student.")],
    teacher: Annotated[Path, typer.Option(help="Training artifact of its teacher.")] = Path("teacher.json"),
    out: Annotated[Path, typer.Option(help="Training artifact to write.")] = Path("training.json"),
    steps: Annotated[
        int | None, typer.Option(min=0, help="Gradient steps; 0: only the scales [default: the environment's].")
    ] = None,
    consistency: Annotated[
        float | None,
        typer.Option(min=0, help="Weight of int8 against float32 on visited states [default: the environment's]."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
) -> None:
    """Train STUDENT on with the int8 program in the loss, and choose the scales of least certified error."""
    output: Output = context.obj
    try:
        with output.progress("finetune") as progress:
            done = finetune(student, teacher, out, seed, steps, consistency, progress)
    except MissingExtra as error:
        raise VerbError(str(error), 3) from error
    metrics = done.artifact.metrics
    discrete = done.artifact.config.discrete
    output.out.print(
        f"{out}: mean return {metrics.final_reward:.1f} +- {metrics.reward_std:.1f} over {metrics.episode_count} "
        f"episodes (MEASURED), balance {done.exponent:g}",
        highlight=False,
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    what = "same action" if discrete else "mean difference of actions"
    for column in ("", "certified error, logits", f"{what}, visited states", f"{what}, box"):
        table.add_column(column)
    for name, found in (("before", done.before), ("after", done.after)):
        table.add_row(name, *_cells(found, discrete))
    output.out.print(table)


def _cells(found: Figures, discrete: bool) -> tuple[str, str, str]:
    shown = "{:.2%}" if discrete else "{:.4f}"
    return ", ".join(f"{v:.3g}" for v in found.certified), shown.format(found.visited), shown.format(found.box)
