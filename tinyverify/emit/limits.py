"""What the kernels support, and the refusal of everything else before any C is written.

Serves `kernel.*`: each limit is a precondition of a kernel's contract, and the message names the theorem that it
comes from. What the numbers of a well-shaped policy imply is in kernels.py.
"""

from __future__ import annotations

from pathlib import Path

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.layout import layout_fault, required_alignment
from tinyverify.artifacts.policy import MAX_FEATURES, SHAPE_LIMIT, Policy
from tinyverify.emit.kernels import check_limits


def refuse_unsupported(policy: Policy, source: Path) -> None:
    """Raise ArtifactError naming field, limit and theorem unless the kernels support `policy`, read from `source`."""
    for index, layer in enumerate(policy.layers):
        if layer.weight.ndim != 2:
            raise ArtifactError(source, f"layers.{index}.weight", f"has {layer.weight.ndim} dimensions, not 2")
        for name, size in zip(("out_features", "in_features"), layer.weight.shape, strict=True):
            if not 1 <= size <= MAX_FEATURES:
                raise ArtifactError(source, f"layers.{index}.{name}", f"is {size}; {SHAPE_LIMIT}")
    fault = layout_fault(policy.layout)
    if fault is not None:
        raise ArtifactError(source, f"memory_layout.{fault[0]}", fault[1])
    for index, item in enumerate(policy.layout.objects):
        needed = required_alignment(item.name)
        if item.align < needed or item.offset % needed:
            raise ArtifactError(
                source,
                f"memory_layout.objects.{index}.align",
                f"is {item.align}, at {item.offset:#x}; the kernels load {item.name} by vectors of {needed} bytes"
                " (layout.aligned)",
            )
    check_limits(policy, source)
