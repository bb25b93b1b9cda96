"""Rounds of each loop, as the binary's analysis derives them, against what the C contracts state.

A contract bounds a loop by its variant, `n_in - i`: the parameter named there, with the policy's number for it, is the
most rounds. A vector kernel does what the scalar one of its name does, in fewer rounds.
"""

from __future__ import annotations

import re

import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.policy import Policy
from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.obligations.linked import Linked, linked
from tinyverify.obligations.wcet import bound_inference

BUILDS = [
    ("zig", True, "-O3"),
    ("zig", True, "-Os"),
    ("zig", False, "-O3"),
    ("gcc", True, "-O3"),
    ("gcc", False, "-Os"),
]
_VARIANT = re.compile(r"loop variant (\w+) - \w+;")


def contracts() -> dict[str, set[str]]:
    """Parameters that bound the loops of each scalar kernel, by the kernel's name."""
    sources = {path.stem: path.read_text() for path in (data_dir("kernels_c") / "src").glob("tv_*.c")}
    return {name: found for name, text in sources.items() if (found := set(_VARIANT.findall(text)))}


def parameters(policy: Policy) -> dict[str, dict[str, int]]:
    """The largest number that the policy's calls give to each parameter of each kernel."""
    shapes = [layer.weight.shape for layer in policy.layers]
    hidden = {"n_out": max(s[0] for s in shapes[:-1]), "n_in": max(s[1] for s in shapes[:-1])}
    return {kernel: {"n": policy.outputs} for kernel in contracts()} | {
        "tv_quantize_f32": {"n": policy.obs_dim},
        "tv_dense_requantize_s8": hidden,
        "tv_dense_s8": {"n_out": shapes[-1][0], "n_in": shapes[-1][1]},
    }


def kernel_of(firmware: Linked, header: int) -> str:
    """The scalar kernel that the loop at `header` belongs to: of the first of its instructions with a line of ours."""
    symbol = next(s for s in firmware.product.functions.values() if s.address <= header < s.end)
    places = (firmware.lines.at(address) for address in range(header, symbol.end, 2))
    names = (re.match(r"(tv_\w+?)(_outer|_rows)?(_int16)?(_mve)?\.c$", place[0]) for place in places if place)
    return next(match[1] for match in names if match)


@pytest.mark.parametrize("build", BUILDS, ids=lambda b: f"{b[0]}{'-mve' if b[1] else ''}{b[2]}")
@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum", "4-64-64-2"])
def test_no_loop_makes_more_rounds_than_its_contract_allows(policies, name, build):
    kind, mve, opt = build
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    policy = synthetic_policy((4, 64, 64, 2)) if name == "4-64-64-2" else policies[name]
    firmware = linked(policy, compiler, opt, mve)
    found = bound_inference(firmware)
    stated, numbers = contracts(), parameters(policy)
    # In int16 lanes 64 hidden units are eight vectors, which the compilers write out one after the other.
    assert found.infer.loops or (mve and policy.layers[0].weight.shape[0] == 64 and len(policy.layers) == 2)
    for header, back in found.infer.loops.items():
        kernel = kernel_of(firmware, header)
        most = max(numbers[kernel][parameter] for parameter in stated[kernel])
        assert back + 1 <= most, (kernel, hex(header), back, most)
