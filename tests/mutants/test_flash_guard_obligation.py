"""`flash_guard.tables` on the shipped firmware, and firmware whose guard would let a change pass."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from tinyverify.binary.elf import read_elf
from tinyverify.emit.firmware import FLASH_BASE, emit
from tinyverify.engines.emulator.compiler import build, find_compiler
from tinyverify.obligations import flash_guard
from tinyverify.obligations.linked import linked
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.question import Question
from tinyverify.results import Status

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.fixture(scope="module")
def product(policies):
    return linked(policies["cartpole"]).product


def _judge(policy, firmware):
    return flash_guard.judge(policy, firmware, Question(flash_guard.ID, flash_guard.STATEMENT, flash_guard.ENGINE))


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_shipped_policies(policies, name):
    result = flash_guard.OBLIGATIONS[0].discharge(policies[name], Settings())
    assert result.status is Status.CHECKED, result.detail
    assert result.evidence["tables"] == [item.name for item in policies[name].layout.objects]


def _patched(firmware, address: int, data: bytes):
    """The firmware with other bytes at `address`."""

    def changed(section):
        at = address - section.address
        return replace(section, data=section.data[:at] + data + section.data[at + len(data) :])

    home = firmware.section_at(address)
    return replace(firmware, sections=tuple(changed(s) if s is home else s for s in firmware.sections))


def _entry(firmware, number: int, word: int) -> int:
    symbol = next(s for s in firmware.symbols if s.name == "tv_flash_tables")
    return symbol.address + 16 * number + 4 * word


@pytest.mark.parametrize(("word", "message"), [(0, "has it at"), (1, "offset"), (2, "bytes"), (3, "expects CRC")])
@pytest.mark.parametrize("number", [0, 3, -1])
def test_an_entry_that_is_not_the_policys(product, policies, word, message, number):
    policy = policies["cartpole"]
    number %= len(policy.layout.objects)
    address = _entry(product, number, word)
    (value,) = struct.unpack("<I", product.read(address, 4))
    result = _judge(policy, _patched(product, address, struct.pack("<I", value ^ 4)))
    assert result.status is Status.REFUTED
    assert message in result.detail and policy.layout.objects[number].name in result.detail


def test_bytes_that_are_not_the_policys(product, policies):
    policy = policies["cartpole"]
    address = FLASH_BASE + policy.layout.objects[2].offset
    changed = _patched(product, address, bytes([product.read(address, 1)[0] ^ 1]))
    assert "not the policy's" in _judge(policy, changed).detail
    assert _judge(policies["acrobot"], product).status is Status.REFUTED  # another policy's guard


def test_a_guard_that_misses_a_table(product, policies):
    count = next(s for s in product.symbols if s.name == "tv_flash_table_count")
    fewer = _patched(product, count.address, (len(policies["cartpole"].layout.objects) - 1).to_bytes(4, "little"))
    assert "does not hold" in _judge(policies["cartpole"], fewer).detail
    without = replace(product, symbols=tuple(s for s in product.symbols if s.name != "tv_flash_tables"))
    assert "no tv_flash_tables" in _judge(policies["cartpole"], without).detail


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("tv_startup.c", "failed = tv_start_check();", "(void)main();\n    failed = tv_start_check();", "around"),
        ("tv_startup.c", "failed = tv_start_check();", "failed = TV_CCR == 1u ? 0u : tv_start_check();", "around"),
        (
            "tv_flash_guard.c",
            "return tv_flash_guard();",
            "return *(volatile uint32_t *)TV_FLASH_BASE == 1u;",
            "is not the",
        ),
    ],
)
def test_start_up_that_goes_around_the_guard(policies, tmp_path, file, old, new, message):
    policy = policies["cartpole"]
    firmware = emit(policy, None, tmp_path / "firmware", unproved=True)
    source = firmware / "hal" / file
    assert old in source.read_text()
    source.write_text(source.read_text().replace(old, new))
    if file == "tv_flash_guard.c":  # linked, and yet not asked: something else has to keep it
        start = firmware / "hal" / "tv_startup.c"
        text = start.read_text().replace('#include "tv_faults.h"', '#include "tv_faults.h"\n#include "tv_flash.h"')
        start.write_text(text.replace("        tv_fault();", "        tv_fault();\n        (void)tv_flash_guard();"))
    result = _judge(policy, read_elf(build(firmware, find_compiler("zig")).product))
    assert result.status is Status.REFUTED and message in result.detail
