"""Planted faults: bits of `tv_infer` and bytes of its tables, flipped in the linked ELF. None that matters is accepted.

A flip that the prover accepts must change nothing: the patched firmware is run on the emulated core and compared with
the reference on a thousand observations. `TINYVERIFY_FAULTS=10` plants ten times as many; `python -m
tests.planted_faults` plants all.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.planted_faults.faults import Fault, code_faults, faulty, table_faults
from tests.planted_faults.judge import Bench, Verdict, bench, solve
from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.binary.elf import Firmware
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, require_compiler
from tinyverify.engines.emulator.covering import borders, covering
from tinyverify.engines.emulator.replay import first_departure
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator
from tinyverify.engines.machine_code.evaluate import Evaluation
from tinyverify.engines.machine_code.instructions import decoder
from tinyverify.engines.machine_code.linear import Value, add, combine, scale
from tinyverify.engines.machine_code.prove import prove
from tinyverify.engines.machine_code.tabulate import Merging
from tinyverify.engines.machine_code.terms import Terms
from tinyverify.obligations.object_code import object_code_of, with_replay
from tinyverify.obligations.obligation import Settings
from tinyverify.results import Status
from tinyverify.semantics.policy import infer
from tinyverify.semantics.requantize import requantize

FAULTS = int(os.environ.get("TINYVERIFY_FAULTS", "1"))
CODE_FLIPS, TABLE_FLIPS = 60 * FAULTS, 60 * FAULTS
emulated = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")


@pytest.fixture(scope="module")
def cartpole(policies, tmp_path_factory) -> Bench:
    policy = policies["cartpole"]
    folder = tmp_path_factory.mktemp("firmware")
    made = build(emit(policy, None, folder / "firmware", unproved=True), require_compiler())
    return bench(policy, made.product)


def _judged(cartpole: Bench, faults: list[Fault], count: int, seed: int) -> Counter:
    """Verdicts on `count` random ones of `faults`. Fails if one is proved and matters, or refuted and does not."""
    chosen = [faults[at] for at in np.random.default_rng(seed).choice(len(faults), count, replace=False)]
    judged = cartpole.judge(chosen)
    counts = Counter(item.verdict for item in judged)
    print(dict(counts))
    assert [item for item in judged if item.verdict in (Verdict.WRONG, Verdict.CONTRADICTED)] == []
    return counts


@emulated
def test_code_flips(cartpole) -> None:
    """What is neither refuted nor equivalent is left open: a few in a hundred."""
    faults = list(code_faults(cartpole.firmware, cartpole.base.addresses, decoder()))
    counts = _judged(cartpole, faults, CODE_FLIPS, 5)
    assert counts[Verdict.EQUIVALENT] <= CODE_FLIPS // 10
    assert counts[Verdict.REFUTED] >= CODE_FLIPS // 8
    refuted = counts[Verdict.REFUTED] + counts[Verdict.RUN] + counts[Verdict.CRASHED]
    assert refuted >= 9 * CODE_FLIPS // 10


@emulated
def test_table_flips(cartpole) -> None:
    """No byte of a table that matters is left open."""
    counts = _judged(cartpole, list(table_faults(cartpole.policy, cartpole.firmware, 8)), TABLE_FLIPS, 6)
    assert counts[Verdict.REFUTED] >= TABLE_FLIPS // 3
    assert counts[Verdict.OPEN] <= TABLE_FLIPS // 60


def test_a_byte_that_the_run_does_not_read_changes_no_proof(cartpole) -> None:
    """What the planting takes for granted of such bytes, proved for some."""
    unread = [f for f in table_faults(cartpole.policy, cartpole.firmware, 1) if f.address not in cartpole.read]
    assert 0 < len(unread) < len(cartpole.read)
    for fault in unread[:: len(unread) // 4]:
        outcome = cartpole.prove(fault)
        assert outcome.status is Status.PROVED
        assert (outcome.atoms, outcome.addresses) == (cartpole.base.atoms, cartpole.base.addresses)


def test_another_policy_is_refuted_with_an_observation(cartpole) -> None:
    """A firmware whose numbers are another policy's: the counterexample replays on the emulated core."""
    policy, firmware = cartpole.policy, cartpole.firmware
    other = policy.file.model_dump(mode="json")
    other["layers"][0]["bias"][3] += 1
    changed = policy_from_content(Path("policy.json"), other)
    result = object_code_of(changed, firmware, Settings())
    assert result.status is Status.REFUTED
    bits = [int(text, 16) for text in result.evidence["counterexample"]["observation_bits"]]
    if find_emulator() is not None:
        seen = first_departure(changed, firmware, np.array([bits], np.uint32))
        assert seen is not None and seen.field == "acc"


