"""Where every table of a policy lies in flash: the specified regions, the objects inside them.

Serves `layout.*`. Offsets and sizes are bytes from the start of flash. The specification's flash map
covers 64 KB while its budget says 128 KB; the map is the stricter of the two and is the one that holds.
Does not look at a linked ELF.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

FLASH_BYTES = 0x10000
RAM_BASE = 0x20000000
STACK_BYTES = 0x1000
HEAP_BYTES = 0x7000

# The specification's "Memory Budget (Runtime)", bytes: looser than the flash map.
BUDGETS = {
    "flash: policy": 0x10000,
    "flash: tables of the head": 0x8000,
    "flash: code": 0x8000,
    "flash: total": 0x20000,
    "stack": 0x1000,
    "heap": 0x7000,
    "RAM: total": 0x8000,
}

RegionName = Literal["policy", "scales", "lut", "hal"]


@dataclass(frozen=True)
class Region:
    """A part of flash: `offset` and `size` in bytes."""

    name: RegionName
    offset: int
    size: int


FLASH_REGIONS = (
    Region("policy", 0x0000, 0xA000),  # 16 KB + 16 KB + 8 KB of weights
    Region("scales", 0xA000, 0x2000),
    Region("lut", 0xC000, 0x2000),
    Region("hal", 0xE000, 0x2000),  # code: kernels, start-up, HAL
)


def check_size(value: object) -> object:
    """Refuse an empty table or one larger than flash, before the type's own check, saying why."""
    if isinstance(value, int) and not 1 <= value <= FLASH_BYTES:
        raise ValueError(f"is {value}; a table takes 1 to {FLASH_BYTES} bytes (layout.sized, layout.inside)")
    return value


class FlashObject(BaseModel):
    """One table in flash: absolute `offset` and `size` in bytes, `align` a power of two."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_.]*$", max_length=64)
    region: RegionName
    offset: int = Field(ge=0, le=FLASH_BYTES)
    size: Annotated[int, Field(ge=1, le=FLASH_BYTES), BeforeValidator(check_size)]
    align: Literal[4, 16]


class MemoryLayout(BaseModel):
    """The specified offsets, and every object that lies behind them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    policy_offset: int = Field(ge=0, le=FLASH_BYTES)
    scales_offset: int = Field(ge=0, le=FLASH_BYTES)
    lut_offset: int = Field(ge=0, le=FLASH_BYTES)
    objects: tuple[FlashObject, ...]


def required_alignment(name: str) -> int:
    """Bytes to which the kernels want the table `name` aligned: a vector load's 16, or 4 for what scalars read."""
    return 4 if name == "head.logit_scale" else 16


@dataclass(frozen=True)
class WeightStorage:
    """How one layer's int8 weights lie in flash.

    `column_major`: element (j, i) at i * stride + j, stride = out_features padded to 16 (outer product);
    `row_major`: element (j, i) at j * stride + i, stride = in_features padded to 16 (dot product).
    Padding is zero, which changes no accumulator. The scalar build stores exactly this; the MVE build permutes elements
    inside the same bytes (emit/tables.py).
    """

    order: Literal["column_major", "row_major"]
    stride: int
    size: int


def pad(count: int, multiple: int) -> int:
    """`count` rounded up to a multiple of `multiple`."""
    return -(-count // multiple) * multiple


def weight_storage(out_features: int, in_features: int) -> WeightStorage:
    """The smaller of the two storage orders; rows on a tie."""
    columns = in_features * pad(out_features, 16)
    rows = out_features * pad(in_features, 16)
    if columns < rows:
        return WeightStorage("column_major", pad(out_features, 16), columns)
    return WeightStorage("row_major", pad(in_features, 16), rows)


def plan_layout(shapes: list[tuple[int, int]], tables: list[str]) -> MemoryLayout:
    """Lay out a policy with layer `shapes` [(out, in)] and named `tables`.

    The head's few requantizers are constants of the program, not tables. Per-channel int32 tables are padded to 4
    elements, one MVE vector. Those of a layer lie with its weights, so that 1,024 hidden units fit. The result may
    leave its regions: whoever reads or proves a layout checks that.
    """
    obs_dim = shapes[0][1]
    policy: list[tuple[str, int, Literal[4, 16]]] = []
    scales: list[tuple[str, int, Literal[4, 16]]] = [
        ("input.inv_scale", 4 * pad(obs_dim, 4), 16),
        ("input.zero_point", 4 * pad(obs_dim, 4), 16),
    ]
    for index, (out_features, in_features) in enumerate(shapes):
        policy.append((f"layer{index}.weight", weight_storage(out_features, in_features).size, 16))
        policy.append((f"layer{index}.bias", 4 * pad(out_features, 4), 16))
        if index < len(shapes) - 1:
            policy.append((f"layer{index}.multiplier", 4 * pad(out_features, 4), 16))
            policy.append((f"layer{index}.shift", 4 * pad(out_features, 4), 16))
    scales.append(("head.logit_scale", 4 * shapes[-1][0], 4))
    lut: list[tuple[str, int, Literal[4, 16]]] = [(f"table.{name}", 256, 16) for name in tables]

    objects = []
    for region, parts in zip(FLASH_REGIONS, (policy, scales, lut), strict=False):
        offset = region.offset
        for name, size, align in parts:
            offset = pad(offset, align)
            objects.append(
                FlashObject.model_construct(name=name, region=region.name, offset=offset, size=size, align=align)
            )
            offset += size
    policy_region, scales_region, lut_region, _ = FLASH_REGIONS
    return MemoryLayout.model_construct(
        policy_offset=policy_region.offset,
        scales_offset=scales_region.offset,
        lut_offset=lut_region.offset,
        objects=tuple(objects),
    )


def layout_fault(layout: MemoryLayout) -> tuple[str, str] | None:
    """The first (field, message) by which `layout` leaves a region, overlaps, or is misaligned; None if it is sound."""
    regions = {region.name: region for region in FLASH_REGIONS}
    for field, name in (("policy_offset", "policy"), ("scales_offset", "scales"), ("lut_offset", "lut")):
        offset = getattr(layout, field)
        if offset != regions[name].offset:
            return field, f"is {offset:#x}, the {name} region starts at {regions[name].offset:#x}"
    names: set[str] = set()
    previous: FlashObject | None = None
    for index, item in sorted(enumerate(layout.objects), key=lambda pair: pair[1].offset):
        field = f"objects.{index}"
        region = regions[item.region]
        if item.name in names:
            return f"{field}.name", f"{item.name!r} appears twice"
        names.add(item.name)
        if item.offset % item.align:
            return f"{field}.offset", f"{item.offset:#x} of {item.name} is not aligned to {item.align} (layout.aligned)"
        if item.offset < region.offset or item.offset + item.size > region.offset + region.size:
            end = item.offset + item.size
            limit = region.offset + region.size
            return (
                field,
                f"{item.name} at {item.offset:#x}..{end:#x} leaves the {region.name} region"
                f" {region.offset:#x}..{limit:#x} (layout.inside)",
            )
        if previous is not None and item.offset < previous.offset + previous.size:
            return field, f"{item.name} at {item.offset:#x} overlaps {previous.name} (layout.disjoint)"
        previous = item
    return None
