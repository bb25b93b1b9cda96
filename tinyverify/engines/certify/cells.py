"""Cells one by one, in compiled C: what planes leave open near a decision boundary, and whole lattices of few inputs.

Serves `policy.action_agreement`. `cells.c` evaluates the int8 program exactly, with the kernels' own inline functions,
so neither its rounding nor that of the input codes costs anything; what stays open is a plane's own width. It is
compiled once into the cache by ziglang, which every installation has.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.data import data_dir
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.emulator.compiler import BuildError, cache_dir, compiler_environment
from tinyverify.semantics.requantize import RoundingMode

MAX_DIM, MAX_HIDDEN = 6, 1024
CELL_SHARE_BITS = 20
_MODES = (RoundingMode.DOUBLE_TIES_UP, RoundingMode.DOUBLE_TIES_AWAY, RoundingMode.SINGLE_TIES_UP)


class _Network(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int32) for name in ("dim", "hidden", "rounding", "row_const")),
        *((name, ctypes.c_void_p) for name in ("weight", "bias", "multiplier", "shift", "row")),
        *((name, ctypes.c_void_p) for name in ("code_low", "code_high", "edge_low", "edge_high")),
    )


@dataclass(frozen=True)
class Evaluated:
    """Volumes (in 1/256^d codes) among the evaluated cells, as integers times 2^20, and codes of cells that differ.

    `leaves`: how many of the given leaves were done before the limit; `cells`: how many cells that took.
    """

    agree: int
    differ: int
    undecided: int
    leaves: int
    cells: int
    witnesses: np.ndarray


def library() -> ctypes.CDLL:
    """The compiled `cells.c`. Raises BuildError if no compiler works."""
    source = Path(__file__).with_name("cells.c")
    include = data_dir("kernels_c") / "include"
    parts = [source.read_bytes(), *(path.read_bytes() for path in sorted(include.glob("*.h"))), _processor()]
    target = cache_dir() / f"cells-{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}.so"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = target.with_suffix(f".{os.getpid()}.part")
        command = [sys.executable, "-m", "ziglang", "cc", "-mcpu=native"]  # GCC 12 does not vectorize the inner loop
        command += ["-shared", "-fPIC", "-O3", "-Wall", "-Wextra", "-Werror", f"-I{include}", str(source)]
        done = subprocess.run(
            [*command, "-o", str(staged)], env=compiler_environment(), capture_output=True, text=True, timeout=300
        )
        if done.returncode:
            raise BuildError(f"{source.name} does not compile: {done.stderr.strip()[:500]}")
        os.replace(staged, target)
    loaded = ctypes.CDLL(str(target))
    loaded.tv_cells_discrete.restype = ctypes.c_int64
    loaded.tv_cells_continuous.restype = ctypes.c_int64
    return loaded


def evaluate_discrete(
    policy: Policy,
    pair: Pair,
    lows: np.ndarray,
    highs: np.ndarray,
    planes: np.ndarray,
    thresholds: np.ndarray,
    limit: int,
) -> Evaluated:
    """The cells of the leaves [N, d] that meet their bands, for a policy with two actions.

    `planes` int64 [N, d]; `thresholds` int64 [4, N]: below, above (the band), and where the float32 logits alone have
    a sign: surely negative below the third, surely positive above the fourth. At most about `limit` cells.
    """
    last = policy.layers[1]
    weight = last.weight.astype(np.int64)
    network, keep = _network(policy, pair, weight[0] - weight[1], int(last.bias[0]) - int(last.bias[1]))
    lows, highs = (np.ascontiguousarray(a, np.int32) for a in (lows, highs))
    planes = np.ascontiguousarray(planes, np.int64)
    thresholds = [np.ascontiguousarray(row, np.int64) for row in thresholds]
    sums, witness = np.zeros(6, np.uint64), np.zeros((64, pair.dim), np.int32)
    done, found = ctypes.c_int64(), ctypes.c_int64()
    cells = library().tv_cells_discrete(
        ctypes.byref(network), ctypes.c_int64(len(lows)), _at(lows), _at(highs), _at(planes),
        *(_at(row) for row in thresholds), ctypes.c_int64(limit), ctypes.byref(done), _at(sums), _at(witness),
        ctypes.c_int64(len(witness)), ctypes.byref(found),
    )  # fmt: skip
    del keep
    agree, differ, undecided = (int(sums[2 * i]) + (int(sums[2 * i + 1]) << 64) for i in range(3))
    return Evaluated(agree, differ, undecided, done.value, cells, witness[: found.value].astype(np.int64))


@dataclass(frozen=True)
class Tanh:
    """Integer bounds on the float32 action at mean (k - reach) * 2^-grid_bits, padded by one at either end."""

    low: np.ndarray
    high: np.ndarray
    reach: int
    grid_bits: int


def evaluate_continuous(
    policy: Policy, pair: Pair, lows: np.ndarray, highs: np.ndarray, planes: np.ndarray, constants: np.ndarray,
    tanh: Tanh, action: np.ndarray, bin_: int, bins: int,
) -> tuple[int, np.ndarray]:  # fmt: skip
    """The largest action difference over all cells of the leaves, and the volume of cells by difference.

    `planes` [N, d] and `constants` [2, N] bound the float32 mean; `action` int64 [256]: the int8 action of each code
    of the mean. Differences and actions are in one unit; `bin_` of them make one bin of the histogram [bins].
    """
    last = policy.layers[1]
    network, keep = _network(policy, pair, last.weight[0].astype(np.int64), int(last.bias[0]))
    lows, highs = (np.ascontiguousarray(a, np.int32) for a in (lows, highs))
    planes, action = np.ascontiguousarray(planes, np.int64), np.ascontiguousarray(action, np.int64)
    least, most = (np.ascontiguousarray(row, np.int64) for row in constants)
    head = np.array([policy.head.multiplier[0], policy.head.shift[0], policy.head.zero_point[0]], np.int32)
    histogram = np.zeros(bins, np.uint64)
    worst = library().tv_cells_continuous(
        ctypes.byref(network), ctypes.c_int64(len(lows)), _at(lows), _at(highs), _at(planes), _at(least), _at(most),
        ctypes.c_int32(pair.unit_bits), ctypes.c_int32(tanh.grid_bits), ctypes.c_int64(tanh.reach), _at(tanh.low),
        _at(tanh.high), _at(action), _at(head), ctypes.c_int64(bin_), ctypes.c_int64(bins), _at(histogram),
    )  # fmt: skip
    del keep
    return worst, histogram


def _network(policy: Policy, pair: Pair, row: np.ndarray, bias: int) -> tuple[_Network, list[np.ndarray]]:
    """The C structure and the arrays it points into. Hidden codes count from 0, hence the constant."""
    hidden = policy.layers[0]
    if pair.dim > MAX_DIM or len(row) > MAX_HIDDEN:
        raise ValueError(f"cells are enumerated for at most {MAX_DIM} inputs and {MAX_HIDDEN} hidden units")
    weight = hidden.weight.astype(np.int64)
    bias_codes = hidden.bias.astype(np.int64) + weight @ policy.input_zero_point.astype(np.int64)
    int32 = [weight.T, bias_codes, hidden.multiplier, hidden.shift, row, pair.code_low, pair.code_high]
    constant = bias - 128 * int(row.sum())
    limit = (1 << 31) - 1
    reach = np.maximum(np.abs(pair.code_low), np.abs(pair.code_high))
    if max(np.abs(bias_codes).max() + (np.abs(weight) @ reach).max(), abs(constant) + 255 * np.abs(row).sum()) > limit:
        raise ValueError("an accumulator leaves int32, which dense_s8.acc_no_overflow excludes for a proved policy")
    arrays = [np.ascontiguousarray(a, np.int32) for a in int32]
    arrays += [np.ascontiguousarray(a, np.int64) for a in (pair.edge_low, pair.edge_high)]
    return _Network(
        pair.dim, len(row), _MODES.index(policy.rounding), constant, *(a.ctypes.data for a in arrays)
    ), arrays


def _at(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _processor() -> bytes:
    """What -mcpu=native depends on."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor().encode()
    return next((line.encode() for line in lines if line.startswith(("flags", "Features"))), b"")
