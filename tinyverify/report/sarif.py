"""The report as SARIF 2.1.0: what a code host shows as annotations.

Renders `Report`; decides nothing. An obligation that holds is a result of kind "pass", a refuted one an error; anything
else is a warning of kind "open", never a pass.
"""

from __future__ import annotations

from pathlib import Path

import sarif_pydantic as sarif

from tinyverify import __version__
from tinyverify.artifacts.files import write_atomic
from tinyverify.results import Report, Result, Status


def render(report: Report) -> str:
    """SARIF text: one rule an obligation, one result a rule, located in the bundle."""
    rules = [
        sarif.ReportingDescriptor(id=result.id, shortDescription=sarif.Message(text=result.statement))
        for result in report.obligations
    ]
    driver = sarif.ToolDriver(name="tinyverify", version=__version__, rules=rules)
    results = [_result(index, result, report.bundle) for index, result in enumerate(report.obligations)]
    run = sarif.Run(tool=sarif.Tool(driver=driver), results=results)
    found = sarif.Sarif(version="2.1.0", schemaUri="https://json.schemastore.org/sarif-2.1.0.json", runs=[run])
    return found.model_dump_json(by_alias=True, exclude_none=True, indent=1) + "\n"


def write(report: Report, path: Path) -> None:
    """Write `report` to `path`. Raises ArtifactError if that cannot be done."""
    write_atomic(path, render(report).encode())


def _result(index: int, result: Result, bundle: str) -> sarif.Result:
    kind, level = "open", sarif.Level.WARNING
    if result.status.holds:
        kind, level = "pass", sarif.Level.NONE
    elif result.status is Status.REFUTED:
        kind, level = "fail", sarif.Level.ERROR
    artifact = sarif.ArtifactLocation(uri=Path(bundle).as_posix())
    return sarif.Result(
        ruleId=result.id,
        ruleIndex=index,
        kind=kind,
        level=level,
        message=sarif.Message(text=f"{result.status.value}: {result.detail or result.statement}"),
        locations=[sarif.Location(physicalLocation=sarif.PhysicalLocation(artifactLocation=artifact))],
        properties={"status": result.status.value, "engines": [run.engine for run in result.engines]},
    )
