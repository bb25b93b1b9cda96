"""Printing a policy as a Lean file: its numbers as one term, `policy`, and the theorems about it.

Trusted: that the term printed here is the policy is not checked by Lean, so this file is short and is tested by
reading its output back (`read_back.py`). Deterministic: the same policy gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from tinyverify.artifacts.layout import (
    FLASH_BYTES,
    FLASH_REGIONS,
    HEAP_BYTES,
    RAM_BASE,
    STACK_BYTES,
)
from tinyverify.artifacts.policy import DenseLayer, Policy
from tinyverify.engines.lean_bundle.accesses import accesses
from tinyverify.engines.lean_bundle.packing import list_definitions, packed_literal
from tinyverify.engines.lean_bundle.theorems import NAMESPACE, TheoremSpec, checks_for, expected_theorems
from tinyverify.quantize.real_scales import real_scales
from tinyverify.semantics.requantize import RoundingMode

# The modules that a policy's file imports; compiled when it is checked for the first time.
IMPORTS = ("TinyVerify.LockMachine.Thm", "TinyVerify.Policy.Thm")

MODES = {
    RoundingMode.DOUBLE_TIES_UP: ".doubleTiesUp",
    RoundingMode.DOUBLE_TIES_AWAY: ".doubleTiesAway",
    RoundingMode.SINGLE_TIES_UP: ".singleTiesUp",
}


def render(policy: Policy, omit: Collection[str] = ()) -> str:
    """The Lean file of `policy`, without the theorems whose obligation IDs are in `omit`."""
    specs = [spec for spec in expected_theorems(policy) if spec.obligation_id not in omit]
    needed = {check for spec in specs for check in spec.checks}
    checks = [f"theorem {c.name} : {c.term} := by decide +kernel" for c in checks_for(policy) if c.name in needed]
    head = [
        *(f"import {module}" for module in IMPORTS),
        "",
        _header(policy),
        definitions(policy),
        f"namespace {NAMESPACE}",
    ]
    return "\n".join([*head, "", *checks, "", *(_theorem(spec) for spec in specs), f"end {NAMESPACE}", ""])


def definitions(policy: Policy) -> str:
    """The part of the file that says what the policy is: no theorem, no import."""
    return "\n".join([f"open TinyVerify\n\nnamespace {NAMESPACE}", "", *terms(policy), "", f"end {NAMESPACE}", ""])


def _header(policy: Policy) -> str:
    shapes = " -> ".join(str(layer.weight.shape[1]) for layer in policy.layers)
    return f"""/-!
# A policy and what is proved about it

