/-! Goals that `omega` must close, one for each lemma and shape that it uses. -/
set_option linter.unusedVariables false
-- linear inequalities, several variables, Int
theorem i1 (a b : Int) (h1 : -128 ≤ a) (h2 : a ≤ 127) (h3 : 0 ≤ b) (h4 : b ≤ 255) : a + b ≤ 382 := by omega
theorem i2 (a b c d : Int) (h1 : a ≤ b) (h2 : b < c) (h3 : c ≤ d) : a < d := by omega
theorem i3 (x y z : Int) (h1 : 3 * x + 2 * y ≤ 7) (h2 : x ≥ 1) (h3 : y ≥ 2) (h4 : z = x + y) : z ≤ 3 := by omega
theorem i4 (x y : Int) (h1 : x + y > 0) (h2 : x - y > 0) : x ≥ 1 := by omega
theorem i5 (x y z w : Int) (h1 : x < y) (h2 : y < z) (h3 : z < w) : w - x ≥ 3 := by omega
-- integrality (dark shadows are not needed, but gcd tightening is)
theorem g1 (x : Int) (h1 : 2 * x ≤ 5) : x ≤ 2 := by omega
theorem g2 (x : Int) (h1 : 3 * x ≥ -7) : x ≥ -2 := by omega
theorem g3 (x y : Int) (h : 2 * x + 4 * y = 5) : False := by omega
theorem g4 (x y : Nat) (h : 6 * x + 9 * y = 20) : False := by omega
-- equalities without a unit coefficient (balanced remainder)
theorem e1 (x y : Int) (h : 3 * x + 5 * y = 1) (h1 : 0 ≤ x) (h2 : x ≤ 4) : x = 2 := by omega
theorem e2 (x y z : Int) (h : 7 * x + 12 * y + 31 * z = 17) (h1 : 3 * x + 5 * y + 14 * z = 7) (hz : 0 ≤ z) (hz' : z ≤ 0) : x = 1 → False := by omega
theorem e3 (x y : Nat) (h : 5 * x = 7 * y) (h1 : 0 < y) : 5 ≤ y := by omega
theorem e4 (x y : Int) (h : 12 * x = 18 * y + 6) : ∀ z : Int, x = 3 * z → False := by intro z hz; omega
-- naturals and casts
theorem n1 (a b : Nat) (h : a + 2 * b ≤ 10) (h2 : 3 ≤ a) : b ≤ 3 := by omega
theorem n2 (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
theorem n3 (a b : Nat) (h : ¬ a ≤ b) : b < a := by omega
theorem n4 (a : Nat) (x : Int) (h : x = a) : 0 ≤ x := by omega
theorem n5 (a b : Nat) (h : (a : Int) + b = 3) (h2 : a = 2) : b = 1 := by omega
theorem n6 (a b c : Nat) (h : ((a + b : Nat) : Int) ≤ c) : a ≤ c := by omega
theorem n7 (n : Nat) (h : n ≠ 0) : 1 ≤ n := by omega
theorem n8 (a b : Nat) (h : Nat.succ a = b) : a < b := by omega
-- natural subtraction
theorem s1 (a b : Nat) (h : b ≤ a) : a - b + b = a := by omega
theorem s2 (a b c : Nat) : a - b - c = a - (b + c) := by omega
theorem s3 (a b : Nat) : a - b ≤ a := by omega
theorem s4 (a b : Nat) (h : a - b = 0) : a ≤ b := by omega
theorem s5 (n : Nat) (h : 0 < n) : n - 1 < n := by omega
theorem s6 (a b c : Nat) (h : a ≤ c) (h' : b ≤ a) : (c - a) + (a - b) = c - b := by omega
-- division and remainder by literals
theorem d1 (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by omega
theorem d2 (n : Nat) : 2 * (n / 2) ≤ n := by omega
theorem d3 (n : Nat) (h : n < 256) : n / 16 < 16 := by omega
theorem d4 (n : Nat) : 256 * (n / 256) + n % 256 = n := by omega
theorem d5 (x : Int) : x % 8 < 8 ∧ 0 ≤ x % 8 := by omega
theorem d6 (x : Int) (h : 0 ≤ x) (h' : x < 100) : x / 10 ≤ 9 := by omega
theorem d7 (x : Int) : x / (-3) = -(x / 3) := by omega
theorem d8 (x : Int) (h : x % 4 = 3) : x % 2 = 1 := by omega
theorem d9 (a b : Nat) (h : a % 4 = 1) (h' : b % 4 = 2) : (a + b) % 4 = 3 := by omega
theorem d10 (a : Nat) (h : 2 ∣ a) (h' : a % 2 = 1) : False := by omega
theorem d11 (a : Int) (h : ¬ 3 ∣ a) (h' : a % 3 ≠ 1) : a % 3 = 2 := by omega
-- connectives
theorem c1 (a b : Int) (h : a ≤ 3 ∧ b ≤ 4) : a + b ≤ 7 := by omega
theorem c2 (a : Int) (h : a < 3 ∨ a > 5) (h2 : 3 ≤ a) : a ≥ 6 := by omega
theorem c3 (a b : Nat) (h : a = 1 ∨ a = 2 ∨ a = 3) (h2 : b = 2 * a) : b ≤ 6 := by omega
theorem c4 (a b : Int) (h : ¬ (a ≤ 3 ∧ b ≤ 4)) (ha : a = 0) : b > 4 := by omega
theorem c5 (a b : Int) (h : ¬ (a ≤ 3 ∨ b ≤ 4)) : a + b ≥ 9 := by omega
theorem c6 (a b : Int) (h : a ≤ 3 → b ≤ 4) (ha : a ≤ 0) : b ≤ 5 := by omega
theorem c7 (a b : Int) (h : a ≤ 3 ↔ b ≤ 4) (ha : a ≤ 0) : b ≤ 5 := by omega
theorem c8 (a b : Int) (h : ¬ (a ≤ 3 ↔ b ≤ 4)) (ha : a ≤ 0) : b ≥ 5 := by omega
theorem c9 (a b : Int) (h : ¬ (a ≤ 3 → b ≤ 4)) : a ≤ 3 ∧ b ≥ 5 := by omega
theorem c10 (a b : Int) (h : a ≠ b) : a < b ∨ b < a := by omega
theorem c11 (a b : Int) : a ≤ b ∨ b ≤ a := by omega
theorem c12 (a b : Int) (h : ¬ ¬ a ≤ b) : a ≤ b + 1 := by omega
theorem c13 (x : Int) (h : ∃ y : Int, x = 2 * y) : x % 2 = 0 := by omega
-- absolute value, minimum, maximum, if-then-else, toNat
theorem m1 (a : Int) (h : a.natAbs ≤ 5) : a ≤ 5 ∧ -5 ≤ a := by omega
theorem m2 (a b : Int) : min a b ≤ a := by omega
theorem m3 (a b : Nat) (h : max a b ≤ 5) : a ≤ 5 ∧ b ≤ 5 := by omega
theorem m4 (a : Int) : (if 0 ≤ a then a else -a) ≥ 0 := by omega
theorem m5 (a : Int) (h : a ≤ 0) : a.toNat = 0 := by omega
theorem m6 (x : Int) (lo hi : Int) (h : lo ≤ hi) : max lo (min x hi) ≤ hi ∧ lo ≤ max lo (min x hi) := by omega
theorem m7 (x : Nat) : x <<< 3 = 8 * x := by omega
theorem m8 (x : Nat) (h : x < 2 ^ 8) : x >>> 4 < 16 := by omega
theorem m9 (x : Nat) (h : x < 2 ^ 16) : x * 2 ^ 2 < 2 ^ 18 := by omega
-- more than ten atoms
theorem a1 (a b c d e f g h i j k l : Int) (h1 : a < b) (h2 : b < c) (h3 : c < d) (h4 : d < e) (h5 : e < f) (h6 : f < g) (h7 : g < h) (h8 : h < i) (h9 : i < j) (h10 : j < k) (h11 : k < l) : a + 11 ≤ l := by omega
-- Fin
theorem f1 (i : Fin 8) : i.val ≤ 7 := by omega
theorem f2 (i j : Fin 8) (h : i.val < j.val) : i.val < 7 := by omega
theorem f3 (i j : Fin 8) (h : i < j) : i.val < 7 := by omega
theorem f4 (i j : Fin 8) (h : ¬ i ≤ j) : j.val < 7 := by omega
theorem f5 (i j : Fin 8) (h : i.val = 3) (h' : i = j) : j.val = 3 := by omega
theorem f6 (i j : Fin 8) (h : i.val = 5) (h' : j.val = 6) : (i + j).val = 3 := by omega
theorem f7 (i j : Fin 8) (h : i.val = 5) (h' : j.val = 6) : (i - j).val = 7 := by omega
theorem f8 (i j : Fin 8) (h : i ≠ j) (h' : i.val ≤ j.val) : i < j := by omega
-- pairs
theorem p1 (a b : Nat) (h : (a, b).1 = 3) : a < 4 := by omega
theorem p2 (a b c d : Nat) (h : Prod.Lex (· < ·) (· < ·) (a, b) (c, d)) : a ≤ c := by omega
-- options
theorem k1 (a b : Nat) (h : a ≤ b) : a - b ≤ 0 := by omega (config := { splitNatSub := true })
theorem k2 (a b : Nat) (h : a ≤ b) : a ≤ b + 1 := by omega -splitNatSub
-- powers of literals, non-linear and opaque atoms, facts to be ignored
theorem q1 (x : Nat) (h : x < 2 ^ 8) : x % 2 ^ 4 < 16 := by omega
theorem q2 (x k : Nat) : x % 2 ^ k < 2 ^ k := by omega
theorem q3 (x : Nat) (k : Nat) (h : x < 5) : x % 2 ^ k ≤ x + 2 ^ k := by omega
theorem q4 (x : Int) (h : 0 ≤ x) (h2 : x.toNat < 3) : x < 3 := by omega
theorem q5 (a b : Nat) (h : a * b ≤ 5) (h2 : 3 ≤ a * b) : a * b + 1 ≤ 6 := by omega
theorem q6 (f : Nat → Int) (i : Nat) (h : f i ≤ 127) (h2 : -128 ≤ f i) : 3 * f i ≤ 381 := by omega
theorem q7 (a b : Int) (h : ∀ x : Int, x ≤ 3) (h2 : a ≤ b) : a < b + 1 := by omega
theorem q8 (x : Nat) (h : x ∈ [1, 2]) (h2 : x < 3) : x ≤ 2 := by omega
theorem q9 (x : Int) (h : -128 ≤ x) (h' : x ≤ 127) : (x + 128) % 256 - 128 = x := by omega
theorem q10 : (5 : Int) / 2 = 2 ∧ (-5 : Int) / 2 = -3 ∧ (-5 : Int) % 2 = 1 := by omega
-- inside an induction
theorem q11 (f : Nat → Int) (h : ∀ i, f i ≤ 3) (s : Nat → Int) (h0 : s 0 = 0) (hs : ∀ n, s (n + 1) = s n + f n) (n : Nat) : s n ≤ 3 * n := by
  induction n with
  | zero => omega
  | succ n ih =>
    have h1 := h n
    have h2 := hs n
    omega
-- one goal for each remaining lemma of the interface
theorem r1 (i j : Fin 8) (h : i > j) : j.val < 7 := by omega
theorem r2 (i j : Fin 8) (h : i ≥ j) (h' : i.val = 3) : j.val ≤ 3 := by omega
theorem r3 (i j : Fin 8) : (i * j).val ≤ 7 := by omega
theorem r4 (a : Int) : a / 0 = 0 := by omega
theorem r5 (a : Int) (h : 3 ∣ a) (h' : a % 3 = 1) : False := by omega
theorem r6 (a b : Nat) (h : a ≥ b) (h' : b > 3) : a ≥ 4 := by omega
theorem r7 (a b : Int) (h : a ≥ b) (h' : b > 3) : a ≥ 4 := by omega
theorem r8 (a : Nat) (b : Int) (h : b = (a : Int) % 5) : b < 5 := by omega
theorem r9 (k : Nat) (x : Int) (h : x = 3 * 2 ^ (k + 1)) : x = 6 * 2 ^ k := by omega
theorem r10 (a b c d : Nat) (h : ¬ Prod.Lex (· < ·) (· < ·) (a, b) (c, d)) : c ≤ a := by omega
theorem r11 (a b : Nat) (h : (a, b).2 = 3) : b < 4 := by omega
theorem r12 (x : Int) (h : x = Int.negSucc 4) : x = -5 := by omega
theorem r13 (x k : Nat) (h : x / 2 ^ k ≥ 1) : x / 2 ^ k ≠ 0 := by omega
theorem r14 (x : Int) (k : Nat) : x % 2 ^ k < 2 ^ k := by omega
theorem r15 (a b : Nat) : min a b ≤ a ∧ min a b ≤ b := by omega
theorem r16 (a b : Int) (h : ¬ a > b) (h' : ¬ b ≥ a + 1) : a = b := by omega
theorem r17 (x : Nat) (n : Nat) (h : 0 < n) (hx : (x : Int) < 5) : x % 8 < 5 := by omega
-- larger constants, requantisation shapes
theorem z2 (x y : Nat) : 0 ≤ (x : Int) % y := by omega
theorem z3 (x : Int) (k : Nat) : 0 ≤ x % (2 ^ k : Nat) := by omega
theorem z4 (x : Nat) (k : Nat) : x / (2 ^ k) * 1 ≤ x + x / (2 ^ k) := by omega
theorem z5 (a b c d e f : Nat) (h : a + b + c = d + e + f) (h1 : a = d) (h2 : b = e) : c = f := by omega
theorem z6 (a b : Int) (h : 17 * a + 23 * b = 1000) (h1 : 0 < a) (h2 : 0 < b) (h3 : a ≤ 22): a = 21 → False := by omega
theorem z7 (x : Int) (h : x * 1000000007 = 2147483647) : False := by omega
theorem z8 (x : Int) (h1 : -2147483648 ≤ x) (h2 : x ≤ 2147483647) (y : Int) (h3 : y = (x * 1073741824 + 536870912) / 1073741824) : y = x := by omega
theorem z9 (x y : Int) (h : y = (x + 64) / 128) (h1 : -16384 ≤ x) (h2 : x ≤ 16256) : -128 ≤ y ∧ y ≤ 127 := by omega
theorem z10 (x : Int) (h : x ≠ 0) (h2 : 0 ≤ x) : x / 2 < x := by omega
theorem z11 (x : Int) (h : x.natAbs * 2 < 7) : -4 < x := by omega
theorem u1 (x : Int) (k : Nat) : 0 ≤ x % 2 ^ k := by omega
theorem u2 (a b : Int) : min a b ≤ a ∧ min a b ≤ b := by omega -splitMinMax
theorem u3 (a b : Int) : a ≤ max a b ∧ b ≤ max a b := by omega -splitMinMax
theorem u4 (a : Int) : a ≤ a.natAbs ∧ -a ≤ a.natAbs := by omega -splitNatAbs
theorem u5 (x k : Nat) : 0 ≤ (x : Int) % (k : Int) := by omega
theorem u6 (x : Nat) : ((x + 5 : Nat) : Int) = x + 5 := by omega
