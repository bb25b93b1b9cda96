"""Lean's kernel without its elaborator: add the declarations of a compiled module to an empty environment, one by one.

usage: python -I -S replay_main.py LIBRARY < plan.json      (a process of its own; `replay.py` writes the plan)

The plan names modules whose constants are taken as they are, and one module whose declarations the kernel must accept
at trust level 0, in the order given. Prints one JSON object: {"checked": number} or {"refused": name, "error": tag}.
Objects of Lean are read where they lie in memory; those made here have reference count 0, which Lean never frees.
"""

from __future__ import annotations

import ctypes
import json
import struct
import sys
from collections.abc import Iterator
from typing import Any

POINTER = ctypes.c_void_p
BOX_ZERO = 1  # Option.none, List.nil, the world token
# Deeper than any elaborated term; the stack guard ends what is deeper still.
MAX_RECURSION = 1_000_000
# Constructors of Lean.Declaration.
AXIOM, DEFINITION, THEOREM, OPAQUE, INDUCTIVE = 0, 1, 2, 3, 6
QUOTIENT = 4 << 1 | 1  # without fields, so a scalar


class Kernel:
    """The functions of the shared library that are used here, and the objects made for them."""

    def __init__(self, library: str) -> None:
        self._library = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
        self._made: list[Any] = []
        self.call("lean_initialize", result=None)
        self.call("lean_io_mark_end_initialization", result=None)
        self.call("lean_init_task_manager", result=None)

    def call(self, name: str, *arguments: Any, result: Any = POINTER) -> Any:
        function = getattr(self._library, name)
        function.restype = result
        return function(*arguments)

    def make(self, tag: int, fields: list[int], scalars: bytes = b"") -> int:
        """A constructor object."""
        padded = scalars + bytes(-len(scalars) % 8)
        size = 8 + 8 * len(fields) + len(padded)
        data = struct.pack("<iHBB", 0, size, len(fields), tag) + struct.pack(f"<{len(fields)}Q", *fields) + padded
        buffer = (ctypes.c_uint64 * (size // 8)).from_buffer_copy(data)
        self._made.append(buffer)
        return ctypes.addressof(buffer)

    def make_list(self, items: list[int]) -> int:
        made = BOX_ZERO
        for item in reversed(items):
            made = self.make(1, [item, made])
        return made

    def empty_environment(self) -> int:
        """A kernel environment without constants, trust level 0."""
        answer = self.call("l_Lean_mkEmptyEnvironment", ctypes.c_uint32(0), POINTER(BOX_ZERO))
        return self.call("lean_elab_environment_to_kernel_env", POINTER(field(answer, 0)))

    def constants(self, path: str) -> list[int]:
        """Addresses of the constants of a compiled module, in the order of its file."""
        name = self.call("lean_mk_string", ctypes.c_char_p(path.encode()))
        answer = self.call("l_Lean_readModuleData", POINTER(name), POINTER(BOX_ZERO))
        if tag_of(answer) != 0:
            raise OSError(f"{path} cannot be read as a compiled module")
        return list(array(field(field(field(answer, 0), 0), 2)))


def word(address: int) -> int:
    return ctypes.c_uint64.from_address(address).value


def field(address: int, index: int) -> int:
    return word(address + 8 + 8 * index)


def keep(address: int) -> None:
    """One reference more: the function that is called next takes one away. Negative counts are shared by threads."""
    count = ctypes.c_int32.from_address(address)
    count.value += (count.value > 0) - (count.value < 0)


def tag_of(address: int) -> int:
    return ctypes.c_uint8.from_address(address + 7).value


def array(address: int) -> Iterator[int]:
    return (word(address + 24 + 8 * index) for index in range(word(address + 8)))


def declaration(kernel: Kernel, step: dict[str, Any], constants: list[int]) -> int:
    """The `Lean.Declaration` that a step of the plan describes."""
    kind = step["kind"]
    if kind == "quotient":
        return QUOTIENT
    values = [field(constants[index], 0) for index in step["constants"]]
    if kind != "inductive":
        tag = {"axiom": AXIOM, "definition": DEFINITION, "theorem": THEOREM, "opaque": OPAQUE}[kind]
        return kernel.make(tag, [values[0]])
    types = []
    for value, constructors in zip(values, step["constructors"], strict=True):
        bases = [field(field(constants[index], 0), 0) for index in constructors]
        made = [kernel.make(0, [field(base, 0), field(base, 2)]) for base in bases]
        base = field(value, 0)
        types.append(kernel.make(0, [field(base, 0), field(base, 2), kernel.make_list(made)]))
    parameters, levels = field(values[0], 1), field(field(values[0], 0), 1)
    return kernel.make(INDUCTIVE, [levels, parameters, kernel.make_list(types)], b"\0")


def main(library: str) -> int:
    """Carry out the plan on standard input."""
    plan = json.load(sys.stdin)
    kernel = Kernel(library)
    environment = kernel.empty_environment()
    for path in plan["taken"]:
        for constant in kernel.constants(path):
            environment = kernel.call("lean_environment_add", POINTER(environment), POINTER(constant))
    if plan["quotients"]:
        environment = kernel.call("lean_environment_mark_quot_init", POINTER(environment))
    constants = kernel.constants(plan["module"])
    for step in plan["steps"]:
        answer = kernel.call(
            "lean_add_decl",
            POINTER(environment),
            ctypes.c_size_t(0),  # no limit of heartbeats: the parent limits the time
            ctypes.c_size_t(MAX_RECURSION),
            POINTER(declaration(kernel, step, constants)),
            POINTER(BOX_ZERO),
        )
        if tag_of(answer) != 1:
            error = field(answer, 0)
            print(json.dumps({"refused": step["name"], "error": error >> 1 if error & 1 else tag_of(error)}))
            return 1
        environment = field(answer, 0)
        for index in step.get("generated", []):
            base = field(field(constants[index], 0), 0)
            keep(environment)
            found = kernel.call("lean_environment_find", POINTER(environment), POINTER(field(base, 0)))
            same = not found & 1 and kernel.call(
                "lean_expr_eqv",
                POINTER(field(field(field(field(found, 0), 0), 0), 2)),
                POINTER(field(base, 2)),
                result=ctypes.c_uint8,
            )
            if not same:
                print(
                    json.dumps(
                        {"refused": step["name"], "error": "a recursor differs from the one that the kernel makes"}
                    )
                )
                return 1
    print(json.dumps({"checked": len(plan["steps"])}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
