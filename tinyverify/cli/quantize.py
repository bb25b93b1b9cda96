"""`tinyverify quantize`: a training artifact to an int8 policy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.artifacts.training import load_training
from tinyverify.cli.console import Output
from tinyverify.quantize.quantize import quantize_file
from tinyverify.semantics.requantize import RoundingMode

NAME = "quantize"


def command(
    context: typer.Context,
    training: Annotated[Path, typer.Argument(help="Training artifact of a teacher or a student.")],
    out: Annotated[Path, typer.Option(help="Policy to write.")] = Path("policy.json"),
    rounding: Annotated[RoundingMode, typer.Option(help="Rounding of requantize; the default is MVE's own.")] = (
        RoundingMode.DOUBLE_TIES_UP
    ),
) -> None:
    """Quantize the actor of TRAINING to int8."""
    output: Output = context.obj
    policy = quantize_file(load_training(training), out, rounding)
    shape = "-".join(str(n) for n in (policy.obs_dim, *(len(layer.bias) for layer in policy.layers)))
    output.note(f"{out}: {policy.environment}, {shape}, {policy.rounding.value}, policy {policy.hash[:12]}")