Generated from policy {policy.hash}.
Environment {policy.environment}, layers {shapes} -> {policy.outputs}, rounding {policy.rounding.value}.
A row packs its weights as base-256 digits, least significant first, each digit a weight plus 128.
-/
"""


def _theorem(spec: TheoremSpec) -> str:
    name = spec.name.removeprefix(NAMESPACE + ".")
    return f"theorem {name} : {spec.statement} :=\n  {spec.proof}\n"


def terms(policy: Policy) -> list[str]:
    lines: list[str] = []
    features, name = list_definitions(
        "input", "Feature", _features(policy), "Per observation feature: inverse scale (a float32 pattern), zero point."
    )
    lines += features
    hidden = []
    last = len(policy.layers) - 1
    for index, layer in enumerate(policy.layers):
        lines += _dense(f"layer{index}", index, layer)
        if index < last:
            lines += _scales(f"layer{index}", index, layer)
            hidden.append(f"layer{index}")
    objects = [
        f"⟨{_span(item.offset, item.size)}, {item.align}, {_region(item.region)}⟩" for item in policy.layout.objects
    ]
    object_lines, objects_name = list_definitions(
        "objects", "Placed", objects, "Tables in flash, in the order of the layout."
    )
    access_lines, accesses_name = list_definitions(
        "accesses",
        "Access",
        [access.literal() for _, access in accesses(policy)],
        "How kernels read the tables: rows, columns, row stride, column stride, width, size.",
    )
    lines += object_lines + access_lines + [head_term(policy)]
    regions = ", ".join(_span(region.offset, region.size) for region in FLASH_REGIONS)
    ram_regions = (_span(RAM_BASE, STACK_BYTES), _span(RAM_BASE + STACK_BYTES, HEAP_BYTES))
    ram_size = STACK_BYTES + HEAP_BYTES
    lines += [
        "/-- Flash: the regions, and every table in its own. -/",
        f"def flash_layout : Layout :=\n  ⟨{_span(0, FLASH_BYTES)}, [{regions}], {objects_name}⟩",
        "/-- RAM: stack and heap. -/",
        f"def ram_layout : Layout :=\n  ⟨{_span(RAM_BASE, ram_size)}, [{', '.join(ram_regions)}], "
        f"[{', '.join(f'⟨{part}, 8, {part}⟩' for part in ram_regions)}]⟩",
        "/-- The layers. -/",
        f"def network : Network :=\n  ⟨{MODES[policy.rounding]}, [{', '.join(hidden)}], layer{last}⟩",
        "/-- The policy. -/",
        f"def policy : Policy :=\n  ⟨{name}, network, head, flash_layout, ram_layout, {accesses_name}⟩",
    ]
    scale_lines, _ = list_definitions(
        "real_scales", "Ratio", _real_scales(policy), "The scale that each requantizer stands for, as a fraction."
    )
    logit_lines, _ = list_definitions(
        "logit_scales", "Nat", _patterns(policy.logit_scale), "The scale of each output, a float32 pattern."
    )
    return [*lines, *scale_lines, *logit_lines]


def _dense(name: str, index: int, layer: DenseLayer) -> list[str]:
    rows = [
        f"⟨{int(bias)}, {packed_literal(row.tolist())}⟩" for bias, row in zip(layer.bias, layer.weight, strict=True)
    ]
    outputs, inputs = layer.weight.shape
    lines, rows_name = list_definitions(f"{name}_rows", "Row", rows, f"Layer {index}: bias and weights of each output.")
    dense = f"{name}_dense" if len(layer.multiplier) else name
    return [
        *lines,
        f"/-- Layer {index}: {inputs} inputs, {outputs} outputs. -/",
        f"def {dense} : Dense :=\n  ⟨{inputs}, {rows_name}⟩",
    ]


def _scales(name: str, index: int, layer: DenseLayer) -> list[str]:
    scales = [f"⟨{int(m)}, {int(s)}⟩" for m, s in zip(layer.multiplier, layer.shift, strict=True)]
    lines, scales_name = list_definitions(
        f"{name}_scales", "Scale", scales, f"Layer {index}: multiplier and shift of each output."
    )
    return [
        *lines,
        f"/-- Layer {index} with its requantizers; zero point and lower clamp {layer.output_zero_point}. -/",
        f"def {name} : Hidden :=\n  ⟨{name}_dense, {scales_name}, {layer.output_zero_point}⟩",
    ]


def _features(policy: Policy) -> list[str]:
    patterns = _patterns(policy.inv_scale)
    return [f"⟨{bits}, {int(zero)}⟩" for bits, zero in zip(patterns, policy.input_zero_point, strict=True)]


def _patterns(values: np.ndarray) -> list[str]:
    """The bit patterns of float32 `values`."""
    return [f"{int(bits):#010x}" for bits in values.astype(np.float32).view(np.uint32)]


def head_term(policy: Policy) -> str:
    head, mode = policy.head, MODES[policy.rounding]
    if head.kind == "discrete":
        table = packed_literal(policy.tables["exp"].tolist())
        return f"""/-- Softmax by table: rounding, multiplier, shift, exp table. -/
def head : Head := .discrete
  ⟨{mode}, {head.multiplier[0]}, {head.shift[0]}, {table}⟩"""
    requantizers = [
        f"⟨{m}, {s}, {z}, -128, 127⟩"
        for m, s, z in [
            *zip(head.multiplier, head.shift, head.zero_point, strict=True),
            (head.noise_multiplier, head.noise_shift, 0),
        ]
    ]
    tables = ",\n  ".join(packed_literal(policy.tables[name].tolist()) for name in ("std", "gauss", "tanh"))
    return f"""/-- Squashed Gaussian: rounding, requantizers of mean, log_std and noise, tables std, gauss, tanh. -/
def head : Head := .continuous
  ⟨{mode}, {", ".join(requantizers)},
  {tables}⟩"""


def _real_scales(policy: Policy) -> list[str]:
    """One a requantizer, in the order of `Policy.requantizers` in Lean."""
    return [f"⟨{scale.numerator}, {scale.denominator}⟩" for scale in real_scales(policy)]


def _span(offset: int, size: int) -> str:
    return f"⟨{offset:#x}, {size:#x}⟩"


def _region(name: str) -> str:
    region = next(region for region in FLASH_REGIONS if region.name == name)
    return _span(region.offset, region.size)
