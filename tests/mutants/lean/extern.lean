-- rule: attribute; environment: compiled-code
@[extern "lean_nat_add"] def mul (n m : Nat) : Nat := n * m
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
