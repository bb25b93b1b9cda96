"""The report as JUnit XML: one test case an obligation, for dashboards that read test results.

Renders `Report`; decides nothing. What is refuted is a failure, what is not shown is an error: neither passes, and
nothing is marked as skipped, since dashboards count that as success.
"""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from tinyverify.artifacts.files import write_atomic
from tinyverify.results import Report, Result, Status


def render(report: Report) -> bytes:
    """The XML document, UTF-8."""
    suite = TestSuite(f"tinyverify {report.bundle}")
    for result in report.obligations:
        suite.add_testcase(_case(result))
    if not report.obligations:
        empty = TestCase("obligations", classname="tinyverify")
        empty.result = [Error("nothing was proved")]
        suite.add_testcase(empty)
    for name, version in report.tools.items():
        suite.add_property(name, version)
    document = JUnitXml()
    document.add_testsuite(suite)
    return document.tostring()


def write(report: Report, path: Path) -> None:
    """Write `report` to `path`. Raises ArtifactError if that cannot be done."""
    write_atomic(path, render(report))


def _case(result: Result) -> TestCase:
    operator, name = result.id.split(".", 1)
    case = TestCase(name, classname=f"tinyverify.{operator}", time=result.seconds)
    text = f"{result.status.value}: {result.detail}"
    if result.status is Status.REFUTED:
        case.result = [Failure(text)]
    elif not result.status.holds:
        case.result = [Error(text)]
    else:
        case.system_out = f"{text}\n{result.statement}"
    return case
