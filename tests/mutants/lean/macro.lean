-- rule: forbidden-word
macro_rules | `($x ≤ $y) => `($x = $x)
theorem claim (a b : Nat) (_h : a < b) : a + 1 ≤ b := rfl
