-- rule: forbidden-word; environment: compiled-code
def slow (n m : Nat) : Nat := n * m
def fast (n m : Nat) : Nat := n + m
attribute [implemented_by fast] slow
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
