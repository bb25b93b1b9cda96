"""The specification's time table of one firmware, on the terminal.

Renders the evidence of `wcet.*`; decides nothing.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tinyverify.results import Report

ID = "wcet.total_cycles"


def time_rows(report: Report) -> list[dict]:
    """The rows of the operations, then those of other obligations about time; none if `report` has no such bound."""
    evidence = [result.evidence for result in report.obligations]
    operations = [
        row for result in report.obligations if result.id == ID for row in result.evidence.get("operations", [])
    ]
    return operations and [*operations, *(e["time_row"] for e in evidence if "time_row" in e)]


def render(report: Report, console: Console) -> None:
    """Print cycles, microseconds at 80 MHz and budget of each operation; nothing if `report` has no such bound."""
    rows = time_rows(report)
    if not rows:
        return
    found = Table(box=None, pad_edge=False, header_style="bold")
    for column, justify in (
        ("worst case", "left"),
        ("cycles", "right"),
        ("us", "right"),
        ("budget", "right"),
        ("", "left"),
    ):
        found.add_column(column, justify=justify)
    for row in rows:
        budget = row["budget_cycles"]
        verdict = {True: "[green]within[/]", False: "[red]over[/]", None: ""}[row["within_budget"]]
        figures = (f"{row['cycles']:,}", f"{row['microseconds']:.2f}", f"{budget:,}" if budget is not None else "")
        found.add_row(row["operation"], *figures, verdict)
    console.print(found)
    console.print("model bound, no hardware measurement", style="dim", highlight=False)
    growth = next((r.evidence["closed_form"] for r in report.obligations if r.evidence.get("closed_form")), None)
    if growth is not None:
        console.print(
            f"growth: {growth['formula']} cycles (fitted; {growth['cycles']} here)", style="dim", highlight=False
        )
