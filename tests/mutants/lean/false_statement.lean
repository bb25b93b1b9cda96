-- environment: lean
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by
  have : a + 2 ≤ b := by omega
  omega
