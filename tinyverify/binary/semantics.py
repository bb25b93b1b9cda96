"""What each instruction does to the abstract state.

Serves `wcet.*` and `stack.*`. Core registers, the stack and flags are followed; vector and floating point registers are
not, what moves from them to a core register is unknown. An instruction without a meaning here raises NotUnderstood,
and so does one that writes the program counter in a way that `flow.py` does not handle.
"""

from __future__ import annotations

from tinyverify.binary import words
from tinyverify.binary.decode import CORE_REGISTERS, OPPOSITE, Instruction, Memory, NotUnderstood, Shift, it_conditions
from tinyverify.binary.flags import Flags
from tinyverify.binary.machine import State, merge
from tinyverify.binary.words import TOP, Word, number

VECTOR_BITS = 128
# What a table raises on operands of a form, or on registers (pc), that its instructions have in no compiled program.
OPERAND_FAULTS = (KeyError, IndexError, TypeError, ValueError, AttributeError)
_TWO_OPERANDS = {
    "add": words.add,
    "addw": words.add,
    "sub": words.sub,
    "subw": words.sub,
    "rsb": lambda a, b: words.sub(b, a),
    "and": words.bit_and,
    "orr": words.bit_or,
    "eor": words.bit_xor,
    "orn": lambda a, b: words.bit_or(a, words.invert(b)),
    "bic": lambda a, b: words.bit_and(a, words.invert(b)),
    "mul": words.multiply,
    "udiv": words.divide_unsigned,
    "sdiv": words.divide_signed,
    "adc": lambda a, b: TOP,
    "sbc": lambda a, b: TOP,
}
_SHIFTS = ("lsl", "lsr", "asr", "ror")
_EXTENSIONS = {"sxtb": (8, True), "sxth": (16, True), "uxtb": (8, False), "uxth": (16, False)}
_LOADS = {"ldr": (4, False), "ldrb": (1, False), "ldrh": (2, False), "ldrsb": (1, True), "ldrsh": (2, True)}
_STORES = {"str": 4, "strb": 1, "strh": 2}
# One unknown word in the first operand.
_UNKNOWN_RESULT = frozenset(
    {"clz", "rbit", "rev", "rev16", "revsh", "sxtab", "sxtah", "uxtab", "uxtah", "sxtb16", "uxtb16", "sel", "mrs"}
    | {"smulbb", "smulbt", "smultb", "smultt", "smulwb", "smulwt", "smmul", "smmulr", "smuad", "pkhbt", "pkhtb"}
    | {"smlabb", "smlabt", "smlatb", "smlatt", "smlawb", "smlawt", "smmla", "smmlar", "smlad", "qadd", "qsub"}
    | {"usad8", "usada8", "ssat16", "usat16", "bfi", "rrx", "vmrs"}
    | {p + op for p in ("q", "s", "sh", "u", "uh", "uq") for op in ("add8", "add16", "sub8", "sub16", "asx", "sax")}
)
_UNKNOWN_PAIR = frozenset(
    {"umull", "smull", "umlal", "smlal", "umaal", "smlalbb", "asrl", "lsll", "lsrl"}
    | {"uqrshll", "sqrshrl", "urshrl", "srshrl", "uqshll", "sqshll", "uqrshl", "sqrshr"}
)
_VECTOR_COUNTERS = frozenset({"vidup", "vddup", "viwdup", "vdwdup", "vshlc"})
INTERRUPT_MASKS = frozenset({"primask", "basepri", "basepri_max", "faultmask"})  # no register of the program model
_NO_EFFECT = frozenset({"nop", "dmb", "dsb", "isb", "wfi", "wfe", "sev", "cpsid", "cpsie"})


def execute(state: State, instruction: Instruction) -> None:
    """Apply one instruction that does not transfer control, its IT condition included, to `state` in place."""
    try:
        _conditionally(state, instruction)
    except OPERAND_FAULTS as error:
        raise NotUnderstood(instruction.address, f"operands of {instruction.text} ({error!r})") from error


def _conditionally(state: State, instruction: Instruction) -> None:
    if instruction.condition is None or not instruction.in_it:
        _apply(state, instruction)
        return
    can_hold, can_fail = state.possible(instruction.condition)
    skipped = state.copy() if can_fail else None
    if not can_hold:
        return
    _apply(state, instruction)
    if skipped is None:
        return
    both = merge(state, skipped)
    state.registers, state.memory, state.flags, state.elements = both.registers, both.memory, both.flags, both.elements


