"""Faults planted in `tv_infer` and its tables in a linked ELF, and what the prover says of each."""
