prelude
import Init.Nat.Div
/-! Laws of the integers that proofs reach for. What is linear is proved by `omega`. Mirrors Lean's `Data.Int.Order`,
`Data.Int.DivMod` and `Data.Int.Bitwise`. -/
set_option autoImplicit false
set_option linter.all false
namespace Int

/-! ### order -/
@[simp] protected theorem not_le {a b : Int} : ¬a ≤ b ↔ b < a := by omega
@[simp] protected theorem not_lt {a b : Int} : ¬a < b ↔ b ≤ a := by omega
protected theorem lt_trichotomy (a b : Int) : a < b ∨ a = b ∨ b < a := by omega
protected theorem ne_of_lt {a b : Int} (h : a < b) : a ≠ b := by omega
protected theorem lt_of_le_of_ne {a b : Int} (h₁ : a ≤ b) (h₂ : a ≠ b) : a < b := by omega
protected theorem lt_asymm {a b : Int} (h : a < b) : ¬b < a := by omega
protected theorem le_of_lt_add_one' {a b : Int} (h : a < b + 1) : a ≤ b := by omega
theorem lt_add_one_iff {a b : Int} : a < b + 1 ↔ a ≤ b := by omega
theorem add_one_le_iff {a b : Int} : a + 1 ≤ b ↔ a < b := Iff.rfl
theorem le_sub_one_of_lt {a b : Int} (h : a < b) : a ≤ b - 1 := by omega
theorem lt_of_le_sub_one {a b : Int} (h : a ≤ b - 1) : a < b := by omega
theorem lt_add_one (a : Int) : a < a + 1 := by omega
protected theorem add_lt_add_left {a b : Int} (h : a < b) (c : Int) : c + a < c + b := by omega
protected theorem add_lt_add_right {a b : Int} (h : a < b) (c : Int) : a + c < b + c := by omega
protected theorem add_lt_add {a b c d : Int} (h₁ : a < b) (h₂ : c < d) : a + c < b + d := by omega
protected theorem add_lt_add_of_le_of_lt {a b c d : Int} (h₁ : a ≤ b) (h₂ : c < d) : a + c < b + d := by omega
protected theorem add_lt_add_of_lt_of_le {a b c d : Int} (h₁ : a < b) (h₂ : c ≤ d) : a + c < b + d := by omega
protected theorem add_nonneg {a b : Int} (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a + b := by omega
protected theorem le_of_add_le_add_left {a b c : Int} (h : a + b ≤ a + c) : b ≤ c := by omega
protected theorem neg_lt_neg {a b : Int} (h : a < b) : -b < -a := by omega
protected theorem neg_nonneg_of_nonpos {a : Int} (h : a ≤ 0) : 0 ≤ -a := by omega
protected theorem neg_nonpos_of_nonneg {a : Int} (h : 0 ≤ a) : -a ≤ 0 := by omega
protected theorem sub_le_sub {a b c d : Int} (hab : a ≤ b) (hcd : c ≤ d) : a - d ≤ b - c := by omega
protected theorem sub_le_sub_left {a b : Int} (h : a ≤ b) (c : Int) : c - b ≤ c - a := by omega
protected theorem sub_le_sub_right {a b : Int} (h : a ≤ b) (c : Int) : a - c ≤ b - c := by omega
protected theorem sub_nonneg {a b : Int} : 0 ≤ a - b ↔ b ≤ a := by omega
protected theorem sub_pos {a b : Int} : 0 < a - b ↔ b < a := by omega
protected theorem sub_left_le_of_le_add {a b c : Int} (h : a ≤ b + c) : a - b ≤ c := by omega
protected theorem le_add_of_nonneg_right {a b : Int} (h : 0 ≤ b) : a ≤ a + b := by omega
protected theorem add_sub_assoc (a b c : Int) : a + b - c = a + (b - c) := by omega
protected theorem sub_sub (a b c : Int) : a - b - c = a - (b + c) := by omega
protected theorem add_sub_cancel_left (a b : Int) : a + b - a = b := by omega
protected theorem sub_eq_zero {a b : Int} : a - b = 0 ↔ a = b := by omega
protected theorem eq_sub_of_add_eq {a b c : Int} (h : a + c = b) : a = b - c := by omega
protected theorem two_mul (n : Int) : 2 * n = n + n := by omega
attribute [simp] Int.add_zero Int.zero_add Int.mul_zero Int.zero_mul Int.mul_one Int.one_mul Int.neg_neg Int.sub_self
  Int.sub_zero Int.zero_sub Int.neg_zero Int.add_sub_cancel Int.sub_add_cancel Int.add_right_neg Int.add_left_neg
  Int.mul_neg Int.neg_mul Int.le_refl Int.lt_irrefl

/-! ### products -/
protected theorem mul_le_mul_of_nonneg_right {a b c : Int} (h₁ : a ≤ b) (h₂ : 0 ≤ c) : a * c ≤ b * c := by
  rw [Int.mul_comm a, Int.mul_comm b]; exact Int.mul_le_mul_of_nonneg_left h₁ h₂
protected theorem mul_le_mul_of_nonpos_right {a b c : Int} (h : b ≤ a) (hc : c ≤ 0) : a * c ≤ b * c := by
  rw [Int.mul_comm a, Int.mul_comm b]
  have := Int.mul_le_mul_of_nonneg_left h (c := -c) (by omega)
  rw [Int.neg_mul, Int.neg_mul] at this
  omega
protected theorem mul_le_mul {a b c d : Int} (hac : a ≤ c) (hbd : b ≤ d) (nn_b : 0 ≤ b) (nn_c : 0 ≤ c) : a * b ≤ c * d :=
  Int.le_trans (Int.mul_le_mul_of_nonneg_right hac nn_b) (Int.mul_le_mul_of_nonneg_left hbd nn_c)
protected theorem mul_lt_mul_of_pos_left {a b c : Int} (h₁ : a < b) (h₂ : 0 < c) : c * a < c * b := by
  have := Int.mul_le_mul_of_nonneg_left (h₁ : a + 1 ≤ b) (Int.le_of_lt h₂)
  rw [Int.mul_add, Int.mul_one] at this
  omega
protected theorem mul_lt_mul_of_pos_right {a b c : Int} (h₁ : a < b) (h₂ : 0 < c) : a * c < b * c := by
  rw [Int.mul_comm a, Int.mul_comm b]; exact Int.mul_lt_mul_of_pos_left h₁ h₂
protected theorem le_of_mul_le_mul_left {a b c : Int} (w : a * b ≤ a * c) (h : 0 < a) : b ≤ c :=
  Int.le_of_not_lt (fun h' => Int.not_le_of_lt (Int.mul_lt_mul_of_pos_left h' h) w)
