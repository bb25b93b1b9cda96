"""What the SMT templates are filled with: one entry per requantizing channel, per feature, per table.

Serves the parameter functions of every family. Plain Python integers only, so that a rendered query is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.artifacts.policy import Policy
from tinyverify.emit.kernels import int16_layers
from tinyverify.quantize.real_scales import head_scales, hidden_scale


@dataclass(frozen=True)
class Channel:
    """One requantizer: its fixed point, clamp, the row that feeds it, and its real scale as a fraction."""

    name: str
    multiplier: int
    shift: int
    zero_point: int
    lo: int
    hi: int
    bias: int
    weight: list[int]
    numerator: int
    denominator: int

    @property
    def low(self) -> int:
        """The least accumulator over all int8 inputs."""
        return self.bias + sum(min(-128 * w, 127 * w) for w in self.weight)

    @property
    def high(self) -> int:
        """The greatest accumulator over all int8 inputs."""
        return self.bias + sum(max(-128 * w, 127 * w) for w in self.weight)


def hidden_channels(policy: Policy) -> list[Channel]:
    """The fused requantizers of the hidden layers."""
    return [channel for index in range(len(policy.layers) - 1) for channel in layer_channels(policy, index)]


def layer_channels(policy: Policy, index: int) -> list[Channel]:
    """The fused requantizers of hidden layer `index`."""
    layer = policy.layers[index]
    channels = []
    for row in range(len(layer.bias)):
        scale = hidden_scale(policy, index, row)
        channels.append(
            Channel(
                name=f"layer {index} channel {row}",
                multiplier=int(layer.multiplier[row]),
                shift=int(layer.shift[row]),
                zero_point=layer.output_zero_point,
                lo=layer.output_zero_point,
                hi=127,
                bias=int(layer.bias[row]),
                weight=[int(w) for w in layer.weight[row]],
                numerator=scale.numerator,
                denominator=scale.denominator,
            )
        )
    return channels


def head_channels(policy: Policy) -> list[Channel]:
    """The requantizers of the head that are fed by accumulators: each difference, or mean and log_std."""
    last, head = policy.layers[-1], policy.head
    channels = []
    if head.kind == "discrete":
        (scale,) = head_scales(policy)
        for i in range(policy.outputs):
            for j in range(policy.outputs):
                if i != j:
                    weight = [int(a) - int(b) for a, b in zip(last.weight[i], last.weight[j], strict=True)]
                    bias = int(last.bias[i]) - int(last.bias[j])
                    channels.append(_head(policy, f"softmax difference {i} - {j}", 0, scale, bias, weight))
        return channels
    for k, name in enumerate(("mean", "log_std")):
        scale = head_scales(policy)[k]
        weight = [int(w) for w in last.weight[k]]
        channels.append(_head(policy, name, k, scale, int(last.bias[k]), weight))
    return channels


def noise_channels(policy: Policy) -> list[Channel]:
    """The requantizer of the sampled noise. Its input, a product of two int8 codes, lies in -128 * int8."""
    head = policy.head
    if head.kind == "discrete":
        return []
    scale = head_scales(policy)[2]
    return [
        Channel(
            "noise",
            head.noise_multiplier,
            head.noise_shift,
            0,
            -128,
            127,
            0,
            [-128],
            scale.numerator,
            scale.denominator,
        )
    ]


def all_channels(policy: Policy) -> list[Channel]:
    """Every requantizer of `policy`."""
    return hidden_channels(policy) + head_channels(policy) + noise_channels(policy)


def parameters(policy: Policy) -> dict:
    """Template parameters of the `requantize.*` queries.

    Channels that share multiplier, shift and clamp are one for the statements that do not look at the row.
    """
    channels = all_channels(policy)
    return {"mode": policy.rounding.value, "channels": channels, "widest": max(len(c.weight) for c in channels)}


def distinct(policy: Policy) -> dict:
    """Like `parameters`, with one channel for each different requantizer."""
    found = {(c.multiplier, c.shift, c.zero_point, c.lo, c.hi): c for c in reversed(all_channels(policy))}
    return {"mode": policy.rounding.value, "channels": list(reversed(found.values()))}


def int16(policy: Policy) -> dict:
    """Like `distinct`, of the layers that are computed in int16 lanes."""
    chosen = [index for index, lanes in enumerate(int16_layers(policy)) if lanes]
    found = {(c.multiplier, c.shift): c for index in reversed(chosen) for c in reversed(layer_channels(policy, index))}
    return {"mode": policy.rounding.value, "channels": list(reversed(found.values()))}


def _head(policy: Policy, name: str, k: int, scale, bias: int, weight: list[int]) -> Channel:
    head = policy.head
    return Channel(
        name,
        head.multiplier[k],
        head.shift[k],
        head.zero_point[k],
        -128,
        127,
        bias,
        weight,
        scale.numerator,
        scale.denominator,
    )
