"""Planted faults: bits of `tv_infer` and bytes of its tables, flipped in the linked ELF. None that matters is accepted.

A flip that the prover accepts must change nothing: the patched firmware is run on the emulated core and compared with
the reference on a thousand observations. `TINYVERIFY_FAULTS=10` plants ten times as many.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from elftools.elf.elffile import ELFFile

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compare import compare, expected_records
from tinyverify.engines.emulator.compiler import build, require_compiler
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import EmulatorError, find_emulator, run
from tinyverify.engines.machine_code.prove import Outcome, prove
from tinyverify.engines.smt import cvc5_solver, z3_solver
from tinyverify.obligations.object_code import object_code_of
from tinyverify.obligations.obligation import Settings
from tinyverify.results import Status

FAULTS = int(os.environ.get("TINYVERIFY_FAULTS", "1"))
CODE_FLIPS, TABLE_FLIPS = 120 * FAULTS, 60 * FAULTS


def _solve(query):
    return [z3_solver.solve(query, 2.0), cvc5_solver.solve(query, 2.0)]


@pytest.fixture(scope="module")
def cartpole(policies, tmp_path_factory):
    """(policy, test ELF, firmware, base outcome, observations)"""
    policy = policies["cartpole"]
    folder = tmp_path_factory.mktemp("firmware")
    made = build(emit(policy, None, folder / "firmware", unproved=True), require_compiler())
    cases, _ = observations(policy, 1024, 3)
    firmware = read_elf(made.test)
    base = prove(policy, firmware, cases, _solve)
    assert base.status is Status.PROVED, base.detail
    return policy, made.test, firmware, base, cases


def patch(elf: Path, address: int, flip: int, target: Path) -> Path:
    """A copy of `elf` with the bits `flip` of the byte at `address` turned over."""
    content = bytearray(elf.read_bytes())
    with elf.open("rb") as stream:
        sections = [s.header for s in ELFFile(stream).iter_sections() if s.header["sh_flags"] & 2]
    header = next(h for h in sections if h["sh_addr"] <= address < h["sh_addr"] + h["sh_size"])
    content[header["sh_offset"] + address - header["sh_addr"]] ^= flip
    target.write_bytes(content)
    return target


def _verdict(cartpole, address: int, flip: int, folder: Path) -> tuple[Outcome, Path]:
    policy, elf, _, base, cases = cartpole
    patched = patch(elf, address, flip, folder / "patched.elf")
    limit = 3 * base.instructions + 1000
    return prove(policy, read_elf(patched), cases, _solve, max_steps=limit), patched


def _changes_nothing(policy, elf: Path) -> bool:
    if find_emulator() is None:
        pytest.skip("an accepted flip needs the emulator to be judged")
    try:
        return compare(policy, elf, n=1000, seed=11).differing == 0
    except EmulatorError:
        return False


def test_code_flips(cartpole, tmp_path) -> None:
    policy, _, _firmware, base, _ = cartpole
    rng = np.random.default_rng(5)
    addresses = sorted({at for start in set(base.addresses) for at in range(start, start + 2)})
    counts, wrongly = Counter(), []
    for address, bit in zip(rng.choice(addresses, CODE_FLIPS), rng.integers(0, 8, CODE_FLIPS), strict=True):
        outcome, patched = _verdict(cartpole, int(address), 1 << int(bit), tmp_path)
        counts[outcome.status] += 1
        if outcome.status is Status.PROVED and not _changes_nothing(policy, patched):
            wrongly.append(f"{address:#x} bit {bit}")
    print(dict(counts))
    assert wrongly == []
    assert counts[Status.PROVED] <= CODE_FLIPS // 10
    assert counts[Status.REFUTED] >= CODE_FLIPS // 8


def test_table_flips(cartpole, tmp_path) -> None:
    policy, _, firmware, _, _ = cartpole
    rng = np.random.default_rng(6)
    tables = [s for s in firmware.symbols if s.kind == "object" and s.name.startswith("tv_") and s.size >= 4]
    tables = [s for s in tables if firmware.constant(s.address, s.size) and "gauss" not in s.name]
    counts, wrongly = Counter(), []
    for _ in range(TABLE_FLIPS):
        table = tables[rng.integers(len(tables))]
        address = table.address + int(rng.integers(table.size))
        outcome, patched = _verdict(cartpole, address, 1 << int(rng.integers(0, 8)), tmp_path)
        counts[outcome.status] += 1
        if outcome.status is Status.PROVED and not _changes_nothing(policy, patched):
            wrongly.append(f"{table.name}+{address - table.address}")
    print(dict(counts))
    assert wrongly == []
    assert counts[Status.REFUTED] >= TABLE_FLIPS // 3


def test_another_policy_is_refuted_with_an_observation(cartpole) -> None:
    """A firmware whose numbers are another policy's: the counterexample replays on the emulated core."""
    policy, elf, firmware, _, _ = cartpole
    other = policy.file.model_dump(mode="json")
    other["layers"][0]["bias"][3] += 1
    changed = policy_from_content(Path("policy.json"), other)
    result = object_code_of(changed, firmware, Settings())
    assert result.status is Status.REFUTED
    bits = [int(text, 16) for text in result.evidence["counterexample"]["observation_bits"]]
    if find_emulator() is not None:
        case = np.array([bits], np.uint32)
        wanted = expected_records(changed, case, np.ones(1, np.uint32))
        got = run(elf, case, changed.discrete)
        assert wanted["inferred"].tobytes() != got.records["inferred"].tobytes()


def test_a_rare_difference_is_found(cartpole, tmp_path) -> None:
    """Multipliers that are wrong at a handful of accumulator values, which random observations seldom hit."""
    _, _, firmware, _, _ = cartpole
    table = next(s for s in firmware.symbols if s.name == "tv_layer0_multiplier")
    refuted = 0
    for channel in range(0, table.size // 4, 8):
        outcome, _ = _verdict(cartpole, table.address + 4 * channel + 1, 0x40, tmp_path)
        assert outcome.status in (Status.REFUTED, Status.UNKNOWN)
        refuted += outcome.status is Status.REFUTED
    assert refuted >= 4


def test_other_shape_or_missing_function_is_never_proved(cartpole, tmp_path) -> None:
    _, _, firmware, _, _ = cartpole
    wider = synthetic_policy((5, 64, 2))
    assert object_code_of(wider, firmware, Settings()).status is not Status.PROVED
    stripped = Firmware(firmware.path, "0" * 64, 0, firmware.sections, firmware.segments, ())
    with pytest.raises(ArtifactError):
        object_code_of(wider, stripped, Settings())


def test_sections_that_are_not_loaded_are_refused(cartpole) -> None:
    """Other bytes in the section headers' view than in the program headers' are no proof about what runs."""
    policy, _, firmware, _, cases = cartpole
    code = next(
        s for s in firmware.sections if s.executable and s.data and firmware.function("tv_infer").section == s.name
    )
    forged = replace(code, data=bytes([code.data[0] ^ 1]) + code.data[1:])
    sections = tuple(forged if s is code else s for s in firmware.sections)
    with pytest.raises(ArtifactError, match="other bytes"):
        prove(policy, replace(firmware, sections=sections), cases, _solve)
    twice = replace(code, name=".again")
    with pytest.raises(ArtifactError, match="overlaps"):
        prove(policy, replace(firmware, sections=(*firmware.sections, twice)), cases, _solve)