def _apply(state: State, i: Instruction) -> None:
    name = i.name
    if name in _NO_EFFECT or it_conditions(i) or (name == "msr" and i.operands[0] in INTERRUPT_MASKS):
        return
    if name in ("cmp", "cmn", "tst", "teq"):
        _compare(state, i)
    elif name in ("dls", "dlstp"):
        state.elements = VECTOR_BITS // int(i.types[0]) if name == "dlstp" else 1
        _write(state, i, "lr", _value(state, i, i.operands[1]))
    elif name in _LOADS or name in _STORES or name in ("ldrd", "strd"):
        _load_store(state, i)
    elif name in ("push", "pop", "ldm", "ldmdb", "stm", "stmdb", "vpush", "vpop") or name[:4] in ("vldm", "vstm"):
        transfer_multiple(state, i)
    elif i.vector or name[:1] == "v":
        _vector(state, i)
    else:
        _core(state, i)


def _value(state: State, i: Instruction, operand) -> Word:
    if isinstance(operand, int):
        return number(operand)
    if operand == "zr":
        return number(0)
    if operand == "pc":
        return number(i.address + 4)
    if operand in CORE_REGISTERS:
        return state.get(operand)
    raise NotUnderstood(i.address, f"operand {operand} of {i.text}")


def _write(state: State, i: Instruction, register, value: Word) -> None:
    if register not in state.registers:
        raise NotUnderstood(i.address, f"{i.text} writes {register}")
    state.set(register, value)


def _shifted(a: Word, kind: str, amount: int) -> Word:
    if kind == "lsl":
        return words.shift_left(a, amount)
    if kind == "lsr":
        return words.shift_right(a, min(amount, 32))
    if kind == "asr":
        return words.shift_right_signed(a, min(amount, 32))
    value = a.constant
    if kind == "ror" and value is not None:
        return number((value >> amount % 32) | (value << (32 - amount % 32)))
    return TOP


def _operand_list(state: State, i: Instruction) -> tuple[str, Word, Word, tuple[str | None, str | None]]:
    """Destination, both source values, and the registers that the sources are (None if shifted or immediate)."""
    operands = list(i.operands)
    shift = operands.pop() if isinstance(operands[-1], Shift) else None
    if len(operands) == 2:
        operands.insert(0, operands[0])
    if len(operands) != 3:
        raise NotUnderstood(i.address, f"operands of {i.text}")
    destination, left, right = operands
    a, b = _value(state, i, left), _value(state, i, right)
    if shift is not None:
        b = _shifted(b, shift.kind, shift.amount) if isinstance(shift.amount, int) else TOP
        right = None
    return destination, a, b, (left if isinstance(left, str) else None, right if isinstance(right, str) else None)


def _compare(state: State, i: Instruction) -> None:
    _, a, b, (left, right) = _operand_list(state, i)
    if i.name in ("cmp", "cmn"):
        state.flags = Flags("sub" if i.name == "cmp" else "add", a, b, left, right)
    else:
        state.flags = Flags("logic", words.bit_and(a, b) if i.name == "tst" else words.bit_xor(a, b), number(0))


def _core(state: State, i: Instruction) -> None:
    name, sets_flags = i.name, False
    if name.endswith("s") and (name[:-1] in _TWO_OPERANDS or name[:-1] in (*_SHIFTS, "mov", "mvn", "rrx")):
        name, sets_flags = name[:-1], not (i.in_it and i.size == 2)
    if name in _TWO_OPERANDS or name in _SHIFTS:
        destination, a, b, sources = _operand_list(state, i)
        if name in _SHIFTS:
            value = _shifted(a, name, b.constant & 255) if b.constant is not None else TOP
        elif name in ("bic", "and") and (modulus := _alignment(name, b)):
            value = state.align_down(i.address, a, modulus)
            value = words.bit_and(a, b if name == "and" else words.invert(b)) if a.base is None else value
        else:
            value = _TWO_OPERANDS[name](a, b)
        _write(state, i, destination, value)
        if sets_flags:
            kind = {"add": "add", "sub": "sub"}.get(name, "logic")
            kept = [r if r != destination else None for r in sources]
            state.flags = (
                Flags("logic", value, number(0), result_register=destination)
                if kind == "logic"
                else Flags(kind, a, b, *kept, destination)
            )
            if name == "rsb":
                kept = [r if r != destination else None for r in sources[::-1]]
                state.flags = Flags("sub", b, a, *kept, destination)
            if name in ("adc", "sbc"):
                state.flags = None
        return
    value = _single(state, i, name)
    if value is not None:
        _write(state, i, i.operands[0], value)
    elif name in _UNKNOWN_PAIR:
        for register in i.operands[:2]:
            _write(state, i, register, TOP)
    else:
        raise NotUnderstood(i.address, f"no meaning for instruction {i.text}")
    if sets_flags:
        state.flags = Flags("logic", value, number(0), result_register=i.operands[0])


