prelude
import Init.Nat.Div
/-! What the operations that the kernel computes by GMP are, as equations that determine them.

`add`, `sub`, `mul`, `pow`, `beq`, `ble` are their defining equations; `shiftLeft` and `shiftRight` are `a * 2 ^ b` and
`a / 2 ^ b`. Proved here from our definitions: the quotient and remainder, the greatest common divisor, the logarithm,
and the lowest bit and the rest of `land`, `lor`, `xor`. The kernel's results are compared with the same equations in
the tests; a wrong definition would make the kernel inconsistent with the theorems about it. -/
set_option autoImplicit false
set_option linter.all false
namespace Nat

/-! ### defining equations -/
theorem beq_spec (a b : Nat) : Nat.beq a b = true ↔ a = b := ⟨eq_of_beq_eq_true, fun h => h ▸ beq_refl a⟩
theorem ble_spec (a b : Nat) : Nat.ble a b = true ↔ a ≤ b := ⟨le_of_ble_eq_true, ble_eq_true_of_le⟩
theorem add_spec (a b : Nat) : Nat.add a 0 = a ∧ Nat.add a (b + 1) = Nat.add a b + 1 := ⟨rfl, rfl⟩
theorem sub_spec (a b : Nat) : a ≤ b ∧ Nat.sub a b = 0 ∨ b ≤ a ∧ Nat.sub a b + b = a := by
  show a ≤ b ∧ a - b = 0 ∨ b ≤ a ∧ a - b + b = a
  omega
theorem mul_spec (a b : Nat) : Nat.mul a 0 = 0 ∧ Nat.mul a (b + 1) = Nat.mul a b + a := ⟨rfl, rfl⟩
theorem pow_spec (a b : Nat) : Nat.pow a 0 = 1 ∧ Nat.pow a (b + 1) = Nat.pow a b * a := ⟨rfl, rfl⟩
theorem shiftLeft_spec (a b : Nat) : Nat.shiftLeft a b = a * 2 ^ b := rfl
theorem shiftRight_spec (a b : Nat) : Nat.shiftRight a b = a / 2 ^ b := rfl

/-! ### quotient and remainder -/
theorem div_mod_spec (a : Nat) {b : Nat} (h : 0 < b) : b * Nat.div a b + Nat.mod a b = a ∧ Nat.mod a b < b :=
  ⟨div_add_mod a b, mod_lt a h⟩
theorem div_zero_spec (a : Nat) : Nat.div a 0 = 0 ∧ Nat.mod a 0 = a := ⟨rfl, rfl⟩

