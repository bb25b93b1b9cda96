"""A policy as a Lean file, its theorems accepted by the kernel, and the Lean semantics evaluated on vectors."""
