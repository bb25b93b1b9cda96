"""Single instructions on the emulated core, from any state, and what the instruction semantics say of them."""
