-- environment: other-statement
theorem claim (a b : Nat) (h : a < b) : a ≤ b := by omega