def _alignment(name: str, mask: Word) -> int:
    """The power of two that `and` or `bic` with `mask` aligns to; 0 if it does not."""
    if mask.constant is None:
        return 0
    low = mask.constant if name == "bic" else ~mask.constant & words.MASK
    return low + 1 if low and low & (low + 1) == 0 and low < 4096 else 0


def _single(state: State, i: Instruction, name: str) -> Word | None:
    """The value written to the first operand by the instructions that write one word; None if unknown to this table."""
    operands = i.operands
    if name in ("mov", "movw"):
        if len(operands) == 3 and isinstance(operands[2], Shift):
            amount = operands[2].amount
            return _shifted(_value(state, i, operands[1]), operands[2].kind, amount) if isinstance(amount, int) else TOP
        return _value(state, i, operands[1])
    if name == "mvn":
        return words.invert(_value(state, i, operands[1])) if len(operands) == 2 else TOP
    if name == "movt":
        low = words.low_bits(state.get(operands[0]), 16, False).constant
        return TOP if low is None else number(operands[1] << 16 | low)
    if name in ("adr", "adr.w"):
        return number(((i.address + 4) & ~3) + operands[1])
    if name in _EXTENSIONS and len(operands) == 2:
        return words.low_bits(_value(state, i, operands[1]), *_EXTENSIONS[name])
    if name in ("ubfx", "sbfx"):
        source = words.shift_right(_value(state, i, operands[1]), operands[2])
        return words.low_bits(source, operands[3], name == "sbfx")
    if name == "bfc":
        value, (position, width) = state.get(operands[0]), operands[1:]
        if position == 0 and value.base is not None:
            return state.align_down(i.address, value, 1 << width)
        mask = ~(((1 << width) - 1) << position) & words.MASK
        return words.bit_and(value, number(mask))
    if name in ("usat", "ssat"):
        bits = operands[1]
        least, largest = (0, (1 << bits) - 1) if name == "usat" else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        return (
            words.clamp(_value(state, i, operands[2]), least, largest) if len(operands) == 3 else _range(least, largest)
        )
    if name in ("mla", "mls"):
        product = words.multiply(_value(state, i, operands[1]), _value(state, i, operands[2]))
        return (words.add if name == "mla" else lambda p, a: words.sub(a, p))(product, _value(state, i, operands[3]))
    if name in ("csel", "csinc", "csinv", "csneg", "cinc", "cinv", "cneg", "cset", "csetm"):
        return _select(state, i, name)
    if name in _UNKNOWN_RESULT or name in _EXTENSIONS:
        return TOP
    return None


def _range(least: int, largest: int) -> Word:
    return words.between(least, largest)


def _select(state: State, i: Instruction, name: str) -> Word:
    """Conditional select and its aliases; the condition is the last operand."""
    condition = i.operands[-1]
    change = {"nc": lambda w: words.add(w, number(1)), "nv": words.invert, "eg": words.negate}.get(
        name[-2:], lambda w: w
    )
    if name in ("cset", "csetm"):
        yes, no = number(1 if name == "cset" else -1), number(0)
    elif name in ("cinc", "cinv", "cneg"):
        source = _value(state, i, i.operands[1])
        yes, no = change(source), source
    else:
        yes, no = _value(state, i, i.operands[1]), _value(state, i, i.operands[2])
        no = change(no) if name != "csel" else no
    if condition not in OPPOSITE:
        return words.join(yes, no)
    can_hold, can_fail = state.possible(condition)
    if can_hold and can_fail:
        return words.join(yes, no)
    return yes if can_hold else no


