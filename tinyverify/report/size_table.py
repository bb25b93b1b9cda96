"""The size report as a table on the terminal and as a page in the firmware folder.

Renders `SizeReport`; decides nothing.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tinyverify.size_report import SizeReport, SizeRow

FILE = "SIZE.md"


def render(report: SizeReport, console: Console) -> None:
    """Print bytes used, room, budget and verdict of each row."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    for column, justify in (
        ("memory", "left"),
        ("bytes", "right"),
        ("room", "right"),
        ("budget", "right"),
        ("", "left"),
        ("holds", "left"),
    ):
        found.add_column(column, justify=justify, no_wrap=column != "holds")
    for row in report.rows:
        verdict = "[green]within[/]" if row.within else "[red]over[/]" if row.used is not None else "[yellow]unknown[/]"
        found.add_row(row.name, *_figures(row), verdict, row.holds)
    console.print(found)


def page(report: SizeReport) -> bytes:
    """The same as Markdown."""
    lines = [
        "# Size of policy.elf",
        "",
        f"Built by {report.compiler} with the vector kernels; SHA-256 {report.elf_sha256}.",
        "Bytes. Room: what the memory map (policy.ld) or a header gives. Budget: the specification's.",
        "",
        "| memory | used | room | budget | | holds |",
        "|---|---:|---:|---:|---|---|",
    ]
    for row in report.rows:
        verdict = "within" if row.within else "over" if row.used is not None else "unknown"
        lines.append(f"| {row.name} | {' | '.join(_figures(row))} | {verdict} | {row.holds} |")
    return ("\n".join(lines) + "\n").encode()


def _figures(row: SizeRow) -> tuple[str, str, str]:
    used = "?" if row.used is None else f"{row.used:,}"
    return used, f"{row.room:,}", "" if row.budget is None else f"{row.budget:,}"
