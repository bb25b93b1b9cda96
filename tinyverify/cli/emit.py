"""`tinyverify emit`: a firmware folder from a proved bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.cli.console import Output, VerbError
from tinyverify.emit.firmware import emit
from tinyverify.prove import evidence_of, is_proved

NAME = "emit"


def command(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(help="Proved bundle.")],
    out: Annotated[Path, typer.Option(help="Firmware folder to write; it must not exist yet, or be one of ours.")] = (
        Path("firmware")
    ),
    unproved: Annotated[bool, typer.Option("--unproved", help="Emit all the same, and say so in the C files.")] = False,
) -> None:
    """Write C99 and MVE sources, tables, linker script and CMake project for BUNDLE's policy."""
    output: Output = context.obj
    sealed, policy = load_bundle(bundle)
    reason = is_proved(sealed, policy)
    if reason is not None and not unproved:
        raise VerbError(f"{bundle}: {reason}; nothing was emitted (--unproved overrides, and marks the C files)", 3)
    emit(policy, evidence_of(sealed, policy), out, unproved=reason is not None, source=bundle)
    output.note(f"{out}: {'UNPROVED, ' + reason if reason else 'proved'}, policy {policy.hash[:12]}")