@emulated
def test_a_rare_difference_is_found(cartpole) -> None:
    """Multipliers that are wrong at a handful of accumulator values, seldom hit at random, or at none."""
    table = next(s for s in cartpole.firmware.symbols if s.name == "tv_layer0_multiplier")
    channels = range(0, len(cartpole.policy.layers[0].bias), 4)  # int16 lanes hold the upper half: its last bit
    judged = cartpole.judge([Fault(table.address + 2 * channel, 0x01, "table", table.name) for channel in channels])
    assert {item.verdict for item in judged} <= {Verdict.REFUTED, Verdict.EQUIVALENT}
    assert sum(item.verdict is Verdict.REFUTED for item in judged) >= 4


def test_other_shape_or_missing_function_is_never_proved(cartpole, tmp_path) -> None:
    firmware = cartpole.firmware
    wider = synthetic_policy((5, 64, 2))
    with pytest.raises(ArtifactError, match="bytes, the bundle's policy has"):
        object_code_of(wider, firmware, Settings())
    stripped = Firmware(firmware.path, "0" * 64, 0, firmware.sections, firmware.segments, ())
    with pytest.raises(ArtifactError):
        object_code_of(wider, stripped, Settings())


def test_sections_that_are_not_loaded_are_refused(cartpole) -> None:
    """Other bytes in the section headers' view than in the program headers' are no proof about what runs."""
    policy, firmware = cartpole.policy, cartpole.firmware
    code = next(
        s for s in firmware.sections if s.executable and s.data and firmware.function("tv_infer").section == s.name
    )
    forged = replace(code, data=bytes([code.data[0] ^ 1]) + code.data[1:])
    sections = tuple(forged if s is code else s for s in firmware.sections)
    with pytest.raises(ArtifactError, match="other bytes"):
        prove(policy, replace(firmware, sections=sections), cartpole.tried, solve)
    twice = replace(code, name=".again")
    with pytest.raises(ArtifactError, match="overlaps"):
        prove(policy, replace(firmware, sections=(*firmware.sections, twice)), cartpole.tried, solve)


@emulated
def test_counterexamples_are_run_and_open_runs_tried_on_the_core(cartpole) -> None:
    """REFUTED by terms is confirmed; what the terms leave open is refuted by the core where it differs; and a
    counterexample that the core does not show is an error of the instruction semantics, not of the firmware."""
    policy = cartpole.policy
    weight = next(s for s in cartpole.firmware.symbols if s.name == "tv_layer0_weight")
    broken = faulty(cartpole.firmware, Fault(weight.address, 0x20, "table", weight.name))
    refuted = object_code_of(policy, broken, Settings())
    assert refuted.status is Status.REFUTED
    confirmed = with_replay(refuted, policy, broken)
    assert confirmed.status is Status.REFUTED and "reference" in confirmed.evidence["replay"]
    assert with_replay(refuted, policy, cartpole.firmware).status is Status.ERROR
    unknown = refuted.model_copy(update={"status": Status.UNKNOWN, "evidence": {}})
    assert with_replay(unknown, policy, broken).status is Status.REFUTED
    assert with_replay(unknown, policy, cartpole.firmware).status is Status.UNKNOWN


def _replaced(cartpole: Bench, old: str, new: str) -> Firmware:
    """The firmware with the first instruction `old` of its run replaced by `new`, both in hexadecimal."""
    before, after = bytes.fromhex(old), bytes.fromhex(new)
    addresses = sorted(set(cartpole.base.addresses))
    start = next(at for at in addresses if cartpole.firmware.read(at, len(before)) == before)
    broken = cartpole.firmware
    for k, (a, b) in enumerate(zip(before, after, strict=True)):
        broken = faulty(broken, Fault(start + k, a ^ b, "opcode", old))
    return broken


