"""Every kernel, scalar and MVE, on the emulated core against the integer reference, output buffers whole."""

from __future__ import annotations

import numpy as np
import pytest

from tests.kernel_cases import TABLE, make
from tests.kernel_support import SCALAR, VECTOR, build_kernels, run_kernels
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator

pytestmark = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")
BUILDS = [("zig", "-O3"), ("zig", "-Os"), ("gcc", "-O3"), ("gcc", "-O2")]


@pytest.fixture(scope="module")
def cases():
    made = [make(kernel, 150, 1) for kernel in SCALAR | VECTOR]
    names = [kernel for kernel in SCALAR | VECTOR for _ in range(150)]
    return names, np.concatenate([m[0] for m in made]), np.concatenate([m[1] for m in made])


@pytest.mark.parametrize(("kind", "opt"), BUILDS)
def test_every_kernel_computes_the_reference(kind, opt, cases, tmp_path) -> None:
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    names, inputs, wanted = cases
    results = run_kernels(build_kernels(tmp_path, compiler, opt), inputs, TABLE)
    wrong = np.flatnonzero(results != wanted)
    assert not len(wrong), f"{names[wrong[0]]} differs in case {wrong[0]}, {len(wrong)} cases in all"


def test_scalar_kernels_without_vector_unit(cases, tmp_path) -> None:
    names, inputs, wanted = cases
    scalar = np.array([name in SCALAR for name in names])
    compiler = find_compiler()
    assert compiler is not None
    results = run_kernels(build_kernels(tmp_path, compiler, mve=False), inputs[scalar], TABLE)
    assert (results == wanted[scalar]).all()
