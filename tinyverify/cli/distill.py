"""`tinyverify distill`: a student of any hidden width from a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.cli.console import Output, VerbError
from tinyverify.train.runtime import MissingExtra
from tinyverify.train.student import STEPS, distill

NAME = "distill"


def command(
    context: typer.Context,
    teacher: Annotated[Path, typer.Argument(help="Training artifact of the teacher.")],
    out: Annotated[Path, typer.Option(help="Training artifact to write.")] = Path("student.json"),
    hidden: Annotated[int, typer.Option(min=1, max=4096, help="Hidden units of the student.")] = 64,
    temperature: Annotated[float, typer.Option(min=0.01, help="Temperature of the KL loss.")] = 2.0,
    steps: Annotated[int, typer.Option(min=1, help="Gradient steps.")] = STEPS,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
) -> None:
    """Distill TEACHER into a student by KL divergence over states that the teacher visits."""
    output: Output = context.obj
    try:
        with output.progress("distill") as progress:
            artifact = distill(teacher, hidden, out, seed, temperature, steps, progress)
    except MissingExtra as error:
        raise VerbError(str(error), 3) from error
    metrics = artifact.metrics
    output.out.print(
        f"{out}: mean return {metrics.final_reward:.1f} +- {metrics.reward_std:.1f} over {metrics.episode_count} "
        f"episodes, KL {metrics.distillation_kl:.2g}, agreement {metrics.agreement:.2%} (MEASURED)",
        highlight=False,
    )
