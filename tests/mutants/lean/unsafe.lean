-- rule: forbidden-word; environment: unsafe
unsafe def loop (n : Nat) : Nat := loop n
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