@emulated
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("7047", "00de", "the core takes a UsageFault at .*: undefined instruction"),  # bx lr: udf
        ("82b0", "83b0", "MemManage at .*: instruction access violation"),  # sub sp, #8: #12, so it returns elsewhere
        ("4ff0ff32", "4df0ff32", None),  # mov.w r2, #-1: orr.w r2, sp, #-1, which is UNPREDICTABLE, does the same here
    ],
    ids=["undefined", "unbalanced", "same"],
)
def test_what_the_symbolic_run_does_not_follow_is_decided_by_the_core(cartpole, old, new, says) -> None:
    """Refuted with an observation where the core faults, hangs or breaks a convention; else UNKNOWN, and why."""
    broken = _replaced(cartpole, old, new)
    unknown = object_code_of(cartpole.policy, broken, Settings())
    result = with_replay(unknown, cartpole.policy, broken)
    if says is None:
        assert unknown.status is Status.UNKNOWN and "not in the tables" in unknown.detail
        assert result.status is Status.UNKNOWN and result.detail == unknown.detail
        assert "no difference" in result.evidence["replay"]
        return
    assert result.status is Status.REFUTED
    assert re.search(says, result.evidence["replay"]), result.evidence["replay"]
    assert len(result.evidence["counterexample"]["observation_bits"]) == cartpole.policy.obs_dim


@emulated
@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("7047", "f047", Status.PROVED),  # bx lr: blx lr, and lr is free after a call
        ("16ef4445", "16ef5445", Status.PROVED),  # vrshl.s16: vqrshl.s16, where all counts are negative
        ("86f30800", "a6f30800", Status.PROVED),  # usat #8: usat16 #8, of a number that fits 16 bits
        ("86f30800", "06f30800", Status.PROVED),  # usat #8: ssat #9, as max(a, b) - a is not negative
        ("a2eb0101", "a0eb0101", Status.PROVED),  # max(a, b) - a: b - a, which is clamped to the same index
        ("43f24657", "43f24757", Status.PROVED),  # a multiplier of 1944728902: one more, for differences below 2^18
        ("c0fb0721", "c0fb0761", Status.PROVED),  # smlal r2: smlal r6, the other distance, of which one is always 0
        ("c1fb0763", "c1fb0723", Status.PROVED),  # smlal r6: smlal r2
        ("0ff03fc0", "1ff03fc0", Status.PROVED),  # le: letp, which counts ones where no tail is cut off
        ("43f24657", "c3f24657", Status.REFUTED),  # movw r7: movt r7, so half of a multiplier is the caller's
    ],
)
def test_other_instructions_are_proved_where_they_do_the_same(cartpole, old, new, status) -> None:
    changed = _replaced(cartpole, old, new)
    result = object_code_of(cartpole.policy, changed, Settings())
    assert result.status is status, result.detail
    seen = first_departure(cartpole.policy, changed, cartpole.cases)
    assert (seen is None) == (status is Status.PROVED), seen


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "93ed012a",
            "93ed012b",
            "load of 4 bytes at .*, outside constant memory",
        ),  # vldr s4: d2, over the end of a table
        ("6e46", "6e4e", "store of 1 bytes at 0x2000.*, which the function must not write"),  # mov r6, sp: ldr r6, =...
    ],
)
def test_an_access_that_the_core_lets_through_is_refuted(cartpole, old, new, says) -> None:
    changed = _replaced(cartpole, old, new)
    refuted = object_code_of(cartpole.policy, changed, Settings())
    assert refuted.status is Status.REFUTED and re.search(says, refuted.detail), refuted.detail
    confirmed = with_replay(refuted, cartpole.policy, changed)
    assert (confirmed.status, confirmed.detail) == (Status.REFUTED, refuted.detail)


@emulated
def test_a_run_without_end_departs_and_brings_nothing_down(cartpole) -> None:
    """An endless loop (bx lr: a branch to itself) ends at the limit of instructions, not at one of time."""
    departure = first_departure(cartpole.policy, _replaced(cartpole, "7047", "fee7"), cartpole.cases)
    assert departure is not None
    assert (departure.field, departure.text) == ("limit", "does not return within 5,000,000 instructions")


