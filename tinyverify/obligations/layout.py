"""`layout.*`: flash and RAM as the policy's file plans them.

About the plan, not about a linked ELF.
"""

from __future__ import annotations

from tinyverify.artifacts.layout import FLASH_BYTES, FLASH_REGIONS, HEAP_BYTES, RAM_BASE, STACK_BYTES, weight_storage
from tinyverify.artifacts.policy import Policy
from tinyverify.obligations.obligation import smt


def _objects(policy: Policy) -> dict:
    regions = {region.name: region for region in FLASH_REGIONS}
    objects = [
        {
            "name": item.name,
            "offset": item.offset,
            "size": item.size,
            "align": item.align,
            "region_offset": regions[item.region].offset,
            "region_size": regions[item.region].size,
        }
        for item in policy.layout.objects
    ]
    parts = [{"name": f"region {r.name}", "offset": r.offset, "size": r.size} for r in FLASH_REGIONS]
    return {"objects": objects, "regions": parts, "flash": FLASH_BYTES}


def accesses(policy: Policy) -> dict:
    """Every table with the index space that the kernels read: byte j * row_stride + i * column_stride for (j, i).

    A table that the layout does not have gets size 0, so that the obligation fails.
    """
    sizes = {item.name: item.size for item in policy.layout.objects}
    found = []

    def add(name: str, rows: int, columns: int, row_stride: int, column_stride: int, width: int) -> None:
        found.append(
            {
                "name": name,
                "rows": rows,
                "columns": columns,
                "row_stride": row_stride,
                "column_stride": column_stride,
                "width": width,
                "size": sizes.get(name, 0),
            }
        )

    def add_words(name: str, count: int) -> None:
        add(name, 1, count, 0, 4, 4)

    def padded(count: int) -> int:
        return -(-count // 4) * 4

    add_words("input.inv_scale", padded(policy.obs_dim))
    add_words("input.zero_point", padded(policy.obs_dim))
    for index, layer in enumerate(policy.layers):
        out_features, in_features = layer.weight.shape
        storage = weight_storage(out_features, in_features)
        if storage.order == "column_major":
            add(f"layer{index}.weight", in_features, padded(out_features), storage.stride, 1, 1)
        else:
            add(f"layer{index}.weight", out_features, storage.stride, storage.stride, 1, 1)
        add_words(f"layer{index}.bias", padded(out_features))
        if index < len(policy.layers) - 1:
            add_words(f"layer{index}.multiplier", padded(out_features))
            add_words(f"layer{index}.shift", padded(out_features))
    add_words("head.logit_scale", policy.outputs)
    for name in policy.tables:
        add(f"table.{name}", 1, 256, 0, 1, 1)
    return {"accesses": found}


def _ram(policy: Policy) -> dict:
    parts = [
        {"name": "stack", "offset": RAM_BASE, "size": STACK_BYTES},
        {"name": "heap", "offset": RAM_BASE + STACK_BYTES, "size": HEAP_BYTES},
    ]
    return {"parts": parts, "ram": RAM_BASE}


OBLIGATIONS = (
    smt("layout.inside", "memory bounds", _objects, claim="memory_bounds"),
    smt("layout.disjoint", "memory bounds", _objects, claim="memory_bounds"),
    smt("layout.aligned", "memory bounds", _objects, claim="memory_bounds"),
    smt("layout.sized", "memory bounds", accesses, claim="memory_bounds"),
    smt("layout.ram", "memory bounds", _ram, claim="memory_bounds"),
)