protected theorem mul_nonneg_of_nonpos_of_nonpos {a b : Int} (ha : a ≤ 0) (hb : b ≤ 0) : 0 ≤ a * b := by
  have := Int.mul_nonneg (show 0 ≤ -a by omega) (show 0 ≤ -b by omega)
  rw [Int.neg_mul, Int.mul_neg, Int.neg_neg] at this
  exact this
protected theorem mul_nonpos_of_nonneg_of_nonpos {a b : Int} (ha : 0 ≤ a) (hb : b ≤ 0) : a * b ≤ 0 := by
  have := Int.mul_nonneg ha (show 0 ≤ -b by omega)
  rw [Int.mul_neg] at this
  omega
protected theorem mul_eq_zero {a b : Int} : a * b = 0 ↔ a = 0 ∨ b = 0 := by
  refine ⟨fun h => ?_, fun h => h.elim (fun e => by rw [e, Int.zero_mul]) (fun e => by rw [e, Int.mul_zero])⟩
  have e := congrArg natAbs h
  rw [natAbs_mul] at e
  have := Nat.mul_eq_zero.mp (e : natAbs a * natAbs b = 0)
  omega
protected theorem eq_of_mul_eq_mul_left {a b c : Int} (ha : a ≠ 0) (h : a * b = a * c) : b = c := by
  have : a * (b - c) = 0 := by rw [Int.mul_sub]; omega
  rcases Int.mul_eq_zero.mp this with h | h
  · exact absurd h ha
  · omega

