"""Each renderer against a stored rendering of one report that holds every status; what no status may look like.

    python -m tests.golden.test_report_formats

rewrites the stored files.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tinyverify import __version__
from tinyverify.report import html, junit, sarif
from tinyverify.results import EngineRun, Report, Result, Status, summarize

STORED = Path(__file__).with_name("report")
TIME = {
    "model": "0 fetch and 0 data wait states",
    "compiler": "a compiler -O3",
    "operations": [
        {
            "operation": "softmax",
            "cycles": 143,
            "microseconds": 1.788,
            "budget_cycles": 128,
            "within_budget": False,
            "note": "",
        },
        {
            "operation": "total",
            "cycles": 900,
            "microseconds": 11.25,
            "budget_cycles": 8548,
            "within_budget": True,
            "note": "",
        },
    ],
    "closed_form": {"text": "Growth", "formula": "3*n + 1", "cycles": 13, "per_hidden_unit": "n/16"},
    "hottest": [{"where": "tv_policy.c:12", "text": "if (a < b && c)", "cycles": 800, "share": 0.8889}],
    "worst_path": [
        {
            "name": "tv_infer",
            "cycles": 800,
            "children": [
                {"name": "tv_policy.c", "cycles": 800, "children": [{"name": "tv_policy.c:12", "cycles": 800}]}
            ],
        },
        {"name": "tv_sample", "cycles": 100, "children": [{"name": "0x00000010", "cycles": 100}]},
    ],
}
FIGURE = {"title": "A <map>", "caption": "Red & blue.", "svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}


def every_status() -> Report:
    """One obligation a status; markup in texts, a picture, and the evidence of the time table."""
    results = [
        Result(
            id=f"kind.{status.value.lower()}",
            statement="x < 128 & <script>alert(1)</script>",
            status=status,
            engines=(EngineRun(engine="z3 4.13", status=status, seconds=0.25, detail="d"),),
            seconds=0.25,
            detail="why",
        )
        for status in Status
    ]
    results.append(Result(id="wcet.total_cycles", statement="in time", status=Status.PROVED, evidence=TIME))
    waits = {"time_row": {**TIME["operations"][1], "operation": "interrupt latency", "note": "vldrw"}}
    results.append(Result(id="wcet.waits", statement="soon", status=Status.PROVED, evidence=waits))
    results.append(Result(id="policy.map", statement="agrees", status=Status.MEASURED, evidence={"figures": [FIGURE]}))
    tools = {"tinyverify": "0", "z3": "4.13"}
    return Report(
        bundle="out/bundle.json",
        policy_hash="0" * 64,
        tools=tools,
        obligations=tuple(results),
        summary=summarize(results),
    )


def renderings() -> dict[str, bytes]:
    """File name to content, without the version of this package."""
    report = every_status()
    versioned = f'"version": "{__version__}"'
    return {
        "report.html": html.render(report).encode(),
        "report.sarif": sarif.render(report).replace(versioned, '"version": "VERSION"').encode(),
        "report.xml": junit.render(report),
    }


@pytest.mark.parametrize("name", ["report.html", "report.sarif", "report.xml"])
def test_equals_the_stored_rendering(name):
    assert renderings()[name].decode() == (STORED / name).read_text()


def test_only_what_holds_passes_in_sarif():
    results = json.loads(sarif.render(every_status()))["runs"][0]["results"]
    kinds = {result["properties"]["status"]: (result["kind"], result["level"]) for result in results}
    assert {status for status, (kind, _) in kinds.items() if kind == "pass"} == {
        "PROVED",
        "CHECKED",
        "MEASURED",
        "ASSUMED",
    }
    assert kinds["REFUTED"] == ("fail", "error")
    assert kinds["TIMEOUT"] == ("open", "warning")


def test_only_what_holds_passes_in_junit():
    cases = ElementTree.fromstring(junit.render(every_status())).iter("testcase")
    passed = {case.get("name") for case in cases if case.find("failure") is None and case.find("error") is None}
    assert passed == {"proved", "checked", "measured", "assumed", "total_cycles", "waits", "map"}


def test_nothing_proved_is_an_error_in_junit():
    empty = every_status().model_copy(update={"obligations": (), "summary": summarize([])})
    assert ElementTree.fromstring(junit.render(empty)).find(".//error") is not None


def test_the_page_escapes_texts_and_loads_nothing():
    page = html.render(every_status())
    assert "<script" not in page and "&lt;script&gt;" in page
    assert 'src="http' not in page and 'href="http' not in page
    assert "A &lt;map&gt;" in page and "data:image/svg+xml;base64," in page


if __name__ == "__main__":
    STORED.mkdir(exist_ok=True)
    for file, content in renderings().items():
        (STORED / file).write_bytes(content)
