"""`tinyverify doctor`: what is installed and what is missing."""

from __future__ import annotations

import typer
from rich.table import Table

from tinyverify import doctor
from tinyverify.cli.console import Output

NAME = "doctor"


def command(context: typer.Context) -> None:
    """Say what is installed, what is missing, and which command installs it. Exit 3 if the main job lacks something."""
    output: Output = context.obj
    with output.progress("doctor"):
        tools = doctor.tools()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("tool", "for", "found", "install with"):
        table.add_column(column, overflow="fold")
    for tool in tools:
        found = (
            f"[green]{tool.version}[/]" if tool.version else ("[red]missing[/]" if tool.required else "[yellow]no[/]")
        )
        table.add_row(tool.name, tool.purpose, found, "" if tool.version else tool.install)
    output.out.print(table)
    missing = [tool.name for tool in tools if tool.required and not tool.version]
    if missing:
        output.out.print(f"the main job lacks {', '.join(missing)}")
        raise typer.Exit(3)
    output.out.print("everything that the main job needs is here")
