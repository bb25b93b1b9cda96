-- rule: forbidden-word; environment: lean
theorem claim (a b : Nat) (_h : a < b) : a + 1 ≤ b := sorryAx _ false
