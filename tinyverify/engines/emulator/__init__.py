"""Compile a firmware folder for the Cortex-M55, run it on the emulated core, compare it with the reference."""
