"""One planted fault a kernel: the differential run must notice each, and passes without it (test_kernels.py)."""

from __future__ import annotations

import numpy as np
import pytest

from tests import kernel_campaign
from tests.kernel_cases import EXTREME, TABLE, make
from tests.kernel_support import INPUTS, build_host_kernels, build_kernels, run_kernels
from tinyverify.engines.emulator.compiler import require_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, EmulatorError, find_emulator

pytestmark = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")

ONE = "include/tv_scale_accumulator.h"
FOUR = "include/tv_scale_accumulator_mve.h"
# (kernel that must differ, file, original, fault)
MUTANTS = [
    ("quantize_f32", "src/tv_quantize_f32.c", "12582912.0f", "8388608.0f"),
    ("quantize_f32", "src/tv_quantize_f32.c", "magnitude == TV_INF", "magnitude >= TV_INF"),
    ("quantize_f32_mve", "src/tv_quantize_f32_mve.c", "vcvtnq_s32_f32", "vcvtq_s32_f32"),
    ("quantize_f32_mve", "src/tv_quantize_f32_mve.c", "least_unsigned == 0u", "least_unsigned <= 1u"),
    ("dense_s8", "src/tv_dense_s8.c", "j * out_stride + i * in_stride", "j * in_stride + i * out_stride"),
    ("dense_s8_mve", "src/tv_dense_s8_mve.c", "i < stride", "i < stride - 16"),
    ("dense_s8_outer_mve", "src/tv_dense_s8_outer_mve.c", "j % 16", "j % 8"),
    ("dense_requantize_s8", "src/tv_dense_requantize_s8.c", "zero_point, 127", "-128, 127"),
    (
        "dense_requantize_s8_outer_mve",
        "src/tv_dense_requantize_s8_outer_mve.c",
        "(column + 4), x[i]",
        "(column + 8), x[i]",
    ),
    (
        "dense_requantize_s8_rows_mve",
        "src/tv_dense_requantize_s8_rows_mve.c",
        "multiplier + 8, minus",
        "multiplier + 4, minus",
    ),
    (
        "dense_requantize_s8_outer_int16_mve",
        "src/tv_dense_requantize_s8_outer_int16_mve.c",
        "vld1q_s16(minus_shift + 8)",
        "vld1q_s16(minus_shift)",
    ),
    ("dense_requantize_s8_outer_int16_mve", FOUR, "vqrdmulhq_s16", "vqdmulhq_s16"),
    ("dense_requantize_s8_outer_int16_mve", FOUR, "vcmpeqq_n_s16(minus_shift, 0)", "vcmpeqq_n_s16(minus_shift, 1)"),
    ("dense_requantize_s8_outer_int16_mve", FOUR, "vdupq_n_s16(127)", "vdupq_n_s16(126)"),
    ("dense_requantize_s8_outer_mve", FOUR, "vqmovunbq_s16(", "(uint8x16_t)vmovnbq_s16((int8x16_t)"),
    ("requantize", ONE, "((int64_t)1 << 30), 31)", "(((int64_t)1 << 30) - 1), 31)"),
    ("requantize", ONE, "((unit - 1) >> 1) + (high < 0 ? 1 : 0)", "((unit - 1) >> 1)"),
    ("requantize", ONE, "1 << (30 + shift)", "1 << (29 + shift)"),
    ("requantize_mve", FOUR, "vandq_s32(high, minus_shift)", "high"),
    ("requantize_mve", FOUR, "vcmpeqq_n_s32(minus_shift, 0)", "vcmpeqq_n_s32(minus_shift, 1)"),
    ("requantize_mve", "src/tv_requantize_mve.c", "vqaddq_n_s32", "vaddq_n_s32"),
    ("relu", "src/tv_relu.c", "q[i] < zero_point ?", "q[i] < 0 ?"),
    ("relu_mve", "src/tv_relu_mve.c", "vctp8q((uint32_t)(n - i))", "vctp8q(16u)"),
    ("dequantize", "src/tv_dequantize.c", "(float)acc[j] * scale[j]", "(float)acc[j] * scale[0]"),
    ("dequantize_mve", "src/tv_dequantize_mve.c", "vctp32q((uint32_t)(n - j))", "vctp32q(4u)"),
    ("arg_max", "src/tv_arg_max.c", "acc[i] > largest ? i", "acc[i] >= largest ? i"),
    ("arg_max_mve", "src/tv_arg_max_mve.c", "vminvq_p_u32(best", "vmaxvq_p_u32(0u & best"),
    ("softmax_lut", "src/tv_softmax_lut.c", "sum / 2u", "sum"),
    ("softmax_lut_mve", "src/tv_softmax_lut_mve.c", "vdupq_n_s32(255)", "vdupq_n_s32(127)"),
    ("sample_discrete", "src/tv_sample_discrete.c", "cumulative <= threshold", "cumulative < threshold"),
    ("sample_continuous", "src/tv_sample_continuous.c", "mean + noise", "mean - noise"),
    ("xorshift32", "src/tv_xorshift32.c", "s >> 17", "s >> 15"),
]


