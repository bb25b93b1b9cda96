"""The command line: one file a verb. Parse, call, render; no logic."""
