"""`report` and the gate on cycles: exit codes, and files that are refused."""

from __future__ import annotations

import json

import pytest

from tests.command_line import tinyverify
from tinyverify.engines.emulator.compiler import find_compiler

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")
TIME = ("--only", "wcet.total_cycles", "--no-lean")


@pytest.fixture
def bundle(bundle_folder):
    return bundle_folder("cartpole") / "bundle.json"


@pytest.fixture
def results(bundle):
    path = bundle.with_name("results.json")
    assert tinyverify("prove", bundle, *TIME, "--json", path).returncode == 0
    return path


def test_the_gate_fails_above_its_figure_and_only_there(bundle):
    tight = tinyverify("prove", bundle, *TIME, "--fail-over-max-cycles", 100)
    assert tight.returncode == 1
    bound = int(tight.stderr.split("up to ")[1].split(" cycles")[0].replace(",", ""))
    assert "--fail-over-max-cycles 100" in tight.stderr
    assert tinyverify("prove", bundle, *TIME, "--fail-over-max-cycles", bound).returncode == 0
    assert tinyverify("prove", bundle, *TIME, "--fail-over-max-cycles", bound - 1).returncode == 1


def test_without_a_bound_the_gate_does_not_pass(bundle):
    done = tinyverify("prove", bundle, "--only", "integrity.*", "--fail-over-max-cycles", 1_000_000)
    assert done.returncode == 3 and "no certified bound" in done.stderr


def test_report_shows_the_table_and_writes_every_format(results):
    files = {name: results.with_name(name) for name in ("page.html", "results.sarif", "results.xml")}
    done = tinyverify(
        "report",
        results,
        "--html",
        files["page.html"],
        "--sarif",
        files["results.sarif"],
        "--junit",
        files["results.xml"],
    )
    assert done.returncode == 0, done.stderr
    assert "input quantization" in done.stdout and "no hardware measurement" in done.stdout
    assert done.stdout.strip().splitlines()[-1].startswith("1 proved")
    page = files["page.html"].read_text()
    assert "tv_dense_requantize_s8" in page and "Where the worst case goes" in page
    assert all(path.stat().st_size > 500 for path in files.values())


def edits(content: dict):
    yield "claims more", "summary", {**content, "summary": {**content["summary"], "proved": 40}}
    yield "other schema", "schema_version", {**content, "schema_version": "tinyverify.results/9"}
    yield "unknown status", "obligations", {**content, "obligations": [{**content["obligations"][0], "status": "FINE"}]}
    yield "no tools", "tools", {k: v for k, v in content.items() if k != "tools"}


def test_edited_results_are_refused_and_nothing_is_written(results):
    for name, field, edited in edits(json.loads(results.read_text())):
        results.write_text(json.dumps(edited))
        done = tinyverify("report", results, "--html", results.with_name("page.html"))
        assert done.returncode == 2, name
        assert field in done.stderr and "results.json" in done.stderr, done.stderr
        assert not results.with_name("page.html").exists()


def test_a_truncated_file_is_refused(results):
    results.write_bytes(results.read_bytes()[:500])
    done = tinyverify("report", results)
    assert done.returncode == 2 and "JSON" in done.stderr