def _groups() -> list[list[tuple[str, str, str, str]]]:
    """Mutants that can share a build: each file once, and no kernel reached by two of them."""
    groups: list[list[tuple[str, str, str, str]]] = []
    for mutant in MUTANTS:
        group = next((g for g in groups if all(_apart(mutant, other) for other in g)), None)
        if group is None:
            groups.append([mutant])
        else:
            group.append(mutant)
    return groups


def _apart(mutant: tuple[str, str, str, str], other: tuple[str, str, str, str]) -> bool:
    if mutant[1] == other[1] or mutant[0] == other[0]:
        return False
    for header, reaches in ((ONE, False), (FOUR, True)):
        if header in (mutant[1], other[1]) and (mutant[0].endswith("_mve") == other[0].endswith("_mve") == reaches):
            return False
    return True


@pytest.mark.parametrize("group", _groups(), ids=lambda group: "+".join(mutant[0] for mutant in group))
def test_planted_faults_are_noticed(group, tmp_path) -> None:
    made = [make(kernel, EXTREME - 5, 25, seed=2) for kernel, *_ in group]
    elf = build_kernels(tmp_path, require_compiler(), edits=[mutant[1:] for mutant in group])
    for (kernel, file, _, new), (cases, wanted) in zip(group, made, strict=True):
        try:
            results = run_kernels(elf, cases, TABLE)
        except EmulatorError:
            continue  # a fault of the processor is noticed too
        assert np.any(results != wanted), f"{kernel}: {new!r} in {file} changes no result"


def test_the_campaign_reports_a_planted_fault_with_its_case(tmp_path, monkeypatch, capsys) -> None:
    edits = [("src/tv_arg_max.c", "acc[i] > largest ? i", "acc[i] >= largest ? i")]
    monkeypatch.setattr(kernel_campaign, "LEVELS", (("gcc", "-O2"),))
    monkeypatch.setattr(kernel_campaign, "SCALAR", {"arg_max": 6})
    monkeypatch.setattr(kernel_campaign, "VECTOR", {})
    monkeypatch.setattr(kernel_campaign, "build_host_kernels", lambda folder: build_host_kernels(folder, edits))
    assert kernel_campaign.main(INPUTS, 50 * INPUTS) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(f"arg_max, {kernel_campaign.HOST}: ") and "value[0] is " in printed and "a=[" in printed


def test_the_campaign_reports_a_kernel_that_does_not_end_well(tmp_path) -> None:
    edits = [("src/tv_relu.c", "i < n; i++", "i < n + 10000000; i++")]
    program = kernel_campaign.emulated(tmp_path, "zig", "-O2", False, INPUTS, edits)
    found = kernel_campaign.compare("relu", [program])
    assert found is not None and "does not end well" in found


def test_the_campaign_without_the_emulator_is_no_success(monkeypatch, capsys) -> None:
    monkeypatch.setattr(kernel_campaign, "find_emulator", lambda: None)
    assert kernel_campaign.main(INPUTS, INPUTS) == 3
    assert capsys.readouterr().out.startswith("UNCHECKED: ")
