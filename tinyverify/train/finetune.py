"""Quantization-aware fine-tuning: the int8 program is imitated in the loss, so that it comes to act like its network.

The loss adds to the distillation's the divergence of the int8 outputs from the float32 ones, over visited states and
over the whole observation box. Rounding passes gradients straight through (the straight-through estimator of Bengio,
Leonard and Courville, arXiv:1308.3432); the offset of an input from its code is a constant, so the network turns to
where codes are fine. Hidden units that bend inside the box are penalised too, by how far they are from a line there:
a proof follows what is nearly affine with few boxes (ReLU stability; Xiao, Tjeng, Shafiullah and Madry,
arXiv:1809.03008). Also `balanced` and `without_idle`, which change no output of the float32 network on the box. What is
gained is measured and certified elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyverify.quantize.calibrate import box_maximum
from tinyverify.quantize.layers import input_codes, quantize_first_layer
from tinyverify.train.environments import Environment
from tinyverify.train.evaluate import visited_states
from tinyverify.train.network import Actor
from tinyverify.train.student import BATCH, STATES, TEMPERATURE, Distillation, distillation_loss

STEPS = {"cartpole": 6_000, "acrobot": 6_000, "pendulum": 8_000}
# Weights of the divergence of int8 from float32 on visited states and on the box, after a few runs each from 1 to 300.
ON_VISITED = {"cartpole": 30.0, "acrobot": 10.0, "pendulum": 3.0}
ON_BOX = {"cartpole": 1.0, "acrobot": 10.0, "pendulum": 1.0}
# Weight of what bends inside the box.
ON_BENDS = {"cartpole": 0.1, "acrobot": 0.03, "pendulum": 0.001}
# Weight of what rounding may add to a continuous mean: 1 took half as many boxes, and 14 % of the return.
ON_ERROR = {"cartpole": 0.0, "acrobot": 0.0, "pendulum": 0.3}
OFFSETS = 3.0  # of the offsets of inputs, beside the rounding of hidden codes
BOX_STATES, SIZE_STATES = 40_000, 512
BALANCE = 0.75


def balanced(actor: Actor, low: np.ndarray, high: np.ndarray, exponent: float) -> Actor:
    """The same function with hidden units scaled towards one maximum over the box [low, high].

    Unit j is multiplied by (largest maximum / its maximum)^exponent and its outgoing weights are divided by that; ReLU
    lets both pass (Nagel et al., arXiv:1906.04721). Exponent 0 changes nothing, 1 makes all maxima equal.
    """
    most = box_maximum(actor.hidden_weight, actor.hidden_bias, low, high)
    largest = max(float(most.max()), 1e-6)
    factor = (largest / np.maximum(most, largest / 64)) ** exponent
    arrays = (
        actor.hidden_weight * factor[:, None],
        actor.hidden_bias * factor,
        actor.output_weight / factor,
        actor.output_bias,
    )
    return Actor(*(np.ascontiguousarray(array, dtype=np.float32) for array in arrays))


def without_idle(actor: Actor, low: np.ndarray, high: np.ndarray) -> Actor:
    """The same function on the box [low, high], with hidden units that are never above 0 there set to 0.

    They add nothing, and a bias that is large beside their weights would not fit int16 lanes.
    """
    used = box_maximum(actor.hidden_weight, actor.hidden_bias, low, high) > 0
    arrays = (
        actor.hidden_weight * used[:, None],
        actor.hidden_bias * used,
        actor.output_weight * used,
        actor.output_bias,
    )
    return Actor(*(np.ascontiguousarray(array, dtype=np.float32) for array in arrays))


class QuantizationAware(Distillation):
    """A run that starts from `student` and sees the int8 program of each step's weights."""

    learning_rate, what = 2e-3, "fine-tune, loss"

    def __init__(
        self,
        teacher: Actor,
        student: Actor,
        environment: Environment,
        seed: int,
        steps: int,
        consistency: float | None = None,
    ) -> None:
        super().__init__(teacher, environment, len(student.hidden_bias), seed, TEMPERATURE, steps)
        torch = self.torch
        low, high = np.array(environment.observation_low), np.array(environment.observation_high)
        self.consistency = ON_VISITED[environment.name] if consistency is None else consistency
        self.inputs = input_codes(low, high)
        self.low, self.high = (torch.from_numpy(np.float32(side)) for side in (low, high))
        start = balanced(student, low, high, BALANCE)
        with torch.no_grad():
            for layer, weight, bias in (
                (0, start.hidden_weight * self.std, start.hidden_bias + start.hidden_weight @ self.mean),
                (2, start.output_weight, start.output_bias),
            ):
                self.network[layer].weight.copy_(torch.from_numpy(np.float32(weight)))
                self.network[layer].bias.copy_(torch.from_numpy(np.float32(bias)))
        self._add(visited_states(student, environment, STATES, seed)[0])
        self.box = self._scaled(self.rng.uniform(low, high, (BOX_STATES, len(low))))
        self.box_batches = torch.Generator().manual_seed(seed)

    def loss(self, batch: Any) -> Any:
        box = self.box[self.torch.randint(len(self.box), (BATCH,), generator=self.box_batches)]
        visited = self.states[batch]
        near = distillation_loss(self.network(visited), self.int8(visited), self.environment, 1.0)
        far = distillation_loss(self.network(box), self.int8(box), self.environment, 1.0)
        name = self.environment.name
        loss = super().loss(batch) + self.consistency * near + ON_BOX[name] * far
        loss = loss + ON_BENDS[name] * self.bends() if ON_BENDS[name] else loss
        return loss + ON_ERROR[name] * self.mean_error() if ON_ERROR[name] else loss

    def bends(self) -> Any:
        """How far outputs may be from affine functions on the whole box; differences of logits in units of their size.

        A unit with values from -l to u on the box lies up to u l / (u + l) below its chord; that counts with its
        outgoing weights, or, between actions, with their spread.
        """
        above, below = self._reach()
        gap = above * below / (above + below).clamp(min=1e-6)
        out = self.network[2].weight
        if not self.environment.discrete:
            return (out.abs() * gap).sum()
        outputs = self.network(self.box[:SIZE_STATES])
        spread = out.amax(dim=0) - out.amin(dim=0)
        return (spread * gap).sum() / (outputs.amax(dim=1) - outputs.amin(dim=1)).mean().clamp(min=1e-6)

    def mean_error(self) -> Any:
        """What rounding may add to a continuous mean, about: half a code of every hidden unit, and OFFSETS times half a
        code of every input where tanh is steep, on average over samples of the box."""
        torch = self.torch
        weight, _ = self._first_layer()
        mean_row = self.network[2].weight[0]
        box = self.box[torch.randint(len(self.box), (SIZE_STATES,), generator=self.box_batches)]
        hidden = box @ self.network[0].weight.T + self.network[0].bias
        mean = (torch.relu(hidden) @ mean_row + self.network[2].bias[0]).detach()
        slope = ((hidden > 0).float() * mean_row) @ weight
        offset = (slope.abs() * (self.high - self.low) / 510).sum(dim=1) * (1 - torch.tanh(mean) ** 2)
        return (mean_row.abs() * self._reach()[0]).sum() / 510 + OFFSETS * offset.mean()

    def _reach(self) -> tuple[Any, Any]:
        """How far each hidden unit reaches above and below 0 on the box."""
        torch = self.torch
        weight, bias = self._first_layer()
        above = torch.relu(torch.maximum(weight * self.low, weight * self.high).sum(dim=1) + bias)
        return above, torch.relu(-torch.minimum(weight * self.low, weight * self.high).sum(dim=1) - bias)

    def int8(self, states: Any) -> Any:
        """Outputs [n, outputs] of the int8 program for standardized `states`, as `quantize` would make it."""
        torch = self.torch
        scale, inverse, zero = (
            torch.from_numpy(np.float32(part))
            for part in (self.inputs.scale, self.inputs.inv_scale, self.inputs.zero_point)
        )
        weight, bias = self._first_layer()
        mean, std = self._standards()
        codes = torch.clamp(torch.round((states * std + mean) * inverse) + zero, -128, 127) - zero
        with torch.no_grad():
            most = torch.maximum(weight * self.low, weight * self.high).sum(dim=1) + bias
            unit = float(torch.clamp(most.max(), min=1e-6)) / 255
            rows = ((weight * scale).numpy(), bias.numpy(), self.inputs.zero_point)
            layer = quantize_first_layer(*rows, unit)
            row_scale = torch.from_numpy(layer.scale)[:, None]
        hidden = codes @ _rounded(weight * scale, row_scale).T + bias
        hidden = torch.clamp(_rounded(hidden, layer.output_scale), min=0.0)
        out = self.network[2]
        return hidden @ _codes(out.weight, self.environment.discrete).T + out.bias

    def _first_layer(self) -> tuple[Any, Any]:
        """Weight and bias of the hidden layer for states that are not standardized."""
        mean, std = self._standards()
        weight = self.network[0].weight / std
        return weight, self.network[0].bias - weight @ mean

    def _standards(self) -> tuple[Any, Any]:
        return tuple(self.torch.from_numpy(np.float32(part)) for part in (self.mean, self.std))


def _rounded(values: Any, unit: Any) -> Any:
    """`values` to the nearest multiple of `unit`, with the gradient of no rounding."""
    return values + ((values / unit).round() * unit - values).detach()


def _codes(weight: Any, common: bool) -> Any:
    """Rows of `weight` to 127 codes either side of 0: a scale a row, or one for all."""
    most = weight.detach().abs().amax(dim=1, keepdim=True)
    return _rounded(weight, (most.max() if common else most).clamp(min=1e-9) / 127)
