-- rule: forbidden-word; environment: axiom
axiom convenient : ∀ a b : Nat, a < b → a + 1 ≤ b
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := convenient a b h
