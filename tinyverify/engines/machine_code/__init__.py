"""The linked machine code, run symbolically and compared with the integer semantics for all inputs."""
