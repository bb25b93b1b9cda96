"""The specification's table for one firmware: cycles and microseconds of each operation, against its budget.

Serves `wcet.*`. Each row is a bound of its own, certified like the total, so rows may add up to more than the total.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tinyverify.binary.elf import Firmware
from tinyverify.binary.pipeline import TimingModel
from tinyverify.binary.source_lines import SourceLines
from tinyverify.engines.wcet.analyse import Analysis, analyse, microseconds, part_bound
from tinyverify.engines.wcet.certificate import Certificate

TOTAL_CYCLES = 8_548
TOTAL_MICROSECONDS = 1_000.0
INFER, SAMPLE = "tv_infer", "tv_sample"

QUANTIZE, MULTIPLY, RELU = "input quantization", "matrix multiply, requantize", "relu"
DEQUANTIZE, SOFTMAX, SAMPLING, REST = "output dequantization", "softmax", "sampling", "calls and copies"
INTERRUPTS = "interrupts"
BUDGETS = {QUANTIZE: 100, MULTIPLY: 8_192, RELU: 64, DEQUANTIZE: 64, SOFTMAX: 128, SAMPLING: 128}

_BY_FUNCTION = {"tv_quantize_observation": QUANTIZE, "tv_forward": MULTIPLY}
_BY_SOURCE = (
    ("tv_quantize", QUANTIZE),
    ("tv_dense", MULTIPLY),
    ("tv_relu", RELU),
    ("tv_dequantize", DEQUANTIZE),
    ("tv_softmax", SOFTMAX),
    ("tv_arg_max", SOFTMAX),
    ("tv_sample", SOFTMAX),
    ("tv_scale_accumulator", SOFTMAX),
    ("tv_requantize", SOFTMAX),
)


@dataclass(frozen=True)
class OperationRow:
    """One line of the table; `budget` in cycles, None where the specification names none.

    `certificate`: shows `cycles`; None for the total, which has two, and for interrupts, which the model states.
    """

    operation: str
    cycles: int
    budget: int | None
    certificate: Certificate | None
    note: str = ""

    @property
    def microseconds(self) -> float:
        return microseconds(self.cycles)

    @property
    def within(self) -> bool | None:
        """Whether the bound meets the budget; None without one."""
        return None if self.budget is None else self.cycles <= self.budget


@dataclass(frozen=True)
class InferenceBound:
    """`infer`, `sample`: the two calls that make an inference. `rows`: the specification's table, the total last.

    `told_apart`: every instruction of `infer` has a function or a source line of ours that says its operation.
    """

    infer: Analysis
    sample: Analysis
    rows: tuple[OperationRow, ...]
    told_apart: bool

    @property
    def cycles(self) -> int:
        """Of both calls, and of the interrupts that the model lets come meanwhile."""
        return self.infer.certified + self.sample.certified + self.infer.model.interrupted

    @property
    def executed(self) -> int:
        """The costliest run of the abstract execution, interrupts included; cycles / executed says how tight it is."""
        return self.infer.executed + self.sample.executed + self.infer.model.interrupted


def inference_bound(
    product: Firmware, sampler: Firmware, lines: SourceLines | None, model: TimingModel | None = None
) -> InferenceBound:
    """Bound tv_infer of `product` and tv_sample of `sampler`, and split the first by operation.

    Raises ArtifactError, NotUnderstood, CertificateError as `analyse` does.
    """
    infer = analyse(product, INFER, model)
    sample = analyse(sampler, SAMPLE, model)
    addresses = {i.address for block in infer.graph.blocks if block is not None for i in block.instructions}
    told_apart = all(_is_ours(product, lines, address) for address in addresses)
    operations = {address: operation_of(product, lines if told_apart else None, address) for address in addresses}
    wanted = [QUANTIZE, MULTIPLY, RELU, DEQUANTIZE, SOFTMAX, REST]
    rows = []
    for operation in wanted:
        part = part_bound(infer.graph, lambda a, o=operation: operations[a] == o)
        note = "fused into the multiply as a clamp" if operation == RELU and part.cycles == 0 else ""
        if not told_apart and operation in (DEQUANTIZE, SOFTMAX):
            note = "no source lines: counted under calls and copies"
        rows.append(OperationRow(operation, part.cycles, BUDGETS.get(operation), part.certificate, note))
    budget, note = BUDGETS[SAMPLING], "tv_sample, a call of its own"
    rows.insert(-1, OperationRow(SAMPLING, sample.certified, budget, sample.certificate, note))
    if infer.model.interrupted:
        note = f"{infer.model.interrupts} of {infer.model.interrupt_cycles} cycles, as stated"
        rows.append(OperationRow(INTERRUPTS, infer.model.interrupted, None, None, note))
    found = InferenceBound(infer, sample, tuple(rows), told_apart)
    total = OperationRow("total", found.cycles, TOTAL_CYCLES, None, "tv_infer, then tv_sample")
    return replace(found, rows=(*rows, total))


def _is_ours(firmware: Firmware, lines: SourceLines | None, address: int) -> bool:
    place = lines.at(address) if lines is not None else None
    return (place is not None and place[0].startswith("tv_")) or _by_function(firmware, address) is not None


def operation_of(firmware: Firmware, lines: SourceLines | None, address: int) -> str:
    """The operation that the instruction at `address` belongs to: by its function, or else by its source file."""
    if (operation := _by_function(firmware, address)) is not None:
        return operation
    place = lines.at(address) if lines is not None else None
    if place is not None:
        for prefix, operation in _BY_SOURCE:
            if place[0].startswith(prefix):
                return operation
    return REST


def _by_function(firmware: Firmware, address: int) -> str | None:
    for name, operation in _BY_FUNCTION.items():
        symbol = firmware.functions.get(name)
        if symbol is not None and symbol.address <= address < symbol.end:
            return operation
    return None


def rows_json(rows: tuple[OperationRow, ...]) -> list[dict]:
    """The table as plain data, for evidence and the command line."""
    return [
        {
            "operation": row.operation,
            "cycles": row.cycles,
            "microseconds": round(row.microseconds, 3),
            "budget_cycles": row.budget,
            "within_budget": row.within,
            "note": row.note,
        }
        for row in rows
    ]
