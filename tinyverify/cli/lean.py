"""`tinyverify lean`: check a file, build core and library, serve an editor, lint and trace the library.

Exit codes: 0 accepted, 1 rejected, 2 usage or internal error, 3 a tool is missing or time ran out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from tinyverify.engines.lean.build import LIBRARY, LeanBuildError, build_library
from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean.modules import unimported_modules
from tinyverify.engines.lean.paths import library_dir
from tinyverify.engines.lean.replay import replay_trees
from tinyverify.engines.lean.server import serve as run_server
from tinyverify.engines.lean.toolchain import LeanNotFound, find_lean
from tinyverify.engines.lean.trace import TraceUnavailable, trace_library

app = typer.Typer(help="Work with the Lean library: check a file, build, serve an editor.", no_args_is_help=True)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Lean file to check.", exists=True, dir_okay=False)],
    theorem: Annotated[list[str] | None, typer.Option(help="Print the axioms of this theorem (full name).")] = None,
    timeout: Annotated[float, typer.Option(help="Wall time limit in seconds.")] = 300.0,
    show: Annotated[bool, typer.Option("--info/--no-info", help="Show information messages too.")] = True,
) -> None:
    """Check FILE with Lean's kernel: warnings are errors, `sorry` is refused."""
    try:
        result = check_file(file, theorems=theorem or (), timeout=timeout)
    except LeanNotFound as error:
        _stop(str(error), 3)
    except LeanBuildError as error:
        _stop(str(error), 1)
    for message in result.messages:
        if show or message.severity != "information":
            print(message.render())
    if result.output.strip():
        print(result.output.rstrip(), file=sys.stderr)
    megabytes = result.peak_rss_bytes / 2**20
    print(f"{file}: {result.outcome} in {result.seconds:.2f} s, {megabytes:.0f} MB", file=sys.stderr)
    raise typer.Exit({"accepted": 0, "rejected": 1, "timeout": 3, "crashed": 2}[result.outcome])


@app.command()
def build() -> None:
    """Compile the core and the library into the cache, and print the folders that go on Lean's search path."""
    try:
        trees = build_library(_progress)
    except LeanNotFound as error:
        _stop(str(error), 3)
    except LeanBuildError as error:
        _stop(str(error), 1)
    for tree in trees:
        print(tree.root)
    print(f"built with Lean {find_lean().version} ({find_lean().kind})", file=sys.stderr)


@app.command()
def serve() -> None:
    """Speak the language server protocol on stdin and stdout: what an editor's Lean plugin starts."""
    try:
        status = run_server(_progress)
    except LeanNotFound as error:
        _stop(str(error), 3)
    except LeanBuildError as error:
        _stop(str(error), 1)
    raise typer.Exit(status)


@app.command()
def lint() -> None:
    """Fail if a theorem file of the library is not imported: nothing in it would be checked."""
    forgotten = unimported_modules(library_dir(), LIBRARY)
    for name in forgotten:
        print(f"{name} is not imported by {LIBRARY}")
    raise typer.Exit(1 if forgotten else 0)


@app.command()
def replay() -> None:
    """Put every declaration of core and library through Lean's kernel once more, without the elaborator."""
    try:
        refusals = replay_trees(find_lean("wheel"), build_library(_progress, installation=find_lean("wheel")))
    except LeanNotFound as error:
        _stop(str(error), 3)
    except LeanBuildError as error:
        _stop(str(error), 1)
    for module, refusal in refusals.items():
        print(f"{module}: {refusal}")
    raise typer.Exit(1 if refusals else 0)


@app.command()
def trace(
    output: Annotated[Path, typer.Argument(help="Folder for theorems, premises and tactic states.")],
) -> None:
    """Export theorems, premises and tactic states through LeanDojo (needs a full toolchain and the lean-dojo extra)."""
    try:
        count = trace_library(output)
    except TraceUnavailable as error:
        _stop(str(error), 3)
    print(f"{count} theorems written to {output}", file=sys.stderr)


def _progress(done: int, total: int, module: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{done}/{total} {module}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _stop(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
