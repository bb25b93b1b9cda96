-- rule: forbidden-word
theorem helper : 2 + 2 = 4 := by decide +native_decide
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
