"""`tinyverify bundle`: a policy with the statements that are to be proved about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinyverify.cli.console import Output
from tinyverify.prove import make_bundle

NAME = "bundle"


def command(
    context: typer.Context,
    policy: Annotated[Path, typer.Argument(help="Quantized policy, in the bundle's folder.")] = Path("policy.json"),
    out: Annotated[Path | None, typer.Option(help="Bundle to write [default: bundle.json beside the policy].")] = None,
    training: Annotated[Path | None, typer.Option(help="Training artifact to bind, in the bundle's folder.")] = None,
) -> None:
    """Write a proof bundle for POLICY, and its SMT queries under queries/ beside it. Nothing is claimed yet."""
    output: Output = context.obj
    out = out or policy.parent / "bundle.json"
    bundle = make_bundle(policy, out, training)
    output.note(f"{out}: {len(bundle.smt_queries)} SMT queries, policy {bundle.policy_hash[:12]}")
