-- rule: forbidden-word
#eval 1
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
