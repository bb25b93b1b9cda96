-- rule: attribute; environment: compiled-code
def fast (n m : Nat) : Nat := n + m
@[implemented_by fast] def slow (n m : Nat) : Nat := n * m
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