def address_of(state: State, i: Instruction, memory: Memory) -> Word:
    """The address that a memory operand names, after writing its base back where it does."""
    if memory.base == "pc":
        base = number((i.address + 4) & ~3)
    elif memory.base in state.registers:
        base = state.get(memory.base)
    else:
        return TOP  # a vector of addresses
    if memory.index is not None and memory.index in state.registers:
        moved = words.add(base, words.shift_left(state.get(memory.index), memory.shift))
    elif memory.index is not None:
        moved = words.add(base, TOP)  # a vector of offsets
    else:
        moved = words.add(base, number(memory.offset))
    if memory.mode != "offset":
        state.set(memory.base, moved)
    return base if memory.mode == "post" else moved


def _load_store(state: State, i: Instruction) -> None:
    memory = i.operands[-1]
    if not isinstance(memory, Memory):
        raise NotUnderstood(i.address, f"operands of {i.text}")
    registers = i.operands[:-1]
    if i.name in _STORES or i.name == "strd":
        size = _STORES.get(i.name, 4)
        values = [_value(state, i, r) for r in registers]  # read before the base is written back
        address = address_of(state, i, memory)
        for position, value in enumerate(values):
            state.store(words.add(address, number(4 * position)), size, value)
        return
    size, signed = _LOADS.get(i.name, (4, False))
    address = address_of(state, i, memory)
    loaded = [state.load(words.add(address, number(4 * k)), size, signed) for k in range(len(registers))]
    for register, value in zip(registers, loaded, strict=True):
        _write(state, i, register, value)


def register_bytes(register: str) -> int:
    """Bytes of a register in a list: 4 for core and S, 8 for D, 16 for Q."""
    return {"d": 8, "q": 16}.get(register[0], 4)


def transfer_multiple(state: State, i: Instruction, skip_pc: bool = False) -> None:
    """Push, pop and their general forms. `skip_pc`: pc in the list is left to the caller, who reads it before."""
    listed = i.operands[-1]
    base = "sp" if len(i.operands) == 1 else i.operands[0]
    if not isinstance(listed, tuple) or base not in state.registers:
        raise NotUnderstood(i.address, f"operands of {i.text}")
    size = sum(register_bytes(r) for r in listed)
    down = i.name in ("push", "vpush") or i.name.endswith("db")
    address = words.add(state.get(base), number(-size)) if down else state.get(base)
    after = address if down else words.add(address, number(size))
    store = i.name in ("push", "vpush") or i.name[:3] == "stm" or i.name[:4] == "vstm"
    loaded: list[tuple[str, Word]] = []
    for register in listed:
        width = register_bytes(register)
        if register == "pc" and not skip_pc:
            raise NotUnderstood(i.address, f"{i.text} writes pc")
        core = register in state.registers
        if store:
            state.store(address, width, state.get(register) if core else None)
        elif core:
            loaded.append((register, state.load(address, 4)))
        address = words.add(address, number(width))
    if len(i.operands) == 1 or i.writeback:
        state.set(base, after)
    for register, value in loaded:
        state.set(register, value)


def _vector(state: State, i: Instruction) -> None:
    """MVE and VFP: memory traffic by its extent, core registers that are written, nothing else."""
    operands = i.operands
    memory = operands[-1] if operands and isinstance(operands[-1], Memory) else None
    if memory is not None:
        listed = operands[0] if isinstance(operands[0], tuple) else operands[:1]
        size = sum(register_bytes(r) for r in listed)
        address = address_of(state, i, memory)
        if i.name[:3] == "vst":
            state.store(address, size, None)
        if i.name[:4] in ("vld2", "vld4", "vst2", "vst4") and memory.mode != "offset":
            state.set(memory.base, words.add(address, number(size)))  # `[r0]!` moves on by the whole structure
        return
    for operand in operands:  # leading core registers are results: reductions, moves, vmrs
        if operand not in CORE_REGISTERS or i.name in ("vctp", "vmsr"):
            break
        _write(state, i, operand, TOP)
    if i.name in _VECTOR_COUNTERS:
        _write(state, i, operands[1], TOP)
    if i.name == "vmrs" and operands[0] not in CORE_REGISTERS:
        state.flags = None  # vmrs APSR_nzcv, fpscr
