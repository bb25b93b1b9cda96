"""The real scale that each requantizer of a policy stands for: a quotient of its float32 scales, exact.

Serves `requantize.multiplier_exact`.
"""

from __future__ import annotations

from fractions import Fraction

from tinyverify.artifacts.policy import Policy
from tinyverify.quantize.fixed_point import exact
from tinyverify.quantize.layers import real_multiplier


def hidden_scale(policy: Policy, layer: int, row: int) -> Fraction:
    """Of output `row` of hidden layer `layer`: input scale times weight scale by output scale."""
    dense = policy.layers[layer]
    return real_multiplier(dense.input_scale, float(dense.weight_scale[row]), dense.output_scale)


def head_scales(policy: Policy) -> list[Fraction]:
    """Of the head: the softmax's, or those of mean, log_std and noise."""
    head = policy.head
    if head.kind == "discrete":
        return [exact(float(policy.logit_scale[0])) / exact(head.difference_scale)]
    outputs = [
        exact(float(unit)) / exact(scale) for unit, scale in zip(policy.logit_scale, head.output_scale, strict=True)
    ]
    return [*outputs, exact(head.std_scale) * exact(head.gauss_scale) / exact(head.output_scale[0])]


def real_scales(policy: Policy) -> list[Fraction]:
    """Of every requantizer: the hidden layers' outputs in order, then the head's."""
    hidden = [
        hidden_scale(policy, index, row)
        for index, layer in enumerate(policy.layers[:-1])
        for row in range(len(layer.weight_scale))
    ]
    return hidden + head_scales(policy)
