-- environment: lean
theorem claim_of_mine (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
