"""What verbs that build firmware let the user choose."""

from __future__ import annotations

from enum import StrEnum


class Compiler(StrEnum):
    """The cross compilers there are."""

    ZIG = "zig"
    GCC = "gcc"


class Level(StrEnum):
    """The levels of optimisation that firmware is proved at."""

    O2 = "O2"
    O3 = "O3"
    OS = "Os"
