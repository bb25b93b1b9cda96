"""What every verb shares: consoles, progress on a terminal, and the error type that ends a verb with a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

EXIT_CODES = (
    "Exit codes: 0 every obligation holds, 1 something is refuted, 2 usage error, bad input or internal error, "
    "3 inconclusive, a tool is missing, or nothing was proved."
)


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class VerbError(Exception):
    """Ends a verb with one line on stderr and `exit_code`."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True)
class Output:
    """How to talk: results on `out`, progress and notes on `err`; `quiet` keeps results only."""

    out: Console
    err: Console
    quiet: bool
    verbose: bool
    show_progress: bool

    def note(self, text: str) -> None:
        """One line on stderr, unless quiet."""
        if not self.quiet:
            self.err.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self, title: str) -> Iterator[Callable[[int, int, str], None] | None]:
        """A `progress(done, total, message)` that draws on a terminal; None where nothing should be drawn."""
        if self.quiet or not self.show_progress or not self.err.is_terminal:
            yield None
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(title, total=None)

            def update(done: int, total: int, message: str) -> None:
                bar.update(task, completed=done, total=total, description=f"{title}: {message}")

            yield update


def make_output(quiet: bool, verbose: bool, color: Color, show_progress: bool) -> Output:
    """Consoles for the given options."""
    force = {Color.AUTO: None, Color.ALWAYS: True, Color.NEVER: False}[color]
    plain = color is Color.NEVER
    return Output(
        out=Console(force_terminal=force, no_color=plain, width=None if force is None else 160),
        err=Console(stderr=True, force_terminal=False if plain else None, no_color=plain),
        quiet=quiet,
        verbose=verbose,
        show_progress=show_progress,
    )
