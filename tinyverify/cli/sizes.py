"""`tinyverify sizes`: students of several widths beside their teacher, as a table and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tinyverify.cli.console import Output, VerbError
from tinyverify.pareto import points
from tinyverify.report import pareto
from tinyverify.train.environments import find
from tinyverify.train.runtime import MissingExtra

NAME = "sizes"


def command(
    context: typer.Context,
    environments: Annotated[list[str], typer.Argument(help="cartpole, acrobot, pendulum, or gymnasium names.")],
    hidden: Annotated[list[int] | None, typer.Option(min=1, max=4096, help="Widths [default: 16, 32, 64].")] = None,
    out: Annotated[Path, typer.Option(help="Page to write; picture and students go beside it.")] = Path("out/sizes.md"),
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
) -> None:
    """Distill the shipped teachers to several widths and compare return, bytes, cycles and agreement.

    The student of 64 hidden units is the shipped one.
    """
    output: Output = context.obj
    widths = sorted(set(hidden or (16, 32, 64)))
    try:
        chosen = [find(name) for name in environments]
        found = [p for one in chosen for p in points(one, widths, out.parent / "students", seed, output.note)]
    except MissingExtra as error:
        raise VerbError(str(error), 3) from error
    except ValueError as error:
        raise VerbError(str(error)) from error
    named = " ".join(one.name for one in chosen)
    pareto.write(found, out, f"tinyverify sizes {named} {' '.join(f'--hidden {w}' for w in widths)} --seed {seed}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in pareto.HEADER:
        table.add_column(column, justify="left" if column == "policy" else "right")
    for row in pareto.rows(found):
        table.add_row(*row)
    output.out.print(table)
