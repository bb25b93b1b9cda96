"""The report as a coloured table with a last line that counts.

Renders `Report`; decides nothing.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tinyverify.results import Report, Result, Status

_STYLE = {
    Status.PROVED: "bold green",
    Status.CHECKED: "green",
    Status.MEASURED: "cyan",
    Status.ASSUMED: "magenta",
    Status.REFUTED: "bold red",
}


def render(report: Report, console: Console, verbose: bool = False) -> None:
    """Print `report` on `console`; `verbose` adds each engine with its seconds, the theorems, each statement."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("obligation", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("by" if not verbose else "by, and what is stated", overflow="fold")
    for result in report.obligations:
        status = Text(result.status.value, style=_STYLE.get(result.status, "yellow"))
        table.add_row(result.id, status, f"{result.seconds:.2f}", _by(result, verbose))
    console.print(table)
    for result in report.obligations:
        if not result.status.holds:
            console.print(f"{result.id}: {result.status.value}", style=_STYLE.get(result.status, "yellow"))
            console.print(f"  states: {result.statement}", markup=False, highlight=False)
            console.print(f"  {result.detail}", markup=False, highlight=False)
            replay = result.evidence.get("counterexample", {}).get("replay")
            if replay:
                console.print(f"  replay: {replay}", markup=False, highlight=False)
    console.print(report.summary.line(), style="bold", highlight=False)


def _by(result: Result, verbose: bool) -> Text:
    if not verbose:
        return Text(", ".join(dict.fromkeys(run.engine.split()[0] for run in result.engines)))
    runs = ", ".join(f"{run.engine} {run.status.value} {run.seconds:.2f} s" for run in result.engines)
    theorems = [run.detail.split(" : ")[0] for run in result.engines if run.detail.startswith("theorem ")]
    return Text("\n".join([runs, *theorems, result.statement]))
