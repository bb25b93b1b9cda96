-- rule: forbidden-word
theorem claim (a b : Nat) (_h : a < b) : a + 1 ≤ b := sorry
