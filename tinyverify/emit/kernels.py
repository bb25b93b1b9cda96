"""Which kernel computes which step of a policy, in the scalar and in the MVE build, and within which limits.

Serves `kernel.*`: the choice is made here and printed into the C, so a proof knows what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.layout import pad, weight_storage
from tinyverify.artifacts.policy import DenseLayer, Policy
from tinyverify.semantics.dense_s8 import fits_int16

INT32_MAX = (1 << 31) - 1
_WIDE_OUTPUTS = 8  # from here on the vector forms of the output operators need fewer instructions


@dataclass(frozen=True)
class Step:
    """One dense layer of the C program.

    `kernel`: the function; `order`: row_major or column_major; `stride`: of the stored weights; `x`, `y`: names of
    the buffers; `y_size`: bytes of y; `clear`: y has padding that the next layer reads, so it starts as zero.
    """

    index: int
    kernel: str
    order: str
    stride: int
    n_in: int
    n_out: int
    fused: bool
    zero_point: int
    x: str
    y: str
    y_size: int
    clear: bool


@dataclass(frozen=True)
class Plan:
    """All steps of one build: dense layers, and the kernels around them, by function name without `tv_`."""

    mve: bool
    codes: int  # bytes of the input's code buffer
    clear_codes: bool
    steps: tuple[Step, ...]
    quantize: str
    dequantize: str
    arg_max: str
    softmax: str

    def sources(self, discrete: bool) -> tuple[str, ...]:
        """File names under kernels_c/src that this build includes, in the order in which they are included."""
        names = [self.quantize, *dict.fromkeys(step.kernel for step in self.steps), self.dequantize]
        names += [self.arg_max, self.softmax, "sample_discrete"] if discrete else ["sample_continuous"]
        return tuple(f"tv_{name}.c" for name in [*names, "xorshift32"])


def plan(policy: Policy, mve: bool) -> Plan:
    """The steps of `policy`. Both builds share buffer sizes, so that the public header is one."""
    suffix = "_mve" if mve else ""
    last = len(policy.layers) - 1
    steps = []
    for index, layer in enumerate(policy.layers):
        n_out, n_in = layer.weight.shape
        storage = weight_storage(n_out, n_in)
        fused = index < last
        steps.append(
            Step(
                index=index,
                kernel=_dense_kernel(storage.order, fused, mve, fused and int16_lanes(layer)),
                order=storage.order,
                stride=storage.stride,
                n_in=n_in,
                n_out=n_out,
                fused=fused,
                zero_point=layer.output_zero_point,
                x=f"h{index - 1}" if index else "x",
                y=f"h{index}" if fused else "acc",
                y_size=pad(n_out, 16),
                clear=fused and n_out % 16 != 0,
            )
        )
    wide = mve and policy.outputs >= _WIDE_OUTPUTS
    first_rows = steps[0].order == "row_major"
    return Plan(
        mve=mve,
        codes=pad(policy.obs_dim, 16) if first_rows else pad(policy.obs_dim, 4),
        clear_codes=first_rows and policy.obs_dim % 16 != 0,
        steps=tuple(steps),
        quantize="quantize_f32" + suffix,
        dequantize="dequantize" + (suffix if wide else ""),
        arg_max="arg_max" + (suffix if wide else ""),
        softmax="softmax_lut" + (suffix if wide else ""),
    )


def weight_index(step: Step, j: str, i: str) -> str:
    """Where the scalar build has the weight from input `i` to output `j` of `step`, as a C expression."""
    return f"{j} * {step.stride} + {i}" if step.order == "row_major" else f"{j} + {i} * {step.stride}"


def int16_lanes(layer: DenseLayer) -> bool:
    """Whether the MVE build computes hidden layer `layer` in int16 lanes: few inputs, and its own bounds license it.

    The license is `dense_s8.acc_fits_int16` and `requantize.int16_form`, which are about exactly these layers.
    """
    few_inputs = weight_storage(*layer.weight.shape).order == "column_major"
    return few_inputs and fits_int16(layer.weight, layer.bias, layer.multiplier)


def int16_layers(policy: Policy) -> list[bool]:
    """`int16_lanes` of each hidden layer."""
    return [int16_lanes(layer) for layer in policy.layers[:-1]]


def check_limits(policy: Policy, source: Path) -> None:
    """Refuse a policy that breaks a kernel's precondition, naming the limit and the obligation that shows it.

    Raises ArtifactError. The obligations prove the same; this keeps an unproved emit from undefined behaviour.
    """
    for index, layer in enumerate(policy.layers):
        n_in = layer.weight.shape[1]
        limit = INT32_MAX - (n_in << 14)
        worst = int(np.abs(layer.bias.astype(np.int64)).max())
        if worst > limit:
            raise ArtifactError(
                source,
                f"layers.{index}.bias",
                f"|{worst}| exceeds {limit}, above which {n_in} products could overflow the accumulator"
                " (dense_s8.acc_no_overflow)",
            )
    if policy.discrete:
        layer = policy.layers[-1]
        reach = np.where(layer.weight > 0, layer.weight.astype(np.int64) * 127, layer.weight.astype(np.int64) * -128)
        fall = np.where(layer.weight > 0, layer.weight.astype(np.int64) * -128, layer.weight.astype(np.int64) * 127)
        bias = layer.bias.astype(np.int64)
        spread = int((bias + reach.sum(axis=1)).max() - (bias + fall.sum(axis=1)).min())
        if spread > INT32_MAX:
            raise ArtifactError(
                source,
                f"layers.{len(policy.layers) - 1}.bias",
                f"accumulators may differ by {spread}, more than {INT32_MAX} (softmax_lut.difference_no_overflow)",
            )
        table = policy.tables["exp"]
        if int(table[0]) != 127 or int(table.min()) < 0:
            raise ArtifactError(
                source, "lut_tables", "the exp table does not start at 127 or goes below 0 (softmax_lut.table_monotone)"
            )
    elif not 2.0**-40 <= policy.head.action_scale <= 2.0**40:
        raise ArtifactError(source, "head.action_scale", f"{policy.head.action_scale!r} lies outside [2^-40, 2^40]")


def _dense_kernel(order: str, fused: bool, mve: bool, int16: bool) -> str:
    if not mve:
        return "dense_requantize_s8" if fused else "dense_s8"
    if int16:
        return "dense_requantize_s8_outer_int16_mve"
    if fused:
        return "dense_requantize_s8_outer_mve" if order == "column_major" else "dense_requantize_s8_rows_mve"
    return "dense_s8_outer_mve" if order == "column_major" else "dense_s8_mve"
