"""Where a checker fails: layer and row, feature or table, recomputed in exact integers.

Untrusted: the kernel decides, this only says why in words. Mirrors the checkers of
`lean/TinyVerify/{Network,Int16Lanes,Policy,Memory}/Spec.lean`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinyverify.artifacts.layout import FLASH_BYTES, FLASH_REGIONS
from tinyverify.artifacts.policy import DenseLayer, Policy
from tinyverify.emit.kernels import int16_layers
from tinyverify.engines.lean_bundle.accesses import accesses
from tinyverify.quantize.real_scales import real_scales
from tinyverify.semantics.dense_s8 import HALF_WORD, INT16_MAX

INT32_MAX = (1 << 31) - 1
# `logitsFiniteOk`: exponents of at most 218 in the pattern.
LARGEST_SCALE = 2.0**92


@dataclass(frozen=True)
class Fault:
    """`check`: the checker that fails (a lemma of the generated file); `place`: layer and row or table; `message`."""

    check: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def find_faults(policy: Policy) -> tuple[Fault, ...]:
    """Every place at which a checker of the generated file of `policy` evaluates to false."""
    return tuple(
        fault
        for part in (
            _accumulators,
            _int16_lanes,
            _requantizers,
            _multipliers,
            _rounding,
            _shapes,
            _input,
            _logits,
            _tables,
            _flash,
            _sized,
        )
        for fault in part(policy)
    )


def row_bound(layer: DenseLayer, row: int) -> int:
    """`128 * sum |weight| + |bias|` of one output: what its accumulator can reach."""
    return 128 * sum(abs(int(w)) for w in layer.weight[row]) + abs(int(layer.bias[row]))


def _accumulators(policy: Policy) -> Iterator[Fault]:
    for index, layer in enumerate(policy.layers):
        last = index == len(policy.layers) - 1
        for row in range(len(layer.bias)):
            bound, place = row_bound(layer, row), f"layer {index} row {row}"
            if bound > INT32_MAX:
                yield Fault("acc_ok", place, f"128 * sum |weight| + |bias| = {bound} exceeds {INT32_MAX}")
            if last and policy.discrete and bound > INT32_MAX // 2:
                yield Fault("difference_ok", place, f"128 * sum |weight| + |bias| = {bound} exceeds {INT32_MAX // 2}")


def _int16_lanes(policy: Policy) -> Iterator[Fault]:
    for index, (layer, chosen) in enumerate(zip(policy.layers[:-1], int16_layers(policy), strict=True)):
        if not chosen:
            continue
        for row in range(len(layer.bias)):
            bound, place = row_bound(layer, row), f"layer {index} row {row}"
            if bound > INT16_MAX:
                yield Fault("int16_acc_ok", place, f"128 * sum |weight| + |bias| = {bound} exceeds {INT16_MAX}")
        for row, multiplier in enumerate(layer.multiplier):
            if multiplier % HALF_WORD:
                yield Fault("int16_form_ok", f"layer {index} row {row}", f"the lower half of {multiplier} is not zero")


def all_requantizers(policy: Policy) -> Iterator[tuple[str, int, int, int, int]]:
    """(place, multiplier, shift, zero point, largest |accumulator|)."""
    for index, layer in enumerate(policy.layers[:-1]):
        for row in range(len(layer.multiplier)):
            multiplier, shift = int(layer.multiplier[row]), int(layer.shift[row])
            yield f"layer {index} row {row}", multiplier, shift, layer.output_zero_point, row_bound(layer, row)
    head, last = policy.head, policy.layers[-1]
    reach = max(row_bound(last, row) for row in range(len(last.bias)))
    if head.kind == "discrete":
        yield "softmax", head.multiplier[0], head.shift[0], head.zero_point[0], 2 * reach
        return
    for k, name in enumerate(("mean", "log_std")):
        yield name, head.multiplier[k], head.shift[k], head.zero_point[k], reach
    yield "noise", head.noise_multiplier, head.noise_shift, 0, 1 << 14


def _requantizers(policy: Policy) -> Iterator[Fault]:
    for place, multiplier, shift, zero_point, _ in all_requantizers(policy):
        if not 1 << 30 <= multiplier < 1 << 31:
            yield Fault("requantize_ok", place, f"multiplier {multiplier} lies outside [2^30, 2^31)")
        if not 0 <= shift <= 31:
            yield Fault("requantize_ok", place, f"shift {shift} lies outside [0, 31]")
        if not -128 <= zero_point <= 127:
            yield Fault("requantize_ok", place, f"zero point {zero_point} is not an int8")


def _multipliers(policy: Policy) -> Iterator[Fault]:
    requantizers, scales = list(all_requantizers(policy)), real_scales(policy)
    if len(requantizers) != len(scales):
        yield Fault("multiplier_ok", "layers", f"{len(requantizers)} requantizers for {len(scales)} real scales")
    for (place, multiplier, shift, *_), scale in zip(requantizers, scales, strict=False):
        if shift >= 0 and abs(2 * multiplier - scale * 2 ** (32 + shift)) > 1:
            wanted = float(scale)
            yield Fault(
                "multiplier_ok", place, f"{multiplier} / 2^{31 + shift} is not the fixed point nearest {wanted:g}"
            )


def _rounding(policy: Policy) -> Iterator[Fault]:
    for place, multiplier, shift, _, reach in all_requantizers(policy):
        high = (reach * max(multiplier, 0) + (1 << 30)) >> 31
        if shift >= 0 and high + (1 << shift >> 1) + 200 > INT32_MAX:
            yield Fault("rounding_ok", place, f"high product {high} plus rounding term 2^{shift} / 2 leaves int32")


def _shapes(policy: Policy) -> Iterator[Fault]:
    width = policy.obs_dim
    for index, layer in enumerate(policy.layers):
        outputs, inputs = layer.weight.shape
        if inputs != width:
            yield Fault("shape_ok", f"layer {index}", f"takes {inputs} inputs, is given {width}")
        if index < len(policy.layers) - 1 and len(layer.multiplier) != outputs:
            yield Fault("shape_ok", f"layer {index}", f"{len(layer.multiplier)} requantizers for {outputs} outputs")
        width = outputs


def _input(policy: Policy) -> Iterator[Fault]:
    for index, zero_point in enumerate(policy.input_zero_point):
        if not -128 <= int(zero_point) <= 127:
            yield Fault("input_ok", f"feature {index}", f"zero point {int(zero_point)} is not an int8")


def _logits(policy: Policy) -> Iterator[Fault]:
    for index, scale in enumerate(policy.logit_scale):
        if not abs(float(scale)) < LARGEST_SCALE:  # a NaN is not below it either
            yield Fault("finite_ok", f"output {index}", f"the scale {float(scale):g} is not below 2^92")


def _tables(policy: Policy) -> Iterator[Fault]:
    if not policy.discrete:
        for index, entry in enumerate(policy.tables["tanh"]):
            if int(entry) < -127:
                yield Fault("table_ok", f"tanh[{index}]", f"{int(entry)} lies below -127")
        return
    table = [int(entry) for entry in policy.tables["exp"]]
    if table[0] != 127:
        yield Fault("table_ok", "exp[0]", f"{table[0]} is not 127")
    for index in range(256):
        if table[index] < 0:
            yield Fault("table_ok", f"exp[{index}]", f"{table[index]} is negative")
        if index and table[index] > table[index - 1]:
            yield Fault("table_ok", f"exp[{index}]", f"{table[index]} exceeds the entry before, {table[index - 1]}")


def _flash(policy: Policy) -> Iterator[Fault]:
    regions = {region.name: region for region in FLASH_REGIONS}
    objects = policy.layout.objects
    for index, item in enumerate(objects):
        region, end = regions[item.region], item.offset + item.size
        place = f"table {item.name}"
        if item.offset < region.offset or end > min(region.offset + region.size, FLASH_BYTES):
            yield Fault("flash_contained_ok", place, f"{item.offset:#x}..{end:#x} leaves the {region.name} region")
        if item.align < 1 or item.offset % item.align:
            yield Fault("flash_aligned_ok", place, f"{item.offset:#x} is not aligned to {item.align}")
        for other in objects[index + 1 :]:
            if item.offset < other.offset + other.size and other.offset < end:
                yield Fault("flash_disjoint_ok", place, f"{item.offset:#x}..{end:#x} overlaps {other.name}")


def _sized(policy: Policy) -> Iterator[Fault]:
    for name, access in accesses(policy):
        if not access.fits:
            yield Fault("sized_ok", f"table {name}", f"has {access.size} bytes, kernels read past them")
