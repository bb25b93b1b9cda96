-- rule: set_option; environment: replay
set_option debug.skipKernelTC true in
theorem claim (a b : Nat) (_h : a < b) : a + 1 ≤ b := by
  have : (0 : Int) = 1 := by decide +kernel
  omega