/-! ### minimum, maximum, absolute value, conversion -/
protected theorem min_comm (a b : Int) : min a b = min b a := by omega
protected theorem max_comm (a b : Int) : max a b = max b a := by omega
protected theorem le_min {a b c : Int} : a ≤ min b c ↔ a ≤ b ∧ a ≤ c := by omega
protected theorem max_le {a b c : Int} : max a b ≤ c ↔ a ≤ c ∧ b ≤ c := by omega
protected theorem min_eq_left {a b : Int} (h : a ≤ b) : min a b = a := by omega
protected theorem min_eq_right {a b : Int} (h : b ≤ a) : min a b = b := by omega
protected theorem max_eq_left {a b : Int} (h : b ≤ a) : max a b = a := by omega
protected theorem max_eq_right {a b : Int} (h : a ≤ b) : max a b = b := by omega
theorem toNat_of_nonneg {a : Int} (h : 0 ≤ a) : (toNat a : Int) = a := by omega
@[simp] theorem toNat_natCast (n : Nat) : toNat (n : Int) = n := rfl
theorem natAbs_sub_le (a b : Int) : natAbs (a - b) ≤ natAbs a + natAbs b := by omega
@[simp] theorem natAbs_zero : natAbs 0 = 0 := rfl
@[simp] theorem natAbs_natCast (n : Nat) : natAbs (n : Int) = n := rfl
theorem natAbs_eq_zero {a : Int} : natAbs a = 0 ↔ a = 0 := by omega
theorem natCast_inj {m n : Nat} : (m : Int) = n ↔ m = n := by omega
theorem natCast_pow (b n : Nat) : ((b ^ n : Nat) : Int) = (b : Int) ^ n := Lean.Omega.Int.ofNat_pow b n
theorem ofNat_nonneg (n : Nat) : 0 ≤ (n : Int) := natCast_nonneg n

/-! ### quotient and remainder -/
theorem emod_add_mul_ediv (a b : Int) : a % b + b * (a / b) = a := by rw [Int.add_comm]; exact mul_ediv_add_emod a b
protected theorem ediv_eq_of_le_of_lt {a k q : Int} (hk : 0 < k) (lo : k * q ≤ a) (hi : a < k * q + k) : a / k = q := by
  apply Int.le_antisymm
  · apply Int.le_of_lt_add_one
    apply Int.lt_of_mul_lt_mul_left (a := k) ?_ (Int.le_of_lt hk)
    rw [Int.mul_add, Int.mul_one]
    have := mul_ediv_self_le (x := a) (Int.ne_of_gt hk)
    omega
  · exact le_ediv_of_mul_le hk lo
protected theorem add_mul_ediv_left (a : Int) {b : Int} (c : Int) (h : 0 < b) : (a + b * c) / b = a / b + c := by
  apply Int.ediv_eq_of_le_of_lt h
  · rw [Int.mul_add]; have := mul_ediv_self_le (x := a) (Int.ne_of_gt h); omega
  · rw [Int.mul_add]; have := lt_mul_ediv_self_add (x := a) h; omega
theorem add_mul_emod_self_left (a b c : Int) : (a + b * c) % b = a % b := by
  have positive : ∀ {k : Int} (c : Int), 0 < k → (a + k * c) % k = a % k := fun c h => by
    rw [emod_def, emod_def, Int.add_mul_ediv_left a c h, Int.mul_add]; omega
  rcases Int.lt_trichotomy b 0 with h | h | h
  · have n := positive (k := -b) (-c) (by omega)
    rw [Int.neg_mul, Int.mul_neg, Int.neg_neg, Int.emod_neg, Int.emod_neg] at n
    exact n
  · rw [h, Int.zero_mul, Int.add_zero]
  · exact positive c h
theorem emod_eq_of_lt {a b : Int} (h₁ : 0 ≤ a) (h₂ : a < b) : a % b = a := by
  rw [emod_def, Int.ediv_eq_of_le_of_lt (q := 0) (by omega) (by omega) (by omega)]; omega
theorem ediv_eq_zero_of_lt {a b : Int} (h₁ : 0 ≤ a) (h₂ : a < b) : a / b = 0 :=
  Int.ediv_eq_of_le_of_lt (by omega) (by omega) (by omega)
