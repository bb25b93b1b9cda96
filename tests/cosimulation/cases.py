"""Random encodings of every modelled instruction, and random and extreme states to run them from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.engines.machine_code.encoding import Encoding, encode, field_widths
from tinyverify.engines.machine_code.instructions import (
    branch,
    float_transfer,
    load_store,
    load_store_multiple,
    loops,
    vector_gather,
    vector_load_store,
)

STATE_WORDS, BUFFER_WORDS = 48, 64
NONE = 255
SP, LR, PC = 13, 14, 15
EXTREMES = (0, 1, 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 0x7F, 0x80, 0xFF, 0x7F7F7F7F, 0x80808080, 0x40000000)
FLOATS = (0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0x00000001, 0x807FFFFF, 0x3F000000, 0x4F000000, 0xCF000000)

TO_FLAGS = bytes.fromhex("f1ee10fa")  # vmrs APSR_nzcv, FPSCR: what a comparison of floats has set
VPST_THEN, VPST_THEN_ELSE = bytes.fromhex("71fe4d0f"), bytes.fromhex("71fe4d8f")
BLOCK_FILLER = bytes.fromhex("02ef4228")  # vadd.i8 q1, q1, q1, which shows which bytes are active and how often

# What cannot be run between two branches, or needs pc, sp or lr; whole programs exercise it (test_machine_code.py).
NOT_ALONE = (branch.ENCODINGS, loops.ENCODINGS)


@dataclass(frozen=True)
class Case:
    """One encoding under test: `code` is what runs, an IT or VPST in front of it included."""

    encoding: Encoding
    fields: dict[str, int]
    code: bytes
    prefix: str
    base: int = NONE
    index: int = NONE
    offsets: int = NONE
    mask: int = 0
    stores: bool = False


def single_encodings(encodings: tuple[Encoding, ...]) -> list[Encoding]:
    """The encodings that can be run alone."""
    excluded = {id(encoding) for table in NOT_ALONE for encoding in table}
    return [e for e in encodings if id(e) not in excluded and not e.mnemonic.startswith(("adr", "vmrs flags"))]


def _is_in(encoding: Encoding, *modules) -> bool:
    return any(encoding is other for module in modules for other in module.ENCODINGS)


def _addresses(encoding: Encoding) -> bool:
    """Whether this is a load or store."""
    if _is_in(encoding, load_store, load_store_multiple, vector_load_store, vector_gather):
        return True
    return encoding.mnemonic == "vldr/vstr p0" or (encoding.mnemonic != "vmov" and _is_in(encoding, float_transfer))


def _memory(encoding: Encoding, fields: dict[str, int], addresses: bool) -> dict | None:
    """How a memory instruction addresses the buffer; {} for the others; None if this one cannot reach it."""
    if not addresses:
        return {}
    if "n" not in fields or fields["n"] >= SP:
        return None
    if _is_in(encoding, load_store_multiple) and fields["r"] >> SP:
        return None
    found = {"base": fields["n"], "stores": True}
    if "m" in fields and _is_in(encoding, load_store):
        if fields["m"] == fields["n"]:
            return None
        found["index"] = fields["m"]
    if _is_in(encoding, vector_gather):
        found["offsets"] = fields["m"]
        found["mask"] = 0x3F3F3F3F if fields["z"] == 0 else 0x003F003F if fields["z"] == 1 else 0x3F
    return found


def make_case(encoding: Encoding, rng: np.random.Generator) -> Case | None:
    """A random predictable encoding, in front of it at times an IT or a VPST."""
    widths = field_widths(encoding)
    fields = {name: int(rng.integers(0, 1 << width)) for name, width in widths.items()}
    addresses = _addresses(encoding)
    if addresses and "i" in fields:
        limit = {"vldm": 12, "vstm": 12, "vldmdb": 12, "vstmdb": 12}.get(encoding.mnemonic, 28 >> (widths["i"] < 8))
        fields["i"] = int(rng.integers(0, limit)) & ((1 << widths["i"]) - 1)
    if not encoding.when(fields):
        return None
    memory = _memory(encoding, fields, addresses)
    if memory is None:
        return None
    code = encode(encoding, fields)
    prefix = ""
    choice = rng.integers(0, 4)
    if fields.get("k"):  # a VPT block begins: fill it
        length = 4 - ((fields["k"] & -fields["k"]).bit_length() - 1)
        return Case(encoding, fields, code + length * BLOCK_FILLER, "vpt block")
    if encoding.vector and choice == 0:
        code, prefix = VPST_THEN + code, "vpst"
    elif encoding.vector and choice == 1:
        code, prefix = VPST_THEN_ELSE + code + code, "vpste"
    elif encoding.it and not encoding.vector and choice == 0:
        code, prefix = bytes([int(rng.integers(0, 14)) << 4 | 8, 0xBF]) + code, "it"
    if encoding.mnemonic.startswith("vcmp"):
        code = (code if prefix == "" else encode(encoding, fields)) + TO_FLAGS
    return Case(encoding, fields, code, prefix, **memory)


def random_words(rng: np.random.Generator, count: int) -> np.ndarray:
    """uint32 [count]: a third any, the rest extremes, small numbers, packed bytes, floats."""
    words = rng.integers(0, 1 << 32, count, dtype=np.uint64)
    kind = rng.integers(0, 8, count)
    words = np.where(kind == 0, rng.choice(EXTREMES, count), words)
    words = np.where(kind == 1, rng.integers(-300, 300, count).astype(np.int64) & 0xFFFFFFFF, words)
    words = np.where(kind == 2, rng.choice(FLOATS, count), words)
    words = np.where(kind == 3, rng.standard_normal(count).astype(np.float32).view(np.uint32).astype(np.int64), words)
    words = np.where(kind == 4, rng.integers(-70000, 70000, count).astype(np.int64) & 0xFFFFFFFF, words)
    return words.astype(np.uint32)


def make_states(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """States uint32 [count, 48] and buffers uint32 [count, 64]."""
    states = random_words(rng, count * STATE_WORDS).reshape(count, STATE_WORDS)
    states[:, 45] = rng.integers(0, 16, count).astype(np.uint32) << 28  # APSR
    lanes = rng.integers(0, 16, count)
    by_lane = sum((lanes >> lane & 1) * (0xF << 4 * lane) for lane in range(4))
    states[:, 46] = np.where(np.arange(count) % 2, by_lane, rng.integers(0, 1 << 16, count))  # P0
    states[:, 47] = 0
    return states, random_words(rng, count * BUFFER_WORDS).reshape(count, BUFFER_WORDS)
