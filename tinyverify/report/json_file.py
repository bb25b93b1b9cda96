"""The report as JSON: the versioned model itself, written atomically.

Renders `Report`; decides nothing.
"""

from __future__ import annotations

from pathlib import Path

from tinyverify.artifacts.files import write_model
from tinyverify.results import Report


def write(report: Report, path: Path) -> None:
    """Write `report` to `path`. Raises ArtifactError if that cannot be done."""
    write_model(path, report)
