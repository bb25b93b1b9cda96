-- rule: forbidden-word
opaque hidden : Nat
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
