"""A firmware folder from a policy: generated C and tables, kernels, linker scripts, CMake project."""
