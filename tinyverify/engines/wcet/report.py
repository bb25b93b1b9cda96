"""The specification's table for one firmware: cycles and microseconds of each operation, against its budget.

Serves `wcet.*`. Each row is a bound of its own, certified like the total, so rows may add up to more than the total.
"""

from __future__ import annotations

from dataclasses import dataclass

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

    `certificate`: shows `cycles`; None for the total, which has two.
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
    """`infer`, `sample`: the two calls that make an inference. `rows`: the specification's table, the total last."""

    infer: Analysis
    sample: Analysis
    rows: tuple[OperationRow, ...]

    @property
    def cycles(self) -> int:
        return self.infer.cycles + self.sample.cycles

    @property
    def executed(self) -> int:
        """The costliest run of the abstract execution; cycles / executed says how tight the bound is."""
        return self.infer.executed + self.sample.executed


def inference_bound(
    product: Firmware, sampler: Firmware, lines: SourceLines | None, model: TimingModel | None = None
) -> InferenceBound:
    """Bound tv_infer of `product` and tv_sample of `sampler`, and split the first by operation.

    Raises ArtifactError, NotUnderstood, CertificateError as `analyse` does.
    """
    infer = analyse(product, INFER, model)
    sample = analyse(sampler, SAMPLE, model)
    operations = {
        i.address: operation_of(product, lines, i.address)
        for block in infer.graph.blocks
        if block is not None
        for i in block.instructions
    }
    wanted = [QUANTIZE, MULTIPLY, RELU, DEQUANTIZE, SOFTMAX, REST]
    rows = []
    for operation in wanted:
        part = part_bound(infer.graph, lambda a, o=operation: operations[a] == o)
        note = "fused into the multiply as a clamp" if operation == RELU and part.cycles == 0 else ""
        if lines is None and operation in (DEQUANTIZE, SOFTMAX):
            note = "no source lines: counted under calls and copies"
        rows.append(OperationRow(operation, part.cycles, BUDGETS.get(operation), part.certificate, note))
    budget, note = BUDGETS[SAMPLING], "tv_sample, a call of its own"
    rows.insert(-1, OperationRow(SAMPLING, sample.cycles, budget, sample.certificate, note))
    rows.append(OperationRow("total", infer.cycles + sample.cycles, TOTAL_CYCLES, None, "tv_infer, then tv_sample"))
    return InferenceBound(infer, sample, tuple(rows))


def operation_of(firmware: Firmware, lines: SourceLines | None, address: int) -> str:
    """The operation that the instruction at `address` belongs to: by its function, or else by its source file."""
    for name, operation in _BY_FUNCTION.items():
        symbol = firmware.functions.get(name)
        if symbol is not None and symbol.address <= address < symbol.end:
            return operation
    place = lines.at(address) if lines is not None else None
    if place is not None:
        for prefix, operation in _BY_SOURCE:
            if place[0].startswith(prefix):
                return operation
    return REST


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
