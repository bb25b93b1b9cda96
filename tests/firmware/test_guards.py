"""Every guard on the emulated core: the fault is provoked, the right handler runs and says so.

docs/firmware.md lists the guards. tests/mutants/test_guard_mutants.py takes each away and sees these scenarios fail.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests.firmware.guard_programs import Outcome, build_guards, file_offset, guard_cases, provoke
from tests.synthetic_policies import synthetic_policy
from tinyverify.binary.stack import EXCEPTION_FRAME_BYTES, StackAnalysis
from tinyverify.emit.firmware import FLASH_BASE, emit
from tinyverify.emit.hal import LINKED, infer_stack
from tinyverify.emit.kernels import plan
from tinyverify.engines.emulator import count
from tinyverify.engines.emulator.compiler import BuildError, compile_program, find_compiler, require_compiler
from tinyverify.engines.emulator.elf import functions, sections
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.plugin import compiled
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator, write_cases
from tinyverify.obligations.linked import linked
from tinyverify.semantics import checked, float32
from tinyverify.semantics.policy import action_bits, infer

pytestmark = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")

STOPS = {
    "main stack": Outcome(41, "stack guard\n"),
    "process stack": Outcome(41, "stack guard\n"),
    "no process stack": Outcome(41, "stack guard\n"),
    "critical stack": Outcome(41, "stack guard\n"),
    "other fault": Outcome(40, "other fault\n"),
}
GOES_ON = {
    "ready": "ready\n",
    "low stack": "stack low\n",
    "process stack left": "process stack\n",
    "output": "output\n",
    "critical": "critical\n",
}
BUILDS = [("cartpole", "zig", True), ("pendulum", "zig", True), ("cartpole", "gcc", True), ("pendulum", "gcc", False)]


@pytest.fixture(scope="module", params=BUILDS, ids=lambda build: "-".join(map(str, build)))
def guarded(request, policies, tmp_path_factory):
    name, kind, mve = request.param
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    return policies[name], build_guards(policies[name], tmp_path_factory.mktemp("guards"), compiler, mve)


def test_each_fault_reaches_its_handler(guarded, tmp_path) -> None:
    for scenario, outcome in STOPS.items():
        assert provoke(guarded[1], scenario, tmp_path) == outcome, scenario
    for scenario, text in GOES_ON.items():
        assert provoke(guarded[1], scenario, tmp_path) == Outcome(0, text), scenario


def test_the_heap_guard_names_each_refusal(guarded, tmp_path) -> None:
    outcome = provoke(guarded[1], "heap", tmp_path)
    assert outcome.code == 0 and outcome.text.endswith("heap\n"), outcome
    assert set(re.findall(r"heap guard 0000000(\d)", outcome.text)) == set("1234567")


def test_a_table_that_changes_while_the_program_runs(guarded, tmp_path) -> None:
    policy, elf = guarded
    outcome = provoke(elf, "flash", tmp_path)
    names = [item.name for item in policy.layout.objects]
    assert outcome == Outcome(0, f"flash guard {names.index('head.logit_scale'):08x}\nflash\n")


def test_a_flipped_bit_in_any_table_stops_start_up(guarded, tmp_path) -> None:
    policy, elf = guarded
    whole = elf.read_bytes()
    patched = tmp_path / "patched.elf"
    rng = np.random.default_rng(3)
    for number, item in enumerate(policy.layout.objects):
        data = bytearray(whole)
        data[file_offset(elf, FLASH_BASE + item.offset + int(rng.integers(item.size)))] ^= 1 << int(rng.integers(8))
        patched.write_bytes(data)
        assert provoke(patched, "ready", tmp_path) == Outcome(42, f"flash guard {number:08x}\n"), item.name


def test_a_table_at_another_address_stops_start_up(policies, tmp_path) -> None:
    policy = policies["cartpole"]
    objects = policy.layout.objects
    last = max((item for item in objects if item.region == "policy"), key=lambda item: item.offset)
    old, new = (f"{FLASH_BASE + at:#010x} : {{ KEEP(*(.tv.{last.name}" for at in (last.offset, last.offset + 16))
    elf = build_guards(policy, tmp_path, require_compiler(), edits=[("policy-test.ld", old, new)])
    assert provoke(elf, "ready", tmp_path) == Outcome(42, f"flash guard {objects.index(last):08x}\n")


@pytest.mark.parametrize("kind", ["zig", "gcc"])
def test_the_firmware_does_not_link_without_the_flash_guard(kind, policies, tmp_path) -> None:
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    firmware = emit(policies["cartpole"], None, tmp_path / "firmware", unproved=True)
    sources = ["example/main.c", *(f"src/tv_{name}_mve.c" for name in ("policy", "policy_tables", "flash_tables"))]
    sources += [f"hal/{name}" for name in LINKED]
    compile_program(compiler, firmware, sources, Path("policy.ld"), tmp_path / "with.elf")
    sources.remove("hal/tv_flash_guard.c")
    with pytest.raises(BuildError, match="nothing checks the tables at start-up"):
        compile_program(compiler, firmware, sources, Path("policy.ld"), tmp_path / "without.elf")


def test_checked_inference_agrees_with_the_reference(guarded, tmp_path) -> None:
    policy, elf = guarded
    count = 3_000
    cases = guard_cases(policy, count, seed=11)
    write_cases(tmp_path, cases, np.zeros(count, np.uint32))
    assert provoke(elf, "observations", tmp_path) == Outcome(0, "observations\n")
    records = np.frombuffer((tmp_path / "checked.bin").read_bytes(), "<u4").reshape(count, 4).astype(np.int64)
    flags = checked.check_observation(cases, float32.bits_of(policy.inv_scale), policy.input_zero_point)
    for flag in (1, 2, checked.FAULT_OVERFLOW, checked.FAULT_UNDERFLOW):
        assert 50 < np.count_nonzero(flags & flag) < count - 50, flag
    unsafe = (flags & checked.UNSAFE) != 0
    action = infer(policy, cases).action
    wanted = np.asarray(action if policy.discrete else action_bits(policy, action)).astype(np.int64)
    safe = 1 if policy.discrete else 0x3F800000
    assert (records[:, 0] == flags).all()
    assert (records[:, 1] == np.where(unsafe, safe, wanted)).all()
    assert (records[:, 2] == np.bitwise_or.accumulate(flags)).all()
    assert (records[:, 3] == np.cumsum(unsafe)).all()


@pytest.mark.parametrize(("kind", "mve"), [("zig", True), ("zig", False), ("gcc", True), ("gcc", False)])
@pytest.mark.parametrize("widths", [(4, 64, 2), (6, 64, 64, 3), (20, 17, 9, 16, 2), (200, 130, 70, 3), (4, 33)])
def test_the_stack_that_inference_asks_for_is_enough(widths, kind, mve) -> None:
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    policy = synthetic_policy(widths)
    firmware = linked(policy, compiler, "-O3", mve).test
    needed = StackAnalysis(firmware).depth(firmware.functions["tv_infer"].address).total + EXCEPTION_FRAME_BYTES
    assert needed <= infer_stack(plan(policy, mve))


@pytest.mark.parametrize(
    ("name", "ordinary", "most"), [("cartpole", 148, 178), ("acrobot", 188, 234), ("pendulum", 102, 126)]
)
def test_what_the_checks_cost(name, ordinary, most, policies, tmp_path) -> None:
    """Executed instructions of tv_infer_checked beyond those of the tv_infer inside it; `pytest -s` prints them.

    Ordinary: on observations inside their box, for which nothing has to be named.
    """
    policy = policies[name]
    elf = build_guards(policy, tmp_path, require_compiler())
    code = next(section for section in sections(elf) if section.name == ".hal")
    plugin = compiled(Path(count.__file__).with_name("count_plugin.c"))
    low, high = (np.array(ends, np.float32) for ends in (policy.file.input.low, policy.file.input.high))
    inside = np.random.default_rng(2).uniform(low, high, (200, policy.obs_dim)).astype(np.float32).view(np.uint32)
    extra = []
    for cases in (inside, observations(policy, 200, seed=1)[0]):
        write_cases(tmp_path, cases, np.zeros(len(cases), np.uint32))
        worst = {}
        for function, (address, size) in functions(elf, "tv_infer_checked", "tv_infer").items():
            end = address + size if function == "tv_infer" else code.address + code.size
            arguments = f"lo={code.address:#x},hi={end:#x},fn={address:#x},out={tmp_path / 'counts'}"
            assert provoke(elf, "observations", tmp_path, plugin=f"{plugin},{arguments}").code == 0
            worst[function] = max(int(line.split()[1]) for line in (tmp_path / "counts").read_text().splitlines())
        extra.append(worst["tv_infer_checked"] - worst["tv_infer"])
    print(f"\n{name}: {extra[0]} more than tv_infer's {worst['tv_infer']}, at worst {extra[1]}")
    assert 0 < extra[0] <= ordinary and extra[0] <= extra[1] <= most
