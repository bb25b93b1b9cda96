"""Frama-C as an engine: WP and RTE prove C against its contracts, Eva finds no alarm in a whole program."""
