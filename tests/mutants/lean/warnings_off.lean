-- rule: set_option
set_option warn.sorry false
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
