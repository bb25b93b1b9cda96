"""The worst-case bound of one inference as a formula in the shape, so that its growth can be read off.

Serves the reports of `wcet.*`, and no obligation: each firmware has a certified bound of its own. The coefficients are
the least whole cycles whose sum is at or above the bounds of all shapes that were analysed (`python -m
tests.fit_closed_form`, default build, one hidden layer, a formula for discrete and one for continuous policies);
elsewhere the formula is an extrapolation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sympy

from tinyverify.artifacts.policy import Policy

DATA = Path(__file__).with_name("closed_form.json")
INPUTS, HIDDEN, OUTPUTS = sympy.symbols("n h m", integer=True, positive=True)


@dataclass(frozen=True)
class ClosedForm:
    """`cycles`: sympy expression in n inputs, h hidden units, m actions. `shapes`: what was analysed, by dimension.

    `largest_excess`: by which share the formula exceeds the bound of an analysed shape at the most.
    """

    cycles: sympy.Expr
    shapes: dict[str, list[int]]
    largest_excess: float

    def at(self, inputs: int, hidden: int, outputs: int) -> int:
        """The formula's cycles for one shape."""
        return int(self.cycles.subs({INPUTS: inputs, HIDDEN: hidden, OUTPUTS: outputs}))

    def growth(self, symbol: sympy.Symbol) -> sympy.Expr:
        """Cycles for one unit more of `symbol`, averaged over a block of sixteen for hidden units."""
        smooth = self.cycles.replace(sympy.ceiling, lambda argument: argument)
        return sympy.expand(sympy.diff(smooth, symbol))


@cache
def closed_form(head: str = "discrete") -> ClosedForm:
    """The stored formula for policies with that head: discrete or continuous."""
    content = json.loads(DATA.read_text())[head]
    blocks = sympy.ceiling(HIDDEN / 16)
    terms = (1, INPUTS, blocks, INPUTS * blocks, OUTPUTS, OUTPUTS * blocks)
    cycles = sum((c * term for c, term in zip(content["coefficients"], terms, strict=True)), sympy.Integer(0))
    return ClosedForm(sympy.collect(sympy.expand(cycles), blocks), content["shapes"], content["largest_excess"])


def describe(policy: Policy) -> dict | None:
    """Formula, growth and value for the shape of `policy`, as plain data; None outside the family it speaks about."""
    form = closed_form("discrete" if policy.discrete else "continuous")
    if len(policy.layers) != 2 or policy.obs_dim > max(form.shapes["inputs"]):
        return None
    hidden = policy.layers[0].weight.shape[0]
    letters = "n inputs, h hidden units" + (", m actions" if policy.discrete else "")
    shapes = " x ".join(str(len(values)) for values in form.shapes.values())
    return {
        "text": f"Growth with the shape ({letters}), fitted from above to {shapes} analysed shapes, no bound by itself",
        "formula": str(form.cycles),
        "cycles": form.at(policy.obs_dim, hidden, policy.outputs),
        "per_hidden_unit": str(form.growth(HIDDEN)),
        "largest_excess": form.largest_excess,
    }
