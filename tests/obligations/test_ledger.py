"""The ledger has a row for every kernel, and every obligation that it names exists and is about that kernel."""

from __future__ import annotations

import re

import pytest

from tinyverify.data import data_dir
from tinyverify.emit.kernels import plan
from tinyverify.obligations import c_hal, c_policy, ledger
from tinyverify.obligations.c_kernels import KERNELS, defined, unit_of
from tinyverify.obligations.registry import all_obligations

SOURCES, HAL = (sorted(p.name for p in (data_dir("kernels_c") / part).glob("*.c")) for part in ("src", "hal"))


def test_every_kernel_has_a_row_and_every_named_obligation_exists():
    page = ledger.page(SOURCES, HAL)
    assert len(HAL) >= 15 and all(f"| `{name}` |" in page for name in HAL)
    assert len(SOURCES) >= 20 and all(f"| `{name.removesuffix('.c')}` |" in page for name in SOURCES)
    named = set(re.findall(r"`(kernel\.\w+)`", page))
    assert named <= {obligation.id for obligation in all_obligations()}
    assert {f"kernel.{kernel.name}" for kernel in KERNELS} <= named
    assert {"kernel.hal_flash", "kernel.hal_heap", "kernel.hal_locks", "kernel.eva"} <= named


def test_the_hal_that_the_ledger_calls_proved_is_asked_about():
    asked = {function for unit in (*c_hal.flash(), *c_hal.heap(), *c_hal.locks()) for function in unit.functions}
    rows = [line for line in ledger.page(SOURCES, HAL).splitlines() if "`kernel.hal_" in line]
    proved = {line.split("`")[1].removesuffix(".c") for line in rows}
    assert proved == asked - {"tv_heap_span", "tv_heap_refuse"}  # in tv_heap_block.h


def test_every_scalar_kernel_is_proved_and_every_function_of_it():
    assert {f"tv_{kernel.name}.c" for kernel in KERNELS} == {name for name in SOURCES if "_mve" not in name}
    for kernel in KERNELS:
        unit = unit_of(kernel)
        assert f"tv_{kernel.name}" in unit.functions
        assert set(defined(unit.files[unit.entry[0]])) - set(unit.functions) <= {"tv_magnitude", "tv_code"}


@pytest.mark.parametrize("name", ["cartpole", "pendulum"])
def test_the_ledger_of_a_policy_names_each_kernel_that_is_emitted(name, policies):
    policy = policies[name]
    found = ledger.of_policy(policy)
    for build, mve in (("scalar", False), ("mve", True)):
        assert set(found[build]) == set(plan(policy, mve).sources(policy.discrete))
        assert all(found[build].values())


@pytest.mark.parametrize("name", ["cartpole", "pendulum"])
def test_every_function_of_the_emitted_scalar_c_is_asked_about(name, policies):
    asked = c_policy.asked_about_policy(policies[name])
    proved = {function for _, unit, _ in asked.values() for function in unit.functions}
    files = c_policy.c_files(policies[name])
    emitted = {function for path, text in files.items() if path.endswith(".c") for function in defined(text)}
    assert {"tv_infer", "tv_forward", "tv_sample", "tv_quantize_observation", "tv_arg_max"} & emitted
    assert emitted <= proved
