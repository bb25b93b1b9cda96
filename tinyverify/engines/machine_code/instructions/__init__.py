"""Instruction semantics, one class a file; `ENCODINGS` of each file together are all that is decoded.

Serves `kernel.object_code`. Each file names the sections of the Arm ARM (DDI 0553) that it follows. An instruction
that stands in none of them makes the obligation UNKNOWN.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Decoder
from tinyverify.engines.machine_code.instructions import (
    add_subtract,
    bit_field,
    branch,
    conditional_select,
    divide,
    extend_saturate,
    float_compare,
    float_scalar,
    float_transfer,
    load_store,
    load_store_multiple,
    logical,
    long_shift,
    loops,
    move,
    multiply,
    predication,
    shift,
    vector_across,
    vector_arithmetic,
    vector_compare,
    vector_float,
    vector_gather,
    vector_load_store,
    vector_logical,
    vector_move,
    vector_multiply,
    vector_narrow,
    vector_shift,
)

TABLES = (
    add_subtract.ENCODINGS,
    bit_field.ENCODINGS,
    branch.ENCODINGS,
    conditional_select.ENCODINGS,
    divide.ENCODINGS,
    extend_saturate.ENCODINGS,
    float_compare.ENCODINGS,
    float_scalar.ENCODINGS,
    float_transfer.ENCODINGS,
    load_store.ENCODINGS,
    load_store_multiple.ENCODINGS,
    logical.ENCODINGS,
    long_shift.ENCODINGS,
    loops.ENCODINGS,
    move.ENCODINGS,
    multiply.ENCODINGS,
    predication.ENCODINGS,
    shift.ENCODINGS,
    vector_across.ENCODINGS,
    vector_arithmetic.ENCODINGS,
    vector_compare.ENCODINGS,
    vector_float.ENCODINGS,
    vector_gather.ENCODINGS,
    vector_load_store.ENCODINGS,
    vector_logical.ENCODINGS,
    vector_move.ENCODINGS,
    vector_multiply.ENCODINGS,
    vector_narrow.ENCODINGS,
    vector_shift.ENCODINGS,
)


def decoder() -> Decoder:
    """The decoder over every encoding that is modelled."""
    return Decoder(TABLES)
