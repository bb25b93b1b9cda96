-- rule: forbidden-word
/- a comment /- nested -/ that ends here -/ theorem claim (a b : Nat) (_h : a < b) : a + 1 ≤ b := sorry
/- -/