/-! ### greatest common divisor -/
theorem dvd_mod_of_dvd {k m n : Nat} (h : k ∣ m) (h' : k ∣ n) : k ∣ n % m := by
  rw [mod_def]; exact dvd_sub h' (dvd_mul_left_of_dvd h _)
theorem dvd_gcdGo (k f : Nat) : ∀ x y, x < f → k ∣ x → k ∣ y → k ∣ gcdGo f x y := by
  induction f with
  | zero => intro x y h; omega
  | succ f ih =>
    intro x y h hx hy
    cases x with
    | zero => exact hy
    | succ x =>
      have := mod_lt y (Nat.succ_pos x)
      exact ih (y % succ x) (succ x) (by omega) (dvd_mod_of_dvd hx hy) hx
theorem dvd_gcd {k m n : Nat} (h : k ∣ m) (h' : k ∣ n) : k ∣ gcd m n := dvd_gcdGo k (succ m) m n (lt_succ_self m) h h'
theorem dvd_antisymm {m n : Nat} (h : m ∣ n) (h' : n ∣ m) : m = n := by
  rcases eq_zero_or_pos m with h0 | h0
  · obtain ⟨c, hc⟩ := h; rw [hc, h0, Nat.zero_mul]
  · rcases eq_zero_or_pos n with h1 | h1
    · obtain ⟨c, hc⟩ := h'; rw [hc, h1, Nat.zero_mul]
    · exact Nat.le_antisymm (le_of_dvd h1 h) (le_of_dvd h0 h')
/-- `gcd m n` is the only number that divides both and that every common divisor divides. -/
theorem gcd_spec {m n g : Nat} (h1 : g ∣ m) (h2 : g ∣ n) (h3 : ∀ k, k ∣ m → k ∣ n → k ∣ g) : gcd m n = g :=
  dvd_antisymm (h3 _ (gcd_dvd_left m n) (gcd_dvd_right m n)) (dvd_gcd h1 h2)
theorem gcd_comm (m n : Nat) : gcd m n = gcd n m :=
  gcd_spec (gcd_dvd_right n m) (gcd_dvd_left n m) (fun _ h h' => dvd_gcd h' h)

/-! ### logarithm -/
theorem log2Go_spec (f : Nat) : ∀ n, n ≤ f → n ≠ 0 → 2 ^ log2Go f n ≤ n ∧ n < 2 ^ (log2Go f n + 1) := by
  induction f with
  | zero => intro n h h'; omega
  | succ f ih =>
    intro n h h0
    show 2 ^ (ite (n < 2) 0 (succ (log2Go f (n / 2)))) ≤ n ∧ n < 2 ^ (ite (n < 2) 0 (succ (log2Go f (n / 2))) + 1)
    by_cases h2 : n < 2
    · rw [if_pos h2]; exact ⟨by omega, by omega⟩
    · rw [if_neg h2]
      have := ih (n / 2) (by omega) (by omega)
      rw [Nat.succ_eq_add_one, Nat.pow_succ, Nat.pow_succ (2) (log2Go f (n / 2) + 1)]
      omega
theorem log2_self_le {n : Nat} (h : n ≠ 0) : 2 ^ n.log2 ≤ n := (log2Go_spec n n (Nat.le_refl n) h).1
theorem lt_log2_self {n : Nat} : n < 2 ^ (n.log2 + 1) := by
  by_cases h : n = 0
  · rw [h]; decide
  · exact (log2Go_spec n n (Nat.le_refl n) h).2

/-! ### bitwise operations -/
section
variable {f : Bool → Bool → Bool} (hf : f false false = false)
include hf
theorem bitwiseGo_zero : ∀ k, bitwiseGo f k 0 0 = 0 := by
  intro k
  induction k with
  | zero => rfl
  | succ k ih =>
    show 2 * bitwiseGo f k (0 / 2) (0 / 2) + cond (f false false) 1 0 = 0
    rw [hf, Nat.zero_div, ih]; rfl
theorem bitwiseGo_fuel (k : Nat) : ∀ l a b, a + b ≤ k → a + b ≤ l → bitwiseGo f k a b = bitwiseGo f l a b := by
  induction k with
  | zero =>
    intro l a b h _
    have ha : a = 0 := by omega
    have hb : b = 0 := by omega
    rw [ha, hb, bitwiseGo_zero hf l]; rfl
  | succ k ih =>
    intro l a b h h'
    cases l with
    | zero =>
      have ha : a = 0 := by omega
      have hb : b = 0 := by omega
      rw [ha, hb, bitwiseGo_zero hf (k + 1)]; rfl
    | succ l =>
      by_cases h0 : a + b = 0
      · have ha : a = 0 := by omega
        have hb : b = 0 := by omega
        rw [ha, hb, bitwiseGo_zero hf, bitwiseGo_zero hf]
      · unfold bitwiseGo
        rw [ih l (a / 2) (b / 2) (by omega) (by omega)]
theorem bitwiseGo_step (a b : Nat) : bitwiseGo f (a + b) a b =
    2 * bitwiseGo f (a / 2 + b / 2) (a / 2) (b / 2) + cond (f (Nat.beq (a % 2) 1) (Nat.beq (b % 2) 1)) 1 0 := by
  rw [bitwiseGo_fuel hf (a + b) (a + b + 1) a b (Nat.le_refl _) (Nat.le_succ _),
    bitwiseGo_fuel hf (a / 2 + b / 2) (a + b) (a / 2) (b / 2) (Nat.le_refl _) (by omega)]
  rfl
end
theorem land_spec (a b : Nat) : a &&& b = 2 * (a / 2 &&& b / 2) + cond (Nat.beq (a % 2) 1 && Nat.beq (b % 2) 1) 1 0 :=
  bitwiseGo_step (f := fun x y => cond x y false) rfl a b
theorem lor_spec (a b : Nat) : a ||| b = 2 * (a / 2 ||| b / 2) + cond (Nat.beq (a % 2) 1 || Nat.beq (b % 2) 1) 1 0 :=
  bitwiseGo_step (f := fun x y => cond x true y) rfl a b
theorem xor_spec (a b : Nat) :
    a ^^^ b = 2 * (a / 2 ^^^ b / 2) + cond (Bool.xor (Nat.beq (a % 2) 1) (Nat.beq (b % 2) 1)) 1 0 :=
  bitwiseGo_step (f := fun x y => cond x (!y) y) rfl a b
theorem bit_le_one (b : Bool) : cond b 1 0 ≤ 1 := by cases b <;> decide
theorem and_div_two {a b : Nat} : (a &&& b) / 2 = a / 2 &&& b / 2 := by
  have h := land_spec a b; have := bit_le_one (Nat.beq (a % 2) 1 && Nat.beq (b % 2) 1); omega
theorem or_div_two {a b : Nat} : (a ||| b) / 2 = a / 2 ||| b / 2 := by
  have h := lor_spec a b; have := bit_le_one (Nat.beq (a % 2) 1 || Nat.beq (b % 2) 1); omega
theorem xor_div_two {a b : Nat} : (a ^^^ b) / 2 = a / 2 ^^^ b / 2 := by
  have h := xor_spec a b; have := bit_le_one (Bool.xor (Nat.beq (a % 2) 1) (Nat.beq (b % 2) 1)); omega
theorem beq_one_eq (a : Nat) : Nat.beq (a % 2) 1 = decide (a % 2 = 1) := Bool.eq_iff_iff.mpr (by simp)
theorem and_mod_two_eq_one {a b : Nat} : (a &&& b) % 2 = 1 ↔ a % 2 = 1 ∧ b % 2 = 1 := by
  rw [land_spec, beq_one_eq, beq_one_eq]
  by_cases ha : a % 2 = 1 <;> by_cases hb : b % 2 = 1 <;> simp [ha, hb] <;> omega
theorem or_mod_two_eq_one {a b : Nat} : (a ||| b) % 2 = 1 ↔ a % 2 = 1 ∨ b % 2 = 1 := by
  rw [lor_spec, beq_one_eq, beq_one_eq]
  by_cases ha : a % 2 = 1 <;> by_cases hb : b % 2 = 1 <;> simp [ha, hb] <;> omega
@[simp] theorem and_zero (n : Nat) : n &&& 0 = 0 := by
  show bitwiseGo (fun x y => cond x y false) n n 0 = 0
  have key : ∀ k n, bitwiseGo (fun x y => cond x y false) k n 0 = 0 := by
    intro k
    induction k with
    | zero => intro n; rfl
    | succ k ih =>
      intro n
      show 2 * bitwiseGo (fun x y => cond x y false) k (n / 2) (0 / 2) + cond (cond (Nat.beq (n % 2) 1) false false) 1 0 = 0
      rw [Nat.zero_div, ih]
      cases Nat.beq (n % 2) 1 <;> rfl
  exact key n n
theorem and_comm (a b : Nat) : a &&& b = b &&& a := by
  have key : ∀ k a b : Nat, a + b ≤ k → a &&& b = b &&& a := by
    intro k
    induction k with
    | zero =>
      intro a b h
      have ha : a = 0 := by omega
      have hb : b = 0 := by omega
      rw [ha, hb]
    | succ k ih =>
      intro a b h
      by_cases h0 : a + b = 0
      · have ha : a = 0 := by omega
        have hb : b = 0 := by omega
        rw [ha, hb]
      · rw [land_spec, land_spec b a, ih (a / 2) (b / 2) (by omega), Bool.and_comm]
  exact key (a + b) a b (Nat.le_refl _)
theorem and_le_left {n m : Nat} : n &&& m ≤ n := by
  have key : ∀ k n m : Nat, n + m ≤ k → n &&& m ≤ n := by
    intro k
    induction k with
    | zero =>
      intro a b h
      have ha : a = 0 := by omega
      have hb : b = 0 := by omega
      rw [ha, hb]; decide
    | succ k ih =>
      intro a b h
      by_cases h0 : a + b = 0
      · have ha : a = 0 := by omega
        have hb : b = 0 := by omega
        rw [ha, hb]; decide
      · have h1 := ih (a / 2) (b / 2) (by omega)
        rw [land_spec, beq_one_eq]
        by_cases ha : a % 2 = 1
        · have := bit_le_one (decide (a % 2 = 1) && Nat.beq (b % 2) 1); omega
        · rw [decide_eq_false ha]; show 2 * (a / 2 &&& b / 2) + 0 ≤ a; omega
  exact key (n + m) n m (Nat.le_refl _)
theorem and_le_right {n m : Nat} : n &&& m ≤ m := by rw [Nat.and_comm]; exact and_le_left
/-- the lowest `n` bits are the remainder by `2 ^ n` -/
theorem and_two_pow_sub_one_eq_mod (x n : Nat) : x &&& (2 ^ n - 1) = x % 2 ^ n := by
  induction n generalizing x with
  | zero => rw [Nat.pow_zero, Nat.sub_self, and_zero, mod_one]
  | succ n ih =>
    have p := two_pow_pos n
    have e : (2 ^ (n + 1) - 1) / 2 = 2 ^ n - 1 := by rw [Nat.pow_succ]; omega
    have o : (2 ^ (n + 1) - 1) % 2 = 1 := by rw [Nat.pow_succ]; omega
    rw [land_spec, e, o, ih, beq_one_eq]
    have q : x % 2 ^ (n + 1) = 2 * (x / 2 % 2 ^ n) + x % 2 := by
      have d1 := div_add_mod (x / 2) (2 ^ n)
      have d2 := div_add_mod x (2 ^ (n + 1))
      have d3 : x / 2 / 2 ^ n = x / 2 ^ (n + 1) := by rw [div_div_eq_div_mul, Nat.pow_succ, Nat.mul_comm]
      rw [d3] at d1
      rw [Nat.pow_succ, Nat.mul_comm (2 ^ n) 2, Nat.mul_assoc] at d2
      rw [Nat.pow_succ, Nat.mul_comm (2 ^ n) 2]
      rw [Nat.pow_succ, Nat.mul_comm (2 ^ n) 2] at d1
      omega
    rw [q]
    by_cases hx : x % 2 = 1
    · rw [hx]; rfl
    · have : x % 2 = 0 := by omega
      rw [this]; rfl
def testBit (m n : Nat) : Bool := (m >>> n) &&& 1 != 0
end Nat
