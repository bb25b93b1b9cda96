"""The emitted scalar C as a library of this machine: what episodes and whole lattices are run with.

Serves `policy.reward` and `policy.logit_error`. The library is built from the very files that `emit` writes, into the
cache, by their hash. Says nothing about the MVE kernels or the Arm compilers: `kernel.*` does.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.artifacts.files import sha256
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.emit.firmware import emit, sources_digest
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing, cache_dir, compiler_environment
from tinyverify.engines.host_build import INSTALL, find_host_compiler

SOURCE = Path(__file__).with_name("host_batch.c")
_SECONDS = 300


class _FloatNetwork(ctypes.Structure):
    _fields_ = (
        ("hidden", ctypes.c_int32),
        *((name, ctypes.c_void_p) for name in ("weight", "bias", "out_weight", "out_bias")),
    )


@dataclass(frozen=True)
class Lattice:
    """`tv_infer` on the middle of every cell: largest |int8 logit - float32 logit| [outputs], and of the actions the
    largest difference (continuous) or on how many points they differ (discrete)."""

    points: int
    error: np.ndarray
    action: float


class EmittedPolicy:
    """The emitted `tv_infer` of a policy. Raises CompilerMissing, BuildError, ArtifactError."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._library = ctypes.CDLL(str(_build(policy)))
        self._library.tv_batch_actions.restype = self._library.tv_batch_lattice.restype = ctypes.c_int64

    def __call__(self, observations: np.ndarray) -> np.ndarray:
        """Deterministic actions for finite float32 observations [n, obs_dim]: int32 [n], or float32 [n, 1]."""
        x = np.ascontiguousarray(observations, np.float32)
        actions = np.empty(len(x), np.int32 if self.policy.discrete else np.float32)
        if self._library.tv_batch_actions(_at(x), ctypes.c_int64(len(x)), _at(actions)):
            raise ValueError("an observation holds NaN or an infinity")
        return actions if self.policy.discrete else actions[:, None]

    def lattice(self, training: Training) -> Lattice:
        """Every cell that the observation box reaches, beside the float32 network in double. 1 us a cell."""
        policy, box = self.policy, self.policy.file.input
        inv, zero = policy.inv_scale.astype(np.float64), policy.input_zero_point.astype(np.int64)
        ends = [np.clip(np.rint(np.float64(side) * inv), -128 - zero, 127 - zero) for side in (box.low, box.high)]
        axes = [
            np.clip(np.arange(a, b + 1) / scale, low, high)
            for a, b, scale, low, high in zip(*ends, inv, box.low, box.high, strict=True)
        ]
        grid = np.concatenate(axes).astype(np.float32)
        start = np.cumsum([0, *map(len, axes)]).astype(np.int32)
        arrays = [np.ascontiguousarray(part, np.float64) for layer in training.actor for part in layer]
        network = _FloatNetwork(len(arrays[1]), *(a.ctypes.data for a in arrays))
        error, action = np.zeros(policy.outputs), np.zeros(1)
        points = self._library.tv_batch_lattice(
            _at(grid), _at(start), ctypes.byref(network),
            ctypes.c_double(training.artifact.config.action_bound or 0.0), _at(error), _at(action),
        )  # fmt: skip
        return Lattice(points, error, float(action[0]))


def _build(policy: Policy) -> Path:
    compiler = find_host_compiler()
    if compiler is None:
        raise CompilerMissing(f"no C compiler for this machine; install one with: {INSTALL}")
    key = sha256(sources_digest(policy).encode() + SOURCE.read_bytes() + " ".join(compiler).encode())[:16]
    target = cache_dir() / f"policy-{key}.so"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tinyverify-batch-") as name:
        folder = emit(policy, None, Path(name) / "firmware", unproved=True)
        staged = target.with_suffix(f".{os.getpid()}.part")
        command = [*compiler, "-std=c99", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
        command += ["-Iinclude", *(() if policy.discrete else ("-DTV_CONTINUOUS",))]
        command += ["src/tv_policy.c", "src/tv_policy_tables.c", str(SOURCE), "-o", str(staged), "-lm"]
        done = subprocess.run(
            command, cwd=folder, env=compiler_environment(), capture_output=True, text=True, timeout=_SECONDS
        )
        if done.returncode:
            raise BuildError(f"host compiler exit {done.returncode}: {done.stderr.strip()[:2000]}")
        os.replace(staged, target)
    return target


def _at(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)
