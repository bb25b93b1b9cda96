"""The size report: figures from the ELF, the specification's budgets, and what is over them."""

from __future__ import annotations

import dataclasses
import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.command_line import tinyverify
from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.files import sha256
from tinyverify.binary.elf import read_elf
from tinyverify.cli.main import app
from tinyverify.engines.emulator.compiler import CompilerMissing, build, find_compiler
from tinyverify.obligations.linked import linked
from tinyverify.report import size_table
from tinyverify.size_report import SizeReport, SizeRow, size_report, size_rows

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.fixture(scope="module")
def report(policies) -> SizeReport:
    return size_report(policies["cartpole"])


def test_figures_are_those_of_the_elf(report, policies) -> None:
    firmware = linked(policies["cartpole"]).product
    assert report.elf_sha256 == firmware.sha256
    used = {row.name: row.used for row in report.rows}
    tables = sum(item.size for item in policies["cartpole"].layout.objects if item.region != "lut")
    assert used["flash: policy"] == tables
    assert used["flash: tables of the head"] == 256
    loaded = sum(len(segment.data) for segment in firmware.segments)
    assert loaded - 16 <= used["flash: total"] <= loaded  # segments may pad between sections
    writable = sum(section.size for section in firmware.sections if section.allocated and section.writable)
    assert used["heap"] == writable and used["RAM: total"] == used["stack"] + writable
    assert 0 < used["stack of tv_infer"] < used["stack"]


def test_every_budget_of_the_specification_has_a_row(report) -> None:
    budgets = {row.name: row.budget for row in report.rows}
    assert budgets == {
        "flash: policy": 65_536,
        "flash: tables of the head": 32_768,
        "flash: code": 32_768,
        "flash: total": 131_072,
        "stack": 4_096,
        "heap": 28_672,
        "RAM: total": 32_768,
        "stack of tv_infer": None,
    }
    assert report.within


@pytest.mark.parametrize("widths", [(6, 64, 64, 3), (20, 17, 9, 16, 2), (200, 130, 70, 3), (4, 33), (4, 512, 2)])
def test_other_shapes_are_within_too(widths) -> None:
    policy = synthetic_policy(widths)
    assert all(row.within for row in size_rows(policy, linked(policy)))


def test_data_counts_twice_and_more_than_the_room_is_over(policies, tmp_path) -> None:
    """A product whose application holds 100 initialised and 29,000 other bytes."""
    from tinyverify.emit.firmware import emit

    policy = policies["cartpole"]
    firmware = emit(policy, None, tmp_path / "firmware", unproved=True)
    main = firmware / "example" / "main.c"
    kept = "static volatile uint8_t kept[100] = {1u};\n#define read_sensors(obs) (void)kept[0], read_sensors(obs)\n"
    main.write_text(main.read_text().replace("int main(void)", kept + "int main(void)"))
    whole = linked(policy)
    larger = dataclasses.replace(whole, product=read_elf(build(firmware, find_compiler("zig")).product))
    before, after = ({r.name: r.used for r in size_rows(policy, f)} for f in (whole, larger))
    assert after["heap"] >= before["heap"] + 100 and after["flash: code"] >= before["flash: code"] + 100
    row = SizeRow("heap", 28_673, 28_672, 28_672, "")
    assert not row.within and not dataclasses.replace(row, used=None).within
    assert dataclasses.replace(row, used=28_672).within
    assert not dataclasses.replace(row, used=5_000, budget=4_096).within


def test_page_and_table_say_the_same(report) -> None:
    over = dataclasses.replace(report.rows[0], used=70_000)
    unknown = dataclasses.replace(report.rows[4], used=None)
    changed = dataclasses.replace(report, rows=(over, *report.rows[1:4], unknown, *report.rows[5:]))
    page = size_table.page(changed).decode()
    out = io.StringIO()
    size_table.render(changed, Console(file=out, width=160))
    for text in (page, out.getvalue()):
        assert "70,000" in text and "over" in text and "unknown" in text and "within" in text
        assert all(row.name in text for row in changed.rows)
    assert report.elf_sha256 in page
    assert not changed.within and "? B of RAM" not in report.line()


def test_emit_shows_the_table_and_leaves_the_page(bundle_folder) -> None:
    folder = bundle_folder("cartpole")
    done = tinyverify("emit", folder / "bundle.json", "--out", folder / "firmware", "--unproved")
    assert done.returncode == 0, done.stderr
    assert "flash: total" in done.stdout and "within" in done.stdout
    page = (folder / "firmware" / "SIZE.md").read_bytes()
    manifest = json.loads((folder / "firmware" / "MANIFEST.json").read_text())
    assert manifest["files"]["SIZE.md"] == sha256(page) and b"| stack of tv_infer |" in page
    built = build(folder / "firmware", find_compiler("zig"))
    assert read_elf(built.product).sha256.encode() in page  # of the very ELF that the folder builds


def test_emit_without_a_compiler_says_that_there_is_no_report(bundle_folder, monkeypatch) -> None:
    folder = bundle_folder("cartpole")

    def missing(policy):
        raise CompilerMissing("no cross compiler; install one with: pip install ziglang")

    monkeypatch.setattr("tinyverify.cli.emit.size_report", missing)
    command = ["emit", str(folder / "bundle.json"), "--out", str(folder / "firmware"), "--unproved"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "no size report: no cross compiler" in done.stderr
    assert (folder / "firmware" / "MANIFEST.json").exists() and not (folder / "firmware" / "SIZE.md").exists()
