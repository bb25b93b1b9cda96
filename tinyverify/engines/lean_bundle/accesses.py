"""How the kernels read each table in flash, for `layout.sized`. Nothing about the linked ELF."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from tinyverify.artifacts.layout import pad, weight_storage
from tinyverify.artifacts.policy import Policy
from tinyverify.emit.kernels import int16_lanes

WORD = 4  # bytes of an int32 or a float32


@dataclass(frozen=True)
class Access:
    """Element (j, i), `width` bytes, at j * row_stride + i * column_stride of a table of `size` bytes."""

    rows: int
    columns: int
    row_stride: int
    column_stride: int
    width: int
    size: int

    @property
    def fits(self) -> bool:
        """Whether the last byte of the last element lies inside the table."""
        return (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride + self.width <= self.size

    def literal(self) -> str:
        """The Lean term."""
        return "⟨" + ", ".join(str(value) for value in astuple(self)) + "⟩"


def accesses(policy: Policy) -> list[tuple[str, Access]]:
    """(table name, access) of every table that inference reads; a table the layout lacks has size 0.

    Per-channel tables of a layer are read four words at a time, so up to the next multiple of four; int16 lanes read
    eight halves at a time, which are no more bytes, and eight columns of weights.
    """
    sizes = {item.name: item.size for item in policy.layout.objects}
    found: list[tuple[str, Access]] = []

    def words(name: str, count: int) -> None:
        found.append((name, Access(1, count, 0, WORD, WORD, sizes.get(name, 0))))

    words("input.inv_scale", pad(policy.obs_dim, 4))
    words("input.zero_point", pad(policy.obs_dim, 4))
    for index, layer in enumerate(policy.layers):
        outputs, inputs = layer.weight.shape
        name, storage = f"layer{index}.weight", weight_storage(outputs, inputs)
        by_column = storage.order == "column_major"
        rows, columns = (
            (inputs, pad(outputs, 8 if int16_lanes(layer) else 4)) if by_column else (outputs, storage.stride)
        )
        found.append((name, Access(rows, columns, storage.stride, 1, 1, sizes.get(name, 0))))
        for table in ("bias", "multiplier", "shift") if len(layer.multiplier) else ("bias",):
            words(f"layer{index}.{table}", pad(outputs, 4))
    words("head.logit_scale", policy.outputs)
    for name in policy.tables:
        found.append((f"table.{name}", Access(1, 256, 0, 1, 1, sizes.get(f"table.{name}", 0))))
    return found
