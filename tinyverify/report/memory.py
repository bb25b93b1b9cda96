"""The training memory, measured, beside the specified budget.

Renders `MemoryUse`; decides nothing.
"""

from __future__ import annotations

from rich.table import Table

from tinyverify.artifacts.training import MemoryUse
from tinyverify.train.memory import memory_table


def table(use: MemoryUse) -> Table:
    """Rows parameters, gradients, optimizer, buffer, total: bytes (MEASURED), budget, within or over."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    for column, justify in (("training memory", "left"), ("bytes", "right"), ("budget", "right"), ("", "left")):
        found.add_column(column, justify=justify)
    for row in memory_table(use):
        verdict = "[green]within[/]" if row.within else "[red]over[/]"
        found.add_row(row.name, f"{row.bytes:,}", f"{row.budget:,}", verdict)
    return found
