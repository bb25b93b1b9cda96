"""`tinyverify list`: the obligations there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.cli.console import Output
from tinyverify.obligations.registry import all_obligations

NAME = "list"


def command(
    context: typer.Context,
    bundle: Annotated[Path | None, typer.Argument(help="Only what applies to this bundle.")] = None,
) -> None:
    """List the obligations, their family, the engines that show them, and what they state."""
    output: Output = context.obj
    policy = load_bundle(bundle)[1] if bundle else None
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("obligation", no_wrap=True)
    table.add_column("family", no_wrap=True)
    table.add_column("by", no_wrap=True)
    table.add_column("states", overflow="fold")
    for obligation in all_obligations():
        if policy is None or obligation.applies(policy):
            table.add_row(obligation.id, obligation.family, ", ".join(obligation.engines), obligation.statement)
    output.out.print(table, markup=False)
