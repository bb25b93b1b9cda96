"""Small programs of every shape: no executed run leaves the graph, breaks a limit, or costs more than the bound."""

from __future__ import annotations

import pytest

from tests.wcet_support import PROGRAMS, build_programs
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.emulator.run import find_emulator
from tinyverify.engines.wcet.analyse import analyse
from tinyverify.engines.wcet.certificate import check_against
from tinyverify.engines.wcet.trace import replay, trace

pytestmark = pytest.mark.skipif(find_emulator() is None, reason="qemu-system-arm is not installed")
BUILDS = [("zig", "-O2"), ("zig", "-Os"), ("gcc", "-O2")]


@pytest.fixture(scope="module", params=BUILDS, ids=lambda b: "".join(b))
def firmware(request, tmp_path_factory):
    kind, opt = request.param
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    return build_programs(tmp_path_factory.mktemp("programs"), compiler, opt)


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_run_costs_more_than_the_bound(firmware, program, tmp_path):
    found = analyse(firmware, program)
    assert check_against(found.certificate, found.graph) == found.certified == found.cycles
    seen = trace(firmware, program, tmp_path)
    runs = [replay(found, path) for path in seen.paths]
    assert seen.calls == 60
    worst = max(run.cycles for run in runs)
    assert worst <= found.executed <= found.cycles
    assert found.cycles <= 1.25 * worst  # what the inputs do not reach, and paths that no input can take
    if program in ("counted", "triangular", "early_exit", "calls", "gcd", "vector_dot", "matrix", "bits", "either"):
        assert found.cycles <= 1.02 * worst


def test_calls_are_bounded_by_context(firmware):
    """Two calls, of 3 and of 17 rounds: fewer cycles than two of 17."""
    whole = analyse(firmware, "calls")
    loops = [limit for limit in whole.graph.limits if limit.kind == "loop"]
    assert len(loops) <= 2
    backs = sum(whole.graph.counts[edge[:2]] for limit in loops for edge in limit.coefficients if edge[2] > 0)
    assert backs <= 20 * max(1, len(loops))
