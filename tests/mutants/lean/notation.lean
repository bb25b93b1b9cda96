-- rule: forbidden-word
local notation "claimed" => True
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
