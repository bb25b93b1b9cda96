"""The SMT engine: renders the queries of `smt/` and runs them in two solvers that must agree."""
