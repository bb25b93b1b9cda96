-- rule: set_option
set_option debug.skipKernelTC true in
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
