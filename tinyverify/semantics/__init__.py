"""The integer reference, one file an operator, after docs/semantics.md. numpy int64 only, no torch."""
