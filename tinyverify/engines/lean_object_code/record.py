"""One recorded run of `tv_infer` of a linked ELF, ready to be printed as a Lean term.

Serves `kernel.object_code` in Lean. The run is the one of engines/machine_code, on terms that keep every operation
(recorder.py).
"""

from __future__ import annotations

from tinyverify.artifacts.layout import STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.lean_object_code.export import Results, export
from tinyverify.engines.lean_object_code.expressions import NotExpressible
from tinyverify.engines.lean_object_code.program import Program
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Decoder
from tinyverify.engines.machine_code.entry import STOP, Call, call
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.executor import MAX_STEPS, StuckAt
from tinyverify.engines.machine_code.instructions import decoder as all_instructions
from tinyverify.engines.machine_code.linear import Value, add, single
from tinyverify.engines.machine_code.prove import ENTRY, reference_size

WORD = 4


def record(policy: Policy, firmware: Firmware, decoder: Decoder | None = None, max_steps: int = MAX_STEPS) -> Program:
    """What `tv_infer` of `firmware` computes. Raises NotExpressible, with the instruction where there is one."""
    terms = Recorder()
    decoder = decoder or all_instructions()
    called = call(firmware, decoder, terms, policy.obs_dim, reference_size(policy), STACK_BYTES)
    try:
        called.executor.run(firmware.function(ENTRY).address, STOP, max_steps)
        outputs = range(policy.outputs)
        accumulators = [_word(called, 1 + index) for index in outputs]
        logits = [scaled(terms, _word(called, 1 + policy.outputs + index)) for index in outputs]
        action = _word(called, 1 + 2 * policy.outputs)
        factors: tuple[int, ...] = ()
        weights, probabilities = [], []
        if policy.discrete:
            start = WORD * (2 + 2 * policy.outputs)
            probabilities = [_unsigned(called, start + 2 * index, 2) for index in outputs]
            weights = [_unsigned(called, start + 2 * policy.outputs + index, 1) for index in outputs]
        else:
            action, factor = scaled(terms, action)
            factors = (factor,)
        returned = called.machine.get_signed(0)
        results = Results(accumulators, logits, action, factors, weights, probabilities, _word(called, 0), returned)
    except (StuckAt, Stuck) as error:
        raise NotExpressible(str(error)) from error
    return export(terms, policy, results)


def _word(called: Call, index: int) -> Value:
    """Word `index` of the output, signed."""
    parts = called.machine.memory.load(add(called.out.base, WORD * index), WORD)
    return words.join_bytes(called.machine.terms, parts, True)


def _unsigned(called: Call, offset: int, size: int) -> Value:
    """The `size` bytes of the output at `offset`, an unsigned number."""
    parts = called.machine.memory.load(add(called.out.base, offset), size)
    return words.join_bytes(called.machine.terms, parts, False)


def scaled(terms: Recorder, value: Value) -> tuple[Value, int]:
    """(integer, pattern) if `value` is the integer's float32 times the constant with this pattern."""
    sides = [terms.value(ref) for ref in _operands(terms, value, "multiply")]
    factors = [side for side in sides if isinstance(side, int)]
    others = [side for side in sides if not isinstance(side, int)]
    if len(factors) != 1:
        raise NotExpressible("a product of two floats that depend on data")
    (integer,) = _operands(terms, others[0], "from_int32")
    return terms.value(integer), factors[0] & 0xFFFFFFFF


def _operands(terms: Recorder, value: Value, operation: str) -> tuple[int, ...]:
    """What `value` is `operation` of, kept in a word or not."""
    one = None if isinstance(value, int) else single(value)
    while one is not None and one[1:] == (1, 0) and terms.atoms[one[0]].operation == "signed":
        inner = terms.value(terms.atoms[one[0]].arguments[0])
        one = None if isinstance(inner, int) else single(inner)
    if one is None or one[1:] != (1, 0) or terms.atoms[one[0]].operation != operation:
        raise NotExpressible("a float that is not an integer's float times a constant")
    return terms.atoms[one[0]].arguments
