"""`kernel.hal_*`: the C of kernels_c/hal does what its contracts say, as Frama-C's WP and RTE prove.

Covers the flash guard, the arena's start and the locks: memory safety, no undefined behaviour, `assigns`, the end of
every loop, and the values that the contracts name. Does not cover the value of the CRC (the provers know little of
exclusive or), taking and giving a block (its header lies in an arena of bytes, which WP's memory model cannot
express), inline assembly (critical sections, stack, start-up), nor what tasks do with the locks: `locks.*`. The guards
at the float borders are `kernel.eva`'s. What the core does when a guard finds something, tests/firmware provokes.
"""

from __future__ import annotations

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.c_proof import wp
from tinyverify.engines.c_proof.unit import Unit
from tinyverify.obligations.c_kernels import COMMON, Contracts, not_vacuous, result, source, stale
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import Result

CONTRACTS = Contracts(
    headers=("hal/tv_flash.h", "hal/tv_heap.h", "hal/tv_heap_block.h", "hal/tv_locks.h"),
    reviewed="fb8e64a4ab6d232d237736288bd7269c667dadfdfdecfb0696af916fe3cbd3c1",
    page="docs/firmware.md",
    named_in="obligations/c_hal.py",
)
# WP's typed memory would assume that the bytes are no part of the constant table of remainders.
_RAW = ("-wp-model", "Typed+Raw")


def flash() -> list[Unit]:
    """Flash guard: which addresses are flash, the CRC's reads, the walk over the tables."""
    readable, crc, guard = "hal/tv_flash_readable.c", "hal/tv_crc32.c", "proof/tv_flash_guard.c"
    headers = ("hal/tv_flash.h", "hal/tv_faults.h")
    return [
        _unit("flash_guard", (*headers, "hal/tv_flash_guard.c", guard), guard, "tv_flash_guard"),
        _unit("crc32", (*headers, crc), crc, "tv_crc32", arguments=_RAW),
        _unit("flash_readable", (*headers, readable), readable, "tv_flash_readable"),
    ]


def heap() -> list[Unit]:
    """Heap guard: an empty arena, the size of a block, a refusal."""
    headers = ("hal/tv_heap.h", "hal/tv_heap_block.h")
    init, refused = "hal/tv_heap_init.c", "hal/tv_heap_refused.c"
    return [
        _unit("heap_init", (*headers, init), init, "tv_heap_init", "tv_heap_span", "tv_heap_refuse"),
        _unit("heap_refused", (*headers, refused), refused, "tv_heap_refused"),
    ]


def locks() -> list[Unit]:
    """The resources' state machine."""
    names = ("tv_locks_init", "tv_lock_take", "tv_lock_give")
    return [_unit(name, ("hal/tv_locks.h", f"hal/{name}.c"), f"hal/{name}.c", name) for name in names]


def _unit(name: str, files: tuple[str, ...], entry: str, *functions: str, arguments: tuple[str, ...] = ()) -> Unit:
    return Unit(f"hal {name}", {path: source(path) for path in files}, (entry,), functions, arguments)


_FLASH = (
    f"The C of the flash guard meets its contracts: {COMMON}; no byte is read but of tables that lie in the flash, at "
    "their addresses of the memory map, and 0 is returned only if all do. Not the value of the CRC."
)
_HEAP = (
    f"The C that starts an arena and refuses requests meets its contracts: {COMMON}; an arena is taken exactly if it "
    "is aligned, not null, of 32 bytes to 28 KB, and then it is empty; a block's span is aligned and holds header, "
    "bytes and guard without overflow; every refusal leaves a sticky flag. Not tv_heap_take and tv_heap_give."
)
_LOCKS = (
    f"The C of the locks meets its contracts: {COMMON}; every call keeps the state in range, whatever task and "
    "resource it names; it is refused exactly when out of order, out of range or not held, and then changes nothing; "
    "a taken resource is the task's, a given one nobody's; taking lowers no priority, giving keeps the task's own and "
    "what it still lends."
)


def _obligation(name: str, statement: str, units, stage="prove") -> Obligation:
    identity = f"kernel.hal_{name}"

    def discharge(policy: Policy, settings: Settings) -> Result:
        asked = [(f"WP: {unit.name}", unit, lambda unit=unit: wp.prove(unit)) for unit in units()]
        return stale(identity, statement, CONTRACTS) or result(identity, statement, asked)

    return Obligation(identity, "C kernels", statement, ("frama-c",), discharge, stage=stage)


_SMOKE = (
    "No contract of the proved C of the HAL is vacuous: CVC4 and Z3 find no contradiction behind the preconditions, "
    "the invariants and in any branch of the functions that are proved and have a precondition."
)


def _not_vacuous(policy: Policy, settings: Settings) -> Result:
    # The last of each has no precondition and nothing to contradict: Frama-C makes no smoke test of it.
    return not_vacuous("kernel.hal_contracts", _SMOKE, [*flash()[:-1], *heap()[:-1], *locks()], CONTRACTS)


OBLIGATIONS = (
    _obligation("flash", _FLASH, flash),
    _obligation("heap", _HEAP, heap),
    # Half a minute of processor time, for code that only applications with tasks link.
    _obligation("locks", _LOCKS, locks, stage="all"),
    Obligation("kernel.hal_contracts", "C kernels", _SMOKE, ("frama-c",), _not_vacuous, stage="all"),
)
