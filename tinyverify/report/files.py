"""The report written to the files that were asked for, each by its renderer.

Renders `Report`; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinyverify.report import html, json_file, junit, sarif
from tinyverify.results import Report


@dataclass(frozen=True)
class ReportFiles:
    """Where to write each format; None: not at all."""

    json: Path | None = None
    html: Path | None = None
    sarif: Path | None = None
    junit: Path | None = None

    def write(self, report: Report) -> None:
        """Write every format that has a path. Raises ArtifactError if one cannot be written."""
        for path, renderer in ((self.json, json_file), (self.html, html), (self.sarif, sarif), (self.junit, junit)):
            if path is not None:
                renderer.write(report, path)
