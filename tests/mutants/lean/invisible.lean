-- rule: character
theorem cla​im (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
