"""Worst-case execution time of a function of the linked firmware, with a certificate that is checked exactly."""