protected theorem ediv_le_ediv {a b c : Int} (H : 0 < c) (h : a ≤ b) : a / c ≤ b / c :=
  le_ediv_of_mul_le H (Int.le_trans (mul_ediv_self_le (Int.ne_of_gt H)) h)
protected theorem le_ediv_iff_mul_le {a b c : Int} (H : 0 < c) : a ≤ b / c ↔ a * c ≤ b := by
  rw [Int.mul_comm]
  exact ⟨fun h => Int.le_trans (Int.mul_le_mul_of_nonneg_left h (Int.le_of_lt H)) (mul_ediv_self_le (Int.ne_of_gt H)),
    le_ediv_of_mul_le H⟩
protected theorem ediv_lt_iff_lt_mul {a b c : Int} (H : 0 < c) : a / c < b ↔ a < b * c := by
  rw [← Int.not_le, ← Int.not_le, Int.le_ediv_iff_mul_le H]
theorem ediv_nonneg {a b : Int} (ha : 0 ≤ a) (hb : 0 < b) : 0 ≤ a / b := le_ediv_of_mul_le hb (by omega)
@[simp] protected theorem ediv_one (a : Int) : a / 1 = a := by omega
@[simp] theorem emod_one (a : Int) : a % 1 = 0 := by omega

/-! ### shifts -/
@[extern "lean_int_shift_right"] protected def shiftRight : Int → Nat → Int
  | ofNat n, s => ofNat (n >>> s)
  | negSucc n, s => negSucc (n >>> s)
instance instHShiftRightNat : HShiftRight Int Nat Int := ⟨Int.shiftRight⟩
theorem shiftRight_eq_div_pow (m : Int) (n : Nat) : m >>> n = m / ((2 ^ n : Nat) : Int) := by
  have p : (2 ^ n) = (2 ^ n - 1) + 1 := by have := Nat.two_pow_pos n; omega
  cases m with
  | ofNat m => rfl
  | negSucc m =>
    show negSucc (m / 2 ^ n) = ediv (negSucc m) (ofNat (2 ^ n))
    rw [p]; rfl
@[simp] theorem shiftRight_zero (n : Int) : n >>> 0 = n := by rw [shiftRight_eq_div_pow]; show n / 1 = n; omega
theorem shiftRight_add (i : Int) (m n : Nat) : i >>> (m + n) = i >>> m >>> n := by
  rw [shiftRight_eq_div_pow, shiftRight_eq_div_pow, shiftRight_eq_div_pow]
  have hm : (0 : Int) < ((2 ^ m : Nat) : Int) := ofNat_lt.mpr (Nat.two_pow_pos m)
  have hn : (0 : Int) < ((2 ^ n : Nat) : Int) := ofNat_lt.mpr (Nat.two_pow_pos n)
  have hmn : (0 : Int) < ((2 ^ (m + n) : Nat) : Int) := ofNat_lt.mpr (Nat.two_pow_pos (m + n))
  have e : ((2 ^ (m + n) : Nat) : Int) = ((2 ^ m : Nat) : Int) * ((2 ^ n : Nat) : Int) := by rw [← natCast_mul, Nat.pow_add]
  apply Int.ediv_eq_of_le_of_lt hmn
  · rw [e, Int.mul_assoc]
    have h1 := mul_ediv_self_le (x := i / ((2 ^ m : Nat) : Int)) (Int.ne_of_gt hn)
    have h2 := mul_ediv_self_le (x := i) (Int.ne_of_gt hm)
    exact Int.le_trans (Int.mul_le_mul_of_nonneg_left h1 (Int.le_of_lt hm)) h2
  · have h1 := lt_mul_ediv_self_add (x := i / ((2 ^ m : Nat) : Int)) hn
    have h2 := lt_mul_ediv_self_add (x := i) hm
    have h3 := Int.mul_le_mul_of_nonneg_left (Int.add_one_le_of_lt h1) (Int.le_of_lt hm)
    rw [Int.mul_add, Int.mul_one, Int.mul_add] at h3
    rw [e, Int.mul_assoc]
    omega
end Int
