"""Every kernel, scalar and vector, against the integer reference, output buffers whole: a sample of the campaign.

The whole of it is `python -m tests.kernel_campaign`.
"""

from __future__ import annotations

import pytest

from tests.kernel_campaign import HOST, LEVELS, Program, compare, emulated
from tests.kernel_cases import EXTREME
from tests.kernel_support import INPUTS, SCALAR, VECTOR, build_host_kernels
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator
from tinyverify.engines.host_build import find_host_compiler

SAMPLE = (EXTREME + 20) * INPUTS
BUILDS = [(*level, True) for level in LEVELS] + [("zig", "-O3", False), ("gcc", "-Os", False)]


@pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")
@pytest.mark.parametrize(("kind", "level", "mve"), BUILDS)
def test_every_kernel_computes_the_reference(kind, level, mve, tmp_path) -> None:
    if find_compiler(kind) is None:
        pytest.skip(f"{kind} is not installed")
    program = emulated(tmp_path, kind, level, mve, SAMPLE)
    for kernel in SCALAR | VECTOR if mve else SCALAR:
        assert compare(kernel, [program]) is None


@pytest.mark.skipif(find_host_compiler() is None, reason="no C compiler for this machine")
def test_every_kernel_on_this_machine(tmp_path) -> None:
    program = Program(HOST, build_host_kernels(tmp_path), False, 10 * SAMPLE)
    for kernel in SCALAR | VECTOR:
        assert compare(kernel, [program]) is None
