"""`tinyverify emit`: a firmware folder from a proved bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.cli.console import Output, VerbError
from tinyverify.emit.firmware import emit
from tinyverify.emit.limits import refuse_unsupported
from tinyverify.engines.emulator.compiler import CompilerMissing
from tinyverify.prove import evidence_of, is_proved
from tinyverify.report import size_table
from tinyverify.size_report import size_report

NAME = "emit"


def command(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(help="Proved bundle.")],
    out: Annotated[Path, typer.Option(help="Firmware folder to write; it must not exist yet, or be one of ours.")] = (
        Path("firmware")
    ),
    unproved: Annotated[bool, typer.Option("--unproved", help="Emit all the same, and say so in the C files.")] = False,
) -> None:
    """Write C99 and MVE sources, tables, linker script and CMake project for BUNDLE's policy, with their size."""
    output: Output = context.obj
    sealed, policy = load_bundle(bundle)
    refuse_unsupported(policy, bundle)
    _refuse(bundle, is_proved(sealed, policy), unproved)
    report = missing = None
    try:
        report = size_report(policy)
    except CompilerMissing as error:
        missing = error
    elf_sha256 = report.elf_sha256 if report is not None else None
    reason = is_proved(sealed, policy, elf_sha256)
    _refuse(bundle, reason, unproved)
    evidence = evidence_of(sealed, policy, elf_sha256)
    pages = {} if report is None else {size_table.FILE: size_table.page(report)}
    emit(policy, evidence, out, reason is not None, bundle, pages)
    if report is None:
        output.note(f"no size report: {missing}")
    else:
        size_table.render(report, output.out)
    output.note(f"{out}: {'UNPROVED, ' + reason if reason else 'proved'}, policy {policy.hash[:12]}")


def _refuse(bundle: Path, reason: str | None, unproved: bool) -> None:
    if reason is not None and not unproved:
        raise VerbError(f"{bundle}: {reason}; nothing was emitted (--unproved overrides, and marks the C files)", 3)
