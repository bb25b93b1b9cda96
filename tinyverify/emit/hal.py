"""Which parts of kernels_c/hal a firmware has: what every program links, and what only those link that call it.

Serves no obligation by itself: the obligations about the binary see what was linked.
"""

from __future__ import annotations

from pathlib import Path

from tinyverify.artifacts.layout import pad
from tinyverify.data import data_dir
from tinyverify.emit.kernels import Plan

# Start-up, the flash guard that it runs, and inference with guards.
LINKED = (
    "tv_startup.c",
    "tv_memory.c",
    "tv_flash_guard.c",
    "tv_flash_readable.c",
    "tv_crc32.c",
    "tv_check_observation.c",
    "tv_check_output.c",
    "tv_infer_checked.c",
)
# Heap guard and shared resources: for applications that call them.
OPTIONAL = (
    "tv_heap_init.c",
    "tv_heap_take.c",
    "tv_heap_give.c",
    "tv_heap_refused.c",
    "tv_locks_init.c",
    "tv_lock_take.c",
    "tv_lock_give.c",
    "tv_resource_take.c",
    "tv_resource_give.c",
)
_HEADERS = ("tv_faults.h", "tv_stack.h", "tv_flash.h", "tv_heap.h", "tv_critical.h", "tv_locks.h", "tv_resource.h")
_PRIVATE = ("tv_heap_block.h",)

# What tv_infer takes beside its buffers: registers, spills, and an exception's frame with floating-point state. A guess
# from above, held against the binary by the size report and by tests/firmware.
_BESIDE_BUFFERS = 512


def hal_files() -> dict[str, Path]:
    """Path inside the firmware folder to source of every HAL file."""
    folder = data_dir("kernels_c") / "hal"
    found = {f"hal/{name}": folder / name for name in (*LINKED, *OPTIONAL, *_PRIVATE)}
    return found | {f"include/{name}": folder / name for name in _HEADERS}


def infer_stack(build: Plan) -> int:
    """TV_INFER_STACK: bytes of stack that tv_infer of either build may take, an exception's frame included."""
    buffers = build.codes + sum(step.y_size for step in build.steps if step.fused)
    return pad(buffers + _BESIDE_BUFFERS, 8)
