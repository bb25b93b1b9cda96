"""The report as one HTML file that needs nothing else: statuses, the time table, where the worst case goes, memory.

Renders `Report`; decides nothing. Every text is escaped, and a picture that an obligation brings in its evidence
(`figures`: title, caption, svg) is embedded as an image, in which no script runs.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import jinja2

from tinyverify.artifacts.files import write_atomic
from tinyverify.report import time_table
from tinyverify.results import Report, Result, Status

# How the statuses that hold are told apart, in words for someone who has never seen the tool.
MEANING = {
    Status.PROVED: "a checker accepted a proof, for every input the statement speaks of",
    Status.CHECKED: "every case was run or recomputed by a program that is not itself proved",
    Status.MEASURED: "sampled, with the stated confidence",
    Status.ASSUMED: "taken on trust",
    Status.REFUTED: "a counterexample was found",
    Status.UNKNOWN: "neither shown nor refuted",
    Status.TIMEOUT: "no answer in time",
    Status.STALE: "a stored proof speaks about something else",
    Status.ERROR: "a tool failed or two tools contradict one another",
    Status.UNCHECKED: "a tool is missing",
}


def render(report: Report) -> str:
    """The page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["image"] = _image
    present = {result.status for result in report.obligations}
    return environment.get_template("report.html.j2").render(
        report=report,
        meaning={status: MEANING[status] for status in Status if status in present},
        time=_evidence(report, time_table.ID),
        time_rows=time_table.time_rows(report),
        memory=_evidence(report, "elf_layout.inside"),
        stack=_evidence(report, "stack.depth"),
        figures=[figure for result in report.obligations for figure in _figures(result)],
    )


def write(report: Report, path: Path) -> None:
    """Write `report` to `path`. Raises ArtifactError if that cannot be done."""
    write_atomic(path, render(report).encode())


def _evidence(report: Report, identity: str) -> dict[str, Any]:
    return next((result.evidence for result in report.obligations if result.id == identity), {})


def _figures(result: Result) -> list[dict[str, str]]:
    return [{**figure, "id": result.id, "status": result.status.value} for figure in result.evidence.get("figures", [])]


def _image(svg: str) -> str:
    """A data URL of an SVG text."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
