-- environment: missing-theorem
abbrev claim : ∀ (a b : Nat), a < b → a + 1 ≤ b := fun _ _ h => h
