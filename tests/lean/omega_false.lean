/-! Goals that are not valid: `omega` must fail on every one of them. -/
set_option linter.unusedVariables false
theorem bad1 (a b : Int) (h1 : -128 ≤ a) (h2 : a ≤ 127) (h3 : 0 ≤ b) (h4 : b ≤ 255) : a + b ≤ 381 := by omega
theorem bad2 (a b : Int) (h : a ≤ b) : a < b := by omega
theorem bad3 (a b : Nat) : a - b + b = a := by omega
theorem bad4 (x : Int) (h : 2 * x ≤ 5) : x ≤ 1 := by omega
theorem bad5 (x y : Int) (h : 2 * x + 4 * y = 6) : False := by omega
theorem bad6 (n : Nat) : n / 2 * 2 = n := by omega
theorem bad7 (n : Nat) (h : n < 256) : n / 16 < 15 := by omega
theorem bad8 (x : Int) : x % 8 < 7 := by omega
theorem bad9 (a : Int) (h : a < 3 ∨ a > 5) : a ≥ 6 := by omega
theorem bad10 (a b : Int) (h : a ≤ 3 → b ≤ 4) : b ≤ 4 := by omega
theorem bad11 (a : Int) (h : a.natAbs ≤ 5) : a ≤ 4 := by omega
theorem bad12 (a b : Int) : min a b < a := by omega
theorem bad13 (x y : Int) (h : 3 * x + 5 * y = 1) (h1 : 0 ≤ x) (h2 : x ≤ 7) : x = 2 := by omega
theorem bad14 (a : Nat) : 0 < a := by omega
theorem bad15 (a b : Int) (h : a ≠ b) : a < b := by omega
theorem bad16 (x : Int) : x / (-3) = x / 3 := by omega
theorem bad17 (x y : Int) (h : 27 ≤ 11 * x + 13 * y) (h1 : 11 * x + 13 * y ≤ 45) : False := by omega
theorem bad18 (i : Fin 8) : i.val ≤ 6 := by omega
theorem bad19 (x : Int) (h : ∃ y : Int, x = 2 * y) : x % 4 = 0 := by omega
theorem bad20 (a b : Int) (h : a ≤ 3 ↔ b ≤ 4) : b ≤ 5 := by omega
