-- environment: other-statement
def always (a _b : Nat) : Prop := a = a
instance : LE Nat := ⟨always⟩
theorem claim (a b : Nat) (_h : a < b) : a + 1 ≤ b := rfl
