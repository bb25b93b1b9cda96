"""Why a symbolic run stops without an answer. Each becomes UNKNOWN or a refutation, never a proof."""

from __future__ import annotations


class Stuck(Exception):
    """The run cannot go on soundly; the message says why, the executor adds address and mnemonic."""


class Undecodable(Stuck):
    """An encoding that is not in the tables, or UNPREDICTABLE."""


class DataDependent(Stuck):
    """Control, a loop count, a predicate or an address depends on the input."""


class UnsafeAccess(Stuck):
    """A load or store that is not shown to be inside its object, aligned, and not below the stack pointer."""


class OutsideAccess(UnsafeAccess):
    """A load where nothing lies, or a store to a place that is neither stack nor output: whatever the input is."""
