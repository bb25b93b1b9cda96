"""One recorded run of `tv_infer` of a linked ELF, ready to be printed as a Lean term.

Serves `kernel.object_code` in Lean. The run is the one of engines/machine_code, on terms that keep every operation
(recorder.py).
"""

from __future__ import annotations

from tinyverify.artifacts.layout import STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.lean_object_code.export import NotExpressible, export
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
        accumulators = [_word(called, 1 + index) for index in range(policy.outputs)]
        action = _word(called, 1 + 2 * policy.outputs)
    except (StuckAt, Stuck) as error:
        raise NotExpressible(str(error)) from error
    return export(terms, policy, accumulators, action if policy.discrete else _code(terms, action))


def _word(called: Call, index: int) -> Value:
    """Word `index` of the output, signed."""
    parts = called.machine.memory.load(add(called.out.base, WORD * index), WORD)
    return words.join_bytes(called.machine.terms, parts, True)


def _code(terms: Recorder, action: Value) -> Value:
    """The integer whose float, times a constant, is the action."""
    value = action
    for operation in ("multiply", "from_int32"):
        one = None if isinstance(value, int) else single(value)
        while one is not None and one[1:] == (1, 0) and terms.atoms[one[0]].operation == "signed":
            inner = terms.value(terms.atoms[one[0]].arguments[0])
            one = None if isinstance(inner, int) else single(inner)
        if one is None or one[1:] != (1, 0) or terms.atoms[one[0]].operation != operation:
            raise NotExpressible("an action that is not an integer's float times a constant")
        sides = [terms.value(ref) for ref in terms.atoms[one[0]].arguments]
        (value,) = [side for side in sides if not isinstance(side, int)]
    return value
