"""What verbs that build firmware let the user choose."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Compiler(StrEnum):
    """The cross compilers there are."""

    ZIG = "zig"
    GCC = "gcc"


class Level(StrEnum):
    """The levels of optimisation that firmware is proved at."""

    O2 = "O2"
    O3 = "O3"
    OS = "Os"


# Parameters of the timing model (docs/timing-model.md). What is proved with others than the default is not recorded.
FetchWaitStates = Annotated[
    int, typer.Option(min=0, max=1000, help="Cycles more for each word of code fetched (timing model).")
]
DataWaitStates = Annotated[
    int, typer.Option(min=0, max=1000, help="Cycles more for each word of data, from its slowest memory.")
]
Interrupts = Annotated[int, typer.Option(min=0, max=100_000, help="How many interrupts may come during one inference.")]
InterruptCycles = Annotated[int, typer.Option(min=0, max=10_000_000, help="Cycles that each takes in all.")]
