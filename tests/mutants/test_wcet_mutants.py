"""Changed and hopeless programs: a round more, a register more, an old certificate, a loop without a bound."""

from __future__ import annotations

import pytest

from tests.wcet_support import build_programs, patched
from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.pipeline import TimingModel
from tinyverify.binary.stack import StackAnalysis
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.wcet.analyse import analyse
from tinyverify.engines.wcet.certificate import CertificateError, check_against

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    return build_programs(tmp_path_factory.mktemp("programs"), find_compiler("zig"), "-Os")


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return build_programs(tmp_path_factory.mktemp("refused"), find_compiler("zig"), "-O1", "refused.c")


def instructions(found):
    return [i for block in found.graph.blocks if block for i in block.instructions]


def test_one_round_more(firmware, tmp_path):
    """The limit of a loop in the code, raised by one: a higher bound, another file, and the old certificate refused."""
    before = analyse(firmware, "bits")
    limit = next(i for i in instructions(before) if i.name in ("cmp", "movs", "mov") and i.operands[1] in (32, 31))
    at = limit.code.index(limit.operands[1])  # the byte of the immediate
    code = limit.code[:at] + bytes([limit.code[at] + 1]) + limit.code[at + 1 :]
    changed = patched(firmware, limit.address, code, tmp_path / "more.elf")
    after = analyse(changed, "bits")
    assert after.cycles > before.cycles
    assert max(after.loops.values()) == max(before.loops.values()) + 1
    assert changed.sha256 != firmware.sha256
    with pytest.raises(CertificateError):
        check_against(before.certificate, after.graph)


def test_one_register_more(firmware, tmp_path):
    """A push of one register more makes the stack deeper, and the pop that no longer matches it is refused."""
    depth = StackAnalysis(firmware).depth(firmware.functions["calls"].address)
    push = next(i for i in instructions(analyse(firmware, "calls")) if i.name == "push")
    free = next(k for k in range(8) if not push.code[0] >> k & 1)
    code = bytes([push.code[0] | 1 << free]) + push.code[1:]
    changed = patched(firmware, push.address, code, tmp_path / "push.elf")
    with pytest.raises(NotUnderstood, match=r"without giving the stack back|leads to an address"):
        StackAnalysis(changed).depth(changed.functions["calls"].address)
    pop = next(i for i in instructions(analyse(firmware, "calls")) if i.name == "pop")
    at = 0 if pop.size == 2 else 2  # the byte of r0 .. r7 in the register list
    more = pop.code[:at] + bytes([pop.code[at] | 1 << free]) + pop.code[at + 1 :]
    both = patched(changed, pop.address, more, tmp_path / "both.elf")
    assert StackAnalysis(both).depth(both.functions["calls"].address).total == depth.total + 4


def test_a_return_to_elsewhere(firmware, tmp_path):
    """A changed saved return address is not followed blindly: `pop {.., pc}` turned into a pop of another place."""
    pop = next(i for i in instructions(analyse(firmware, "calls")) if i.name == "pop")
    fewer = bytes([pop.code[0] & pop.code[0] - 1]) + pop.code[1:]
    changed = patched(firmware, pop.address, fewer, tmp_path / "pop.elf")
    with pytest.raises(NotUnderstood, match="leads to an address that is not known"):
        analyse(changed, "calls")


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("unbounded", "no bound derived for the loop"),
        ("endless", "no bound derived for the loop"),
        ("recursive", "recursion"),
        ("indirect", "indirect call"),
        ("barrier", "no time known for instruction dsb"),
        ("undefined", "unknown instruction"),
    ],
)
def test_no_number_without_understanding(refused, function, reason):
    symbol = refused.functions[function]
    with pytest.raises(NotUnderstood, match=reason) as caught:
        analyse(refused, function, most=3_000)
    assert symbol.address <= caught.value.address < symbol.end
    assert f"{caught.value.address:#010x}" in str(caught.value)


@pytest.mark.parametrize(
    ("function", "reason"),
    [("recursive", "recursion"), ("indirect", "indirect call"), ("dynamic", "stack pointer is not known")],
)
def test_no_depth_without_understanding(refused, function, reason):
    with pytest.raises(NotUnderstood, match=reason):
        StackAnalysis(refused).depth(refused.functions[function].address)


def test_slower_models_cost_more(firmware):
    """Every parameter of the model can only add cycles."""
    base = analyse(firmware, "counted").cycles
    assert analyse(firmware, "counted", TimingModel(fetch_wait_states=1)).cycles > base
    assert analyse(firmware, "counted", TimingModel(data_wait_states=1)).cycles > base
    assert analyse(firmware, "counted", TimingModel(interrupts=2, interrupt_cycles=50)).cycles == base + 100
    assert (
        analyse(firmware, "vector_dot", TimingModel(loop_cache=False)).cycles >= analyse(firmware, "vector_dot").cycles
    )
