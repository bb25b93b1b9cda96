"""The heap guard's C on this machine: any sequence of requests against a model of ten lines."""

from __future__ import annotations

import ctypes
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import compiler_environment
from tinyverify.engines.host_build import find_host_compiler

SOURCES = ("tv_heap_init.c", "tv_heap_take.c", "tv_heap_give.c", "tv_heap_refused.c")
DONE, ZERO, TOO_LARGE, EXHAUSTED, MISALIGNED, NOT_HELD, OUT_OF_ORDER, OVERRUN = range(8)
LARGEST = 0x7000


class Heap(ctypes.Structure):
    """tv_heap."""

    _fields_ = (
        ("base", ctypes.c_void_p),
        *((n, ctypes.c_uint32) for n in ("size", "used", "latest", "peak", "faults")),
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> ctypes.CDLL:
    compiler = find_host_compiler()
    if compiler is None:
        pytest.skip("no C compiler for this machine")
    made = tmp_path_factory.mktemp("heap") / "heap.so"
    hal = data_dir("kernels_c") / "hal"
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    command = [*compiler, *flags, *(str(hal / name) for name in SOURCES), "-o", str(made)]
    subprocess.run(command, check=True, env=compiler_environment())
    loaded = ctypes.CDLL(str(made))
    loaded.tv_heap_take.restype = ctypes.c_void_p
    loaded.tv_heap_take.argtypes = (ctypes.POINTER(Heap), ctypes.c_uint32)
    loaded.tv_heap_give.argtypes = (ctypes.POINTER(Heap), ctypes.c_void_p)
    loaded.tv_heap_init.argtypes = (ctypes.POINTER(Heap), ctypes.c_void_p, ctypes.c_uint32)
    return loaded


class Arena:
    """Memory with a margin on both sides that nothing may touch, and the arena in it."""

    def __init__(self, library: ctypes.CDLL, size: int) -> None:
        self.library, self.size = library, size
        self.memory = ctypes.create_string_buffer(b"\x5a" * (size + 96), size + 96)
        address = ctypes.addressof(self.memory)
        self.start = -(-(address + 32) // 16) * 16 - address
        self.base = address + self.start
        self.heap = Heap()
        self.result = library.tv_heap_init(ctypes.byref(self.heap), self.base, size)

    def take(self, size: int) -> int | None:
        return self.library.tv_heap_take(ctypes.byref(self.heap), size)

    def give(self, place: int) -> int:
        return self.library.tv_heap_give(ctypes.byref(self.heap), place)

    def margins(self) -> bytes:
        return self.memory.raw[: self.start] + self.memory.raw[self.start + self.size :]


def span(size: int) -> int:
    """Bytes that a block takes with its header of 16 and its guard of 4, in multiples of 16."""
    return 16 + -(-(size + 4) // 16) * 16


sizes = st.one_of(
    st.integers(0, 80), st.integers(0, LARGEST + 64), st.sampled_from((0xFFFFFFFF, 0x80000000, 0x7FFFFFF0))
)
calls = st.lists(
    st.one_of(
        st.tuples(st.just("take"), sizes),
        st.tuples(st.just("give"), st.integers(0, 7)),  # index from the latest block
        st.tuples(st.just("give at"), st.integers(-64, LARGEST + 64)),
        st.tuples(st.just("again"), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.one_of(st.integers(48, 600), st.just(LARGEST)), script=calls)
def test_any_sequence_of_requests_meets_the_model(library, size, script) -> None:
    arena = Arena(library, size)
    assert arena.result == DONE
    room = size // 16 * 16
    blocks: list[tuple[int, int, int]] = []  # (place from the base, size, pattern)
    used = peak = faults = 0
    given_back = None
    for number, (call, argument) in enumerate(script):
        refusal = DONE
        if call == "take":
            if argument == 0:
                refusal = ZERO
            elif argument > room or span(argument) > room:
                refusal = TOO_LARGE
            elif span(argument) > room - used:
                refusal = EXHAUSTED
            block = arena.take(argument)
            if refusal:
                assert block is None
            else:
                assert block == arena.base + used + 16
                ctypes.memset(block, number, argument)  # every byte asked for is the caller's
                blocks.append((used + 16, argument, number))
                used += span(argument)
        else:
            place = None
            if call == "give" and argument < len(blocks):
                place = blocks[-1 - argument][0]
            elif call == "give at":
                place = argument
            elif call == "again":
                place = given_back
            if place is None:
                continue
            last = blocks[-1][0] if blocks else None
            if place % 16:
                refusal = MISALIGNED
            elif not 16 <= place < used + 16:
                refusal = NOT_HELD
            elif place != last:
                refusal = OUT_OF_ORDER if place < last else NOT_HELD
            assert arena.give(arena.base + place) == refusal
            if not refusal:
                used, given_back = blocks.pop()[0] - 16, place
        faults |= 0 if refusal == DONE else 1 << refusal
        peak = max(peak, used)
        assert (arena.heap.used, arena.heap.peak, arena.heap.faults) == (used, peak, faults)
    for place, length, pattern in blocks:  # nobody else wrote there
        assert arena.memory.raw[arena.start + place : arena.start + place + length] == bytes([pattern]) * length
    assert set(arena.margins()) <= {0x5A}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(1, 100), at=st.integers(0, 19), bit=st.integers(0, 7))
def test_a_byte_written_beside_a_block_is_noticed(library, length, at, bit) -> None:
    """Any bit of the 16 bytes before a block, or of the four behind it."""
    arena = Arena(library, 512)
    first, block = arena.take(10), arena.take(length)
    address = block - 16 + at if at < 16 else block + length + at - 16
    cell = ctypes.c_uint8.from_address(address)
    cell.value ^= 1 << bit
    assert arena.give(block) == OVERRUN and arena.heap.faults == 1 << OVERRUN
    assert arena.give(first) == OUT_OF_ORDER
    cell.value ^= 1 << bit
    assert arena.give(block) == DONE and arena.give(first) == DONE


@pytest.mark.parametrize(
    ("shift", "size", "result"),
    [(0, LARGEST, DONE), (0, LARGEST + 1, TOO_LARGE), (0, 0xFFFFFFFF, TOO_LARGE), (0, 31, ZERO), (0, 48, DONE)]
    + [(shift, 256, MISALIGNED) for shift in range(1, 16)],
)
def test_arenas_that_are_refused_give_nothing(library, shift, size, result) -> None:
    arena = Arena(library, LARGEST)
    assert library.tv_heap_init(ctypes.byref(arena.heap), arena.base + shift, size) == result
    assert (arena.take(1) is None) == (result != DONE)
    assert library.tv_heap_init(ctypes.byref(arena.heap), None, 256) == ZERO and arena.take(1) is None
