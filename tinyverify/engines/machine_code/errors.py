"""Why a symbolic run stops without an answer. Each becomes UNKNOWN or a refutation, never a proof."""

from __future__ import annotations


class Stuck(Exception):
    """The run cannot go on soundly; the message says why, the executor adds address and mnemonic."""


class Undecodable(Stuck):
    """An encoding that is not in the tables, or UNPREDICTABLE."""


class DataDependent(Stuck):
    """Control, a loop count, a predicate or an address depends on the input."""


class UnsafeAccess(Stuck):
    """A load or store outside its object, below the stack pointer, into constant memory, or misaligned."""
