"""`tinyverify`: the verbs, the global options, and the one place where errors become exit codes."""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

from tinyverify import __version__
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.cli import (
    bundle,
    distill,
    doctor,
    emit,
    finetune,
    lean,
    list_,
    pipeline,
    prove,
    quantize,
    report,
    run_,
    sizes,
    train,
)
from tinyverify.cli.console import EXIT_CODES, Color, VerbError, make_output
from tinyverify.engines.emulator.compiler import BuildError
from tinyverify.engines.emulator.run import EmulatorError
from tinyverify.executor import ExecutorError
from tinyverify.obligations.registry import NoSuchObligation
from tinyverify.train.evaluate import NeverEnds

app = typer.Typer(
    name="tinyverify",
    help="From a trained policy to a proved int8 program on an Arm Cortex-M55.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (train, distill, finetune, quantize, bundle, prove, emit, run_, report, sizes, list_, doctor, pipeline):
    app.command(name=verb.NAME, epilog=EXIT_CODES)(verb.command)
app.add_typer(lean.app, name="lean")


def _version(show: bool) -> None:
    if show:
        print(f"tinyverify {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Results only, no notes and no progress.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name every engine and every statement.")] = False,
    color: Annotated[Color, typer.Option(help="When to colour.")] = Color.AUTO,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Draw no progress.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options of every verb."""
    context.obj = make_output(quiet, verbose, color, not no_progress)


def run() -> None:
    """The console script. Every error ends as one line on stderr and an exit code."""
    try:
        app()
    except VerbError as error:
        _end(str(error), error.exit_code)
    except (ArtifactError, NoSuchObligation, BuildError, EmulatorError, ExecutorError, NeverEnds) as error:
        _end(str(error), 2)
    except KeyboardInterrupt:
        _end("stopped", 2)
    except Exception as error:  # an internal error must never look like a refutation (1)
        traceback.print_exc()
        _end(f"internal error, please report it: {type(error).__name__}: {error}", 2)


def _end(message: str, code: int) -> None:
    print(f"tinyverify: {message}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    run()
