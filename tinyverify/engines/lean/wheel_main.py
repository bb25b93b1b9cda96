"""Stands for the `lean` executable: load Lean's shared library from the wheel and call its main function.

usage: python -I -S wheel_main.py LIBRARY [LEAN ARGUMENT]...

Runs in a process of its own, as a script, so that nothing but ctypes is imported and a crash of Lean ends only itself.
"""

from __future__ import annotations

import ctypes
import sys


def main(library: str, arguments: list[str]) -> int:
    """Exit status of `lean ARGUMENT...`."""
    lean = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    argv = [b"lean", *(argument.encode() for argument in arguments)]
    return lean.lean_main(len(argv), (ctypes.c_char_p * (len(argv) + 1))(*argv, None))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
