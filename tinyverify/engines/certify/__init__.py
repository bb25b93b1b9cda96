"""Certified statements about a float32 network and its int8 program over the whole observation box.

Serves `policy.logit_error` and `policy.action_agreement`. A search in float64 (untrusted) cuts the lattice of int8
codes into boxes; integers alone then decide what holds on each box, and only that is reported.
"""
