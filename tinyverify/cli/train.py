"""`tinyverify train`: a teacher for one of the environments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.cli.console import Output, VerbError
from tinyverify.report import memory
from tinyverify.train.environments import find
from tinyverify.train.runtime import MissingExtra

NAME = "train"


def command(
    context: typer.Context,
    environment: Annotated[str, typer.Argument(help="cartpole, acrobot or pendulum, or its gymnasium name.")],
    out: Annotated[Path, typer.Option(help="Training artifact to write.")] = Path("training.json"),
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    timesteps: Annotated[int | None, typer.Option(min=1, help="Environment steps; the default solves it.")] = None,
) -> None:
    """Train an actor and a critic with one hidden layer of 64 ReLU, and write a training artifact."""
    output: Output = context.obj
    try:
        find(environment)
    except ValueError as error:
        raise VerbError(str(error)) from error
    try:
        from tinyverify.train.teacher import train

        with output.progress(f"train {environment}") as progress:
            artifact = train(environment, seed, timesteps, out, progress)
    except MissingExtra as error:
        raise VerbError(str(error), 3) from error
    metrics = artifact.metrics
    output.out.print(
        f"{out}: mean return {metrics.final_reward:.1f} +- {metrics.reward_std:.1f} over {metrics.episode_count} "
        f"episodes (MEASURED), {metrics.training_time:.0f} s",
        highlight=False,
    )
    if metrics.memory is not None:
        output.out.print(memory.table(metrics.memory))
