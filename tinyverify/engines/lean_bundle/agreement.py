"""The Lean definitions on vectors: does the kernel evaluate each to the value that another implementation gives?

Serves the agreement of Lean with `tinyverify/semantics`, with C and with SMT, operator by operator. Each vector is one
equation, `definition(inputs) = output`, decided by Lean's kernel; `evaluate` asks the interpreter instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean_bundle.packing import packed_literal
from tinyverify.engines.lean_bundle.render import MODES
from tinyverify.semantics.locks import RESOURCES, TASKS, Locks
from tinyverify.semantics.requantize import RoundingMode

# Equations decided together: one elaboration for many vectors, few enough to stay readable in a message.
CHUNK = 24

Vector = tuple[Mapping[str, Any], Any]


class AgreementError(Exception):
    """Lean could not decide the vectors at all; the text is what it said."""


def disagreements(operator: str, vectors: Sequence[Vector], timeout: float = 300.0) -> tuple[int, ...]:
    """Indices of the vectors (inputs, output) for which the Lean definition of `operator` gives another output.

    `operator` is a key of `OPERATORS`; its function documents the inputs. All numbers are Python ints or sequences of
    them. Raises KeyError for an unknown operator, AgreementError if a vector cannot be elaborated or time runs out.
    """
    equations = [f"{OPERATORS[operator](**inputs)} = {_value(output)}" for inputs, output in vectors]
    chunks = [range(at, min(at + CHUNK, len(equations))) for at in range(0, len(equations), CHUNK)]
    suspect = _false(operator, [" ∧ ".join(f"({equations[i]})" for i in chunk) for chunk in chunks], timeout)
    singles = [i for number in suspect for i in chunks[number]]
    return tuple(singles[number] for number in _false(operator, [equations[i] for i in singles], timeout))


def evaluate(operator: str, inputs: Sequence[Mapping[str, Any]], timeout: float = 300.0) -> list[Any]:
    """What Lean's interpreter (`#eval`) gives for each of `inputs`: an int or a list of ints, in their order.

    Fast, and not a proof: `disagreements` asks the kernel. Raises KeyError, AgreementError as that does.
    """
    head = ["import TinyVerify", "open TinyVerify"]
    body = [f"#eval {OPERATORS[operator](**vector)}" for vector in inputs]
    result = check_file("\n".join(head + body) + "\n", timeout=timeout)
    if not result.accepted or len(result.messages) != len(inputs):
        first = next((message.text for message in result.errors), result.output)
        raise AgreementError(f"{operator}: {result.outcome}: {first}")
    return [json.loads(message.text) for message in sorted(result.messages, key=lambda message: message.line)]


def _false(operator: str, propositions: Sequence[str], timeout: float) -> tuple[int, ...]:
    """Which of `propositions` the kernel decides to be false."""
    if not propositions:
        return ()
    head = ["import TinyVerify", "open TinyVerify"]
    body = [f"example : {proposition} := by decide +kernel" for proposition in propositions]
    result = check_file("\n".join(head + body) + "\n", timeout=timeout)
    if result.accepted:
        return ()
    wrong = [message for message in result.errors if "is false" in message.text]
    if result.outcome != "rejected" or len(wrong) != len(result.errors):
        first = next((message.text for message in result.errors if message not in wrong), result.output)
        raise AgreementError(f"{operator}: {result.outcome}: {first}")
    return tuple(sorted({message.line - len(head) - 1 for message in wrong}))


def dense_s8(weight: Sequence[int], bias: int, x: Sequence[int]) -> str:
    """One row in 32-bit registers; `weight`, `x` int8, `bias` int32. Output int32, wrapped."""
    return f"accumulateMachine {_int(bias)} (unpack {len(weight)} {packed_literal(weight)}) {_list(x)}"


def requantize(acc: int, multiplier: int, shift: int, zero_point: int, lo: int, hi: int, mode: RoundingMode) -> str:
    """Output int8."""
    numbers = f"{_int(multiplier)}, {shift}, {_int(zero_point)}, {_int(lo)}, {_int(hi)}"
    return f"requantize {MODES[mode]} {_int(acc)} ⟨{numbers}⟩"


def relu(q: int, zero_point: int) -> str:
    """Output int8."""
    return f"relu {_int(q)} {_int(zero_point)}"


def arg_max(acc: Sequence[int]) -> str:
    """Output: an index."""
    return f"argMax {_list(acc)}"


def dequantize(acc: int, scale_bits: int) -> str:
    """`acc` int32, a float32 pattern; output: a float32 pattern."""
    return f"dequantize {_int(acc)} {scale_bits:#x}"


def quantize_f32(bits: int, inv_scale_bits: int, zero_point: int) -> str:
    """Float32 patterns; output int8."""
    return f"quantizeF32 {bits:#x} {inv_scale_bits:#x} {_int(zero_point)}"


def quantize_fault(bits: int) -> str:
    """A float32 pattern; output: the fault flags that it raises."""
    return f"f32Fault {bits:#x}"


def softmax_weights(acc: Sequence[int], multiplier: int, shift: int, exp_lut: Sequence[int], mode: RoundingMode) -> str:
    """`acc` int32, `exp_lut` int8 [256]. Output: the weight of each action."""
    return f"Softmax.weights ⟨{MODES[mode]}, {multiplier}, {shift}, {packed_literal(exp_lut)}⟩ {_list(acc)}"


def softmax_probabilities(weights: Sequence[int]) -> str:
    """Output: Q0.15 probabilities."""
    return f"probabilities {_list(weights)}"


def sample_discrete(weights: Sequence[int], random: int) -> str:
    """`random` uint32. Output: an index."""
    return f"sampleDiscrete {_list(weights)} {random}"


def sample_continuous(
    acc: tuple[int, int],
    random: int | None,
    multiplier: tuple[int, int],
    shift: tuple[int, int],
    zero_point: tuple[int, int],
    noise_multiplier: int,
    noise_shift: int,
    tables: Mapping[str, Sequence[int]],
    mode: RoundingMode,
) -> str:
    """`random` uint32, or None for the deterministic action; `tables` std, gauss, tanh. Output: the action's code."""
    requantizers = [f"⟨{m}, {s}, {_int(z)}, -128, 127⟩" for m, s, z in zip(multiplier, shift, zero_point, strict=True)]
    requantizers.append(f"⟨{noise_multiplier}, {noise_shift}, 0, -128, 127⟩")
    luts = ", ".join(packed_literal(tables[name]) for name in ("std", "gauss", "tanh"))
    head = f"⟨{MODES[mode]}, {', '.join(requantizers)}, {luts}⟩"
    last = f"Gaussian.actionFor {head} {_int(acc[0])} {_int(acc[1])} 0"
    return last if random is None else f"Gaussian.action {head} {_int(acc[0])} {_int(acc[1])} {random}"


def xorshift32(state: int) -> str:
    """Output: the next uint32 state."""
    return f"xorshift32 {state}"


def lock_call(state: Locks, call: str, task: int, resource: int) -> str:
    """`call`: take or give. Output: owners, wants and priorities after it."""
    tables = " ".join(f"(Locks.entry {_list(part)})" for part in (state.owner, state.wants, state.base, state.priority))
    return f"Locks.listed {TASKS} {RESOURCES} (Locks.{call} {TASKS} {RESOURCES} (Locks.mk {tables}) {task} {resource})"


OPERATORS: Mapping[str, Callable[..., str]] = {
    function.__name__: function
    for function in (
        dense_s8,
        requantize,
        relu,
        arg_max,
        dequantize,
        quantize_f32,
        quantize_fault,
        softmax_weights,
        softmax_probabilities,
        sample_discrete,
        sample_continuous,
        xorshift32,
        lock_call,
    )
}


def _int(value: int) -> str:
    return str(int(value)) if value >= 0 else f"({int(value)})"


def _list(values: Sequence[int]) -> str:
    return "[" + ", ".join(str(int(value)) for value in values) + "]"


def _value(output: Any) -> str:
    return _int(output) if isinstance(output, int) else _list(output)