@emulated
def test_the_code_does_not_reach_the_emulators_host(cartpole) -> None:
    """bx lr: a call of semihosting, by which a program opens files or ends the emulator, is a fault like others."""
    departure = first_departure(cartpole.policy, _replaced(cartpole, "7047", "abbe"), cartpole.cases)
    assert departure is not None and departure.field == "fault"


@emulated
def test_an_access_beside_the_objects_is_refuted(cartpole) -> None:
    """Loads and stores that change no output are seen by the memory protection unit, or as an overwritten word."""
    changes = []
    for part in ("register", "immediate"):
        faults = code_faults(cartpole.firmware, cartpole.base.addresses, decoder())
        changes += [f for f in faults if f.part == part and f.place.startswith(("str", "vstr", "ldr", "vldr"))][::16]
    outside = [
        item for item in cartpole.judge(changes) if "leave [" in item.reason or "outside constant" in item.reason
    ]
    assert len(outside) >= 3
    assert all(item.verdict in (Verdict.REFUTED, Verdict.RUN, Verdict.CRASHED) for item in outside), outside


def test_a_table_is_covered(cartpole, policies) -> None:
    """One wrong entry anywhere in the softmax table is found, however seldom random observations read it."""
    for policy in (cartpole.policy, policies["acrobot"]):
        head, least = policy.head, borders(policy)
        acc = infer(policy, covering(policy)).acc
        distances = acc.max(axis=1, keepdims=True) - acc
        read = requantize(distances, head.multiplier[0], head.shift[0], -128, mode=policy.rounding)
        assert set(range(-128, 128)) == set(read.ravel().tolist())
        assert np.isin(least, distances).mean() > 0.9 and np.isin(least - 1, distances).mean() > 0.9
    table = next(s for s in cartpole.firmware.symbols if s.name == "tv_table_exp")
    for at in range(0, 256, 51):
        assert cartpole.prove(Fault(table.address + at, 1, "table", table.name)).status is Status.REFUTED


def test_tabulation_merges_what_is_equal_everywhere_and_nothing_else() -> None:
    """A rounding written in two ways is merged; one that differs at a single value, which no sample hits, is not."""
    terms = Terms()
    x = [terms.input("x", i, -128, 127) for i in range(3)]
    total = combine(0, zip((300, -7, 1), x, strict=True))
    high = terms.floor(add(scale(total, 1_500_000_001), 1 << 30), 31)
    quotient = terms.floor(high, 5)
    above = terms.ge(add(add(high, quotient, -32), -16))
    wanted = terms.clamp(terms.floor(add(high, 16), 5), -600, 5000)
    rng = np.random.default_rng(0)
    values = rng.integers(-128, 127, (3, 50))  # never 127
    samples = Evaluation(terms, 50, lambda name, index: values[index])
    rounded = add(quotient, terms.bit(above))
    machine = terms.clamp(rounded, -600, 5000)
    assert not terms.same(machine, wanted)
    for from_codes in (False, True):
        assert terms.same(Merging(terms, [wanted], samples, from_codes).value(machine), wanted)
    largest = terms.bounds(total)[1]
    once = terms.bit(terms.ge(add(total, -largest)))
    wrong = terms.clamp(add(rounded, once, -1), -600, 5000)
    for from_codes in (False, True):
        assert not terms.same(Merging(terms, [wanted], samples, from_codes).value(wrong), wanted)


def test_the_larger_of_two_less_one_of_them_is_a_function_of_their_difference() -> None:
    """`max(a, b) - a`, never negative, is clamped as `b - a` is; without the clamp below zero it is another."""
    terms = Terms()
    x = [terms.input("x", i, -128, 127) for i in range(3)]
    a, b = (combine(k, zip(row, x, strict=True)) for k, row in ((5, (90, -7, 60)), (-80, (3, 71, -55))))
    distance = add(terms.maximum([a, b]), a, -1)
    assert terms.bounds(distance) == (0, terms.bounds(add(b, a, -1))[1])
    rng = np.random.default_rng(0)
    values = rng.integers(-128, 128, (3, 500))
    samples = Evaluation(terms, 500, lambda name, index: values[index])

    def entry(number: Value, low: int) -> Value:
        scaled = terms.floor(add(scale(number, 1_944_728_902), 1 << 36), 37)
        return terms.lookup(bytes(k * k % 251 for k in range(256)), add(terms.clamp(scaled, low, low + 255), -low))

    wanted = entry(distance, 0)
    machine = entry(add(b, a, -1), 0)
    assert not terms.same(machine, wanted)
    assert terms.same(Merging(terms, [wanted], samples, False).value(machine), wanted)
    below = entry(add(b, a, -1), -9)
    assert not terms.same(Merging(terms, [wanted], samples, False).value(below), wanted)


def test_a_ramp_between_functions_of_one_input_and_another_input_is_left_alone() -> None:
    """`max(f(x) + y, g(x) + y) - f(x) - y` depends on x alone, but its parts do not: nothing is tabulated over x."""
    terms = Terms()
    x, y = terms.input("x", 0, -128, 127), terms.input("y", 0, -5000, 5000)
    f, g = terms.floor(scale(x, 77), 3), terms.floor(scale(x, -91), 2)
    distance = add(terms.maximum([add(f, y), add(g, y)]), add(f, y), -1)
    rng = np.random.default_rng(0)
    values = {"x": rng.integers(-128, 128, (1, 500)), "y": rng.integers(-5000, 5000, (1, 500))}
    samples = Evaluation(terms, 500, lambda name, index: values[name][index])
    wanted = terms.clamp(terms.floor(add(distance, 4), 3), 0, 200)
    machine = terms.clamp(terms.floor(add(add(g, f, -1), 4), 3), 0, 200)
    for from_codes in (False, True):
        merged = Merging(terms, [wanted], samples, from_codes).value(machine)
        assert terms.same(merged, wanted) or terms.same(merged, machine)


def test_atoms_that_only_together_are_the_references_are_merged() -> None:
    """`x mod 2 + 2 floor(x / 2)` is x, below a shift that another input is taken out of; one value may not differ."""
    terms = Terms()
    x = [terms.input("x", i, -128, 127) for i in range(3)]
    y = terms.input("y", 0, -128, 127)
    total = combine(0, zip((35, 7, 73), x, strict=True))
    half = terms.floor(total, 1)
    wanted = terms.floor(combine(40, [(1, half), (6, y)]), 7)
    rng = np.random.default_rng(0)
    values = {"x": rng.integers(-128, 127, (3, 50)), "y": rng.integers(-128, 127, (1, 50))}  # never 127
    samples = Evaluation(terms, 50, lambda name, index: values[name][index])

    def machine(off: Value) -> Value:
        return terms.floor(combine(40, [(1, terms.mod(half, 1)), (2, terms.floor(total, 2)), (6, y), (1, off)]), 7)

    once = terms.bit(terms.ge(add(total, -terms.bounds(total)[1])))
    assert not terms.same(machine(0), wanted)
    assert terms.same(Merging(terms, [wanted], samples, True).value(machine(0)), wanted)
    assert not terms.same(Merging(terms, [wanted], samples, True).value(machine(once)), wanted)


def test_code_that_nothing_reaches_or_that_may_change_is_not_proved(cartpole) -> None:
    """A branch over an instruction, and a code section that is writable: one message with the place."""
    policy, firmware = cartpole.policy, cartpole.firmware
    entry = firmware.function("tv_infer")
    longer = replace(entry, size=entry.size + 2)
    section = next(s for s in firmware.sections if s.name == entry.section)
    at = longer.end - 2 - section.address
    idle = replace(section, data=section.data[:at] + b"\x40\x1c" + section.data[at + 2 :])  # adds r0, r0, #1
    segments = tuple(
        replace(s, data=s.data.replace(section.data, idle.data)) if section.data in s.data else s
        for s in firmware.segments
    )
    symbols = tuple(longer if s is entry else s for s in firmware.symbols)
    sections = tuple(idle if s is section else s for s in firmware.sections)
    outcome = prove(
        policy, replace(firmware, sections=sections, segments=segments, symbols=symbols), cartpole.tried, solve
    )
    assert outcome.status is Status.UNKNOWN
    assert outcome.detail == f"tv_infer holds code at {longer.end - 2:#x} that no observation reaches"
    writable = tuple(replace(s, writable=True) if s is section else s for s in firmware.sections)
    outcome = prove(policy, replace(firmware, sections=writable), cartpole.tried, solve)
    assert outcome.status is Status.UNKNOWN and f"writable section {section.name}" in outcome.detail
