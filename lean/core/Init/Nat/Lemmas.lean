prelude
import Init.Nat.Elim
import Init.Omega
import Init.Logic.Bool
/-! Laws of the natural numbers that proofs reach for: order, subtraction, products, division, remainder, powers.
Mirrors Lean's `Data.Nat.Basic` and `Data.Nat.Lemmas`; what is linear is proved by `omega`. -/
set_option autoImplicit false
set_option linter.all false
namespace Nat

/-! ### order -/
protected theorem lt_trans {n m k : Nat} (h₁ : n < m) (h₂ : m < k) : n < k := by omega
protected theorem le_of_eq {n m : Nat} (p : n = m) : n ≤ m := by omega
theorem le_succ (n : Nat) : n ≤ succ n := by omega
theorem lt_succ_self (n : Nat) : n < succ n := by omega
theorem lt_add_one (n : Nat) : n < n + 1 := by omega
theorem succ_pos (n : Nat) : 0 < succ n := by omega
theorem zero_lt_succ (n : Nat) : 0 < succ n := by omega
theorem zero_lt_of_lt {a b : Nat} (h : a < b) : 0 < b := by omega
theorem zero_lt_of_ne_zero {a : Nat} (h : a ≠ 0) : 0 < a := by omega
theorem le_add_left (n m : Nat) : n ≤ m + n := by omega
theorem lt_succ_of_le {n m : Nat} (h : n ≤ m) : n < succ m := by omega
theorem le_of_lt_succ {m n : Nat} (h : m < succ n) : m ≤ n := by omega
theorem lt_succ_of_lt {a b : Nat} (h : a < b) : a < succ b := by omega
theorem le_succ_of_le {n m : Nat} (h : n ≤ m) : n ≤ succ m := by omega
theorem le_of_succ_le {n m : Nat} (h : succ n ≤ m) : n ≤ m := by omega
theorem lt_of_succ_le {n m : Nat} (h : succ n ≤ m) : n < m := h
theorem succ_le_of_lt {n m : Nat} (h : n < m) : succ n ≤ m := h
theorem succ_lt_succ {n m : Nat} (h : n < m) : succ n < succ m := by omega
theorem lt_of_succ_lt_succ {n m : Nat} (h : succ n < succ m) : n < m := by omega
protected theorem lt_succ_iff {m n : Nat} : m < succ n ↔ m ≤ n := by omega
theorem succ_le {n m : Nat} : succ n ≤ m ↔ n < m := Iff.rfl
theorem lt_add_one_iff {m n : Nat} : m < n + 1 ↔ m ≤ n := by omega
theorem add_one_le_iff {n m : Nat} : n + 1 ≤ m ↔ n < m := Iff.rfl
protected theorem lt_of_le_of_ne {n m : Nat} (h₁ : n ≤ m) (h₂ : n ≠ m) : n < m := by omega
protected theorem lt_of_lt_of_eq {n m k : Nat} (h₁ : n < m) (h₂ : m = k) : n < k := by omega
protected theorem ne_of_lt {a b : Nat} (h : a < b) : a ≠ b := by omega
protected theorem ne_of_lt' {a b : Nat} (h : a < b) : b ≠ a := by omega
protected theorem not_le_of_gt {n m : Nat} (h : n > m) : ¬n ≤ m := by omega
protected theorem not_lt_of_ge {a b : Nat} (h : b ≥ a) : ¬b < a := by omega
protected theorem not_lt_of_le {a b : Nat} (h : a ≤ b) : ¬b < a := by omega
protected theorem lt_asymm {a b : Nat} (h : a < b) : ¬b < a := by omega
protected theorem lt_of_not_ge {a b : Nat} (h : ¬b ≥ a) : b < a := by omega
protected theorem le_of_not_le {a b : Nat} (h : ¬b ≤ a) : a ≤ b := by omega
protected theorem le_of_not_ge {a b : Nat} (h : ¬a ≥ b) : a ≤ b := by omega
protected theorem le_of_not_gt {a b : Nat} (h : ¬b > a) : b ≤ a := by omega
@[simp] protected theorem not_le {a b : Nat} : ¬a ≤ b ↔ b < a := by omega
@[simp] protected theorem not_lt {a b : Nat} : ¬a < b ↔ b ≤ a := by omega
protected theorem lt_trichotomy (a b : Nat) : a < b ∨ a = b ∨ b < a := by omega
protected theorem lt_or_eq_of_le {n m : Nat} (h : n ≤ m) : n < m ∨ n = m := by omega
protected theorem eq_or_lt_of_le {n m : Nat} (h : n ≤ m) : n = m ∨ n < m := by omega
protected theorem le_iff_lt_or_eq {n m : Nat} : n ≤ m ↔ n < m ∨ n = m := by omega
protected theorem pos_iff_ne_zero {n : Nat} : 0 < n ↔ n ≠ 0 := by omega
theorem eq_zero_or_pos (n : Nat) : n = 0 ∨ n > 0 := by omega
theorem le_zero {i : Nat} : i ≤ 0 ↔ i = 0 := by omega
@[simp] theorem le_zero_eq (a : Nat) : (a ≤ 0) = (a = 0) := propext le_zero
@[simp] protected theorem lt_zero_eq (a : Nat) : (a < 0) = False := propext ⟨fun h => by omega, False.elim⟩
protected theorem one_pos : 0 < 1 := by omega
protected theorem two_pos : 0 < 2 := by omega
protected theorem zero_lt_one : 0 < (1 : Nat) := by omega
protected theorem one_lt_two : 1 < 2 := by omega
protected theorem one_ne_zero : 1 ≠ (0 : Nat) := by omega
protected theorem zero_ne_one : 0 ≠ (1 : Nat) := by omega
theorem add_one_ne_zero (n : Nat) : n + 1 ≠ 0 := by omega
theorem succ_ne_zero (n : Nat) : succ n ≠ 0 := by omega
theorem succ_ne_self (n : Nat) : succ n ≠ n := by omega
theorem exists_eq_succ_of_ne_zero {n : Nat} (h : n ≠ 0) : ∃ k, n = succ k := ⟨n - 1, by omega⟩
theorem exists_eq_add_one_of_ne_zero {n : Nat} (h : n ≠ 0) : ∃ k, n = k + 1 := ⟨n - 1, by omega⟩
theorem succ_inj {a b : Nat} : succ a = succ b ↔ a = b := by omega
theorem succ_eq_add_one (n : Nat) : succ n = n + 1 := rfl
theorem add_one (n : Nat) : n + 1 = succ n := rfl
theorem succ_eq_one_add (n : Nat) : succ n = 1 + n := by omega
theorem pred_succ (n : Nat) : pred (succ n) = n := rfl
theorem pred_zero : pred 0 = 0 := rfl
theorem succ_pred {a : Nat} (h : a ≠ 0) : succ (pred a) = a := by
  cases a with
  | zero => exact absurd rfl h
  | succ n => rfl
theorem sub_one (n : Nat) : n - 1 = pred n := rfl
protected theorem add_lt_add_left {n m : Nat} (h : n < m) (k : Nat) : k + n < k + m := by omega
protected theorem add_lt_add_right {n m : Nat} (h : n < m) (k : Nat) : n + k < m + k := by omega
protected theorem add_lt_add {a b c d : Nat} (h₁ : a < b) (h₂ : c < d) : a + c < b + d := by omega
protected theorem lt_add_of_pos_right {n k : Nat} (h : 0 < k) : n < n + k := by omega
protected theorem lt_add_of_pos_left {n k : Nat} (h : 0 < k) : n < k + n := by omega
protected theorem le_of_add_le_add_left {a b c : Nat} (h : a + b ≤ a + c) : b ≤ c := by omega
@[simp] protected theorem add_le_add_iff_right {m k n : Nat} : m + n ≤ k + n ↔ m ≤ k := by omega
@[simp] protected theorem add_le_add_iff_left {m k n : Nat} : n + m ≤ n + k ↔ m ≤ k := by omega
@[simp] protected theorem add_lt_add_iff_right {m k n : Nat} : m + n < k + n ↔ m < k := by omega
@[simp] protected theorem add_lt_add_iff_left {m k n : Nat} : n + m < n + k ↔ m < k := by omega
@[simp] protected theorem add_right_cancel_iff {m k n : Nat} : m + n = k + n ↔ m = k := by omega
@[simp] protected theorem add_left_cancel_iff {m k n : Nat} : n + m = n + k ↔ m = k := by omega
@[simp] protected theorem add_eq_zero_iff {n m : Nat} : n + m = 0 ↔ n = 0 ∧ m = 0 := by omega
attribute [simp] Nat.lt_irrefl Nat.le_refl Nat.zero_le succ_ne_zero Nat.mul_one Nat.one_mul

/-! ### subtraction -/
@[simp] protected theorem sub_zero (n : Nat) : n - 0 = n := rfl
@[simp] protected theorem sub_self (n : Nat) : n - n = 0 := by omega
attribute [simp] Nat.zero_sub Nat.add_sub_cancel Nat.add_sub_cancel_left
theorem sub_lt {n m : Nat} (h₁ : 0 < n) (h₂ : 0 < m) : n - m < n := by omega
theorem sub_succ (n m : Nat) : n - succ m = pred (n - m) := rfl
theorem succ_sub_one (n : Nat) : succ n - 1 = n := rfl
@[simp] theorem add_one_sub_one (n : Nat) : n + 1 - 1 = n := rfl
theorem sub_add_eq (a b c : Nat) : a - (b + c) = a - b - c := by omega
protected theorem add_sub_assoc {m k : Nat} (h : k ≤ m) (n : Nat) : n + m - k = n + (m - k) := by omega
protected theorem sub_add_comm {n m k : Nat} (h : k ≤ n) : n + m - k = n - k + m := by omega
protected theorem add_sub_of_le {a b : Nat} (h : a ≤ b) : a + (b - a) = b := by omega
protected theorem sub_sub_self {n m : Nat} (h : m ≤ n) : n - (n - m) = m := by omega
protected theorem sub_le_sub_right {n m : Nat} (h : n ≤ m) (k : Nat) : n - k ≤ m - k := by omega
protected theorem sub_le_sub_left {n m : Nat} (h : n ≤ m) (k : Nat) : k - m ≤ k - n := by omega
protected theorem sub_pos_of_lt {m n : Nat} (h : m < n) : 0 < n - m := by omega
protected theorem lt_sub_of_add_lt {a b c : Nat} (h : a + b < c) : a < c - b := by omega
protected theorem lt_sub_iff_add_lt {a b c : Nat} : a < c - b ↔ a + b < c := by omega
protected theorem le_sub_iff_add_le {x y k : Nat} (h : k ≤ y) : x ≤ y - k ↔ x + k ≤ y := by omega
protected theorem sub_le_iff_le_add {a b c : Nat} : a - b ≤ c ↔ a ≤ c + b := by omega
protected theorem sub_eq_zero_iff_le {n m : Nat} : n - m = 0 ↔ n ≤ m := by omega
protected theorem sub_eq_iff_eq_add {a b c : Nat} (h : b ≤ a) : a - b = c ↔ a = c + b := by omega
protected theorem sub_lt_of_lt {a b c : Nat} (h : a < c) : a - b < c := by omega
protected theorem mul_sub (k m n : Nat) : k * (m - n) = k * m - k * n := by
  cases Nat.le_total m n with
  | inl h => rw [sub_eq_zero_of_le h, Nat.mul_zero, sub_eq_zero_of_le (Nat.mul_le_mul_left k h)]
  | inr h =>
    have e := congrArg (k * ·) (sub_add_cancel h)
    simp only [Nat.mul_add] at e
    omega
protected theorem sub_mul (n m k : Nat) : (n - m) * k = n * k - m * k := by
  rw [Nat.mul_comm, Nat.mul_sub, Nat.mul_comm k, Nat.mul_comm k]
protected theorem mul_sub_one (n m : Nat) : n * (m - 1) = n * m - n := by rw [Nat.mul_sub, Nat.mul_one]

/-! ### minimum and maximum -/
protected theorem min_def {n m : Nat} : min n m = if n ≤ m then n else m := rfl
protected theorem max_def {n m : Nat} : max n m = if n ≤ m then m else n := rfl
protected theorem min_le_left (a b : Nat) : min a b ≤ a := by omega
protected theorem min_le_right (a b : Nat) : min a b ≤ b := by omega
protected theorem le_max_left (a b : Nat) : a ≤ max a b := by omega
protected theorem le_max_right (a b : Nat) : b ≤ max a b := by omega
protected theorem le_min {a b c : Nat} : a ≤ min b c ↔ a ≤ b ∧ a ≤ c := by omega
protected theorem max_le {a b c : Nat} : max a b ≤ c ↔ a ≤ c ∧ b ≤ c := by omega
protected theorem min_eq_left {a b : Nat} (h : a ≤ b) : min a b = a := by omega
protected theorem min_eq_right {a b : Nat} (h : b ≤ a) : min a b = b := by omega
protected theorem max_eq_left {a b : Nat} (h : b ≤ a) : max a b = a := by omega
protected theorem max_eq_right {a b : Nat} (h : a ≤ b) : max a b = b := by omega
protected theorem min_comm (a b : Nat) : min a b = min b a := by omega
protected theorem max_comm (a b : Nat) : max a b = max b a := by omega
protected theorem min_assoc (a b c : Nat) : min (min a b) c = min a (min b c) := by omega
protected theorem max_assoc (a b c : Nat) : max (max a b) c = max a (max b c) := by omega
@[simp] protected theorem min_self (a : Nat) : min a a = a := by omega
@[simp] protected theorem max_self (a : Nat) : max a a = a := by omega
@[simp] protected theorem zero_min (a : Nat) : min 0 a = 0 := by omega
@[simp] protected theorem min_zero (a : Nat) : min a 0 = 0 := by omega
@[simp] protected theorem zero_max (a : Nat) : max 0 a = a := by omega
@[simp] protected theorem max_zero (a : Nat) : max a 0 = a := by omega

/-! ### products -/
protected theorem mul_le_mul_right {m n : Nat} (k : Nat) (h : m ≤ n) : m * k ≤ n * k := Nat.mul_le_mul h (Nat.le_refl k)
theorem left_distrib (n m k : Nat) : n * (m + k) = n * m + n * k := Nat.mul_add n m k
theorem right_distrib (n m k : Nat) : (n + m) * k = n * k + m * k := Nat.add_mul n m k
protected theorem mul_right_comm (n m k : Nat) : n * m * k = n * k * m := by rw [Nat.mul_assoc, Nat.mul_comm m k, Nat.mul_assoc]
protected theorem mul_mul_mul_comm (a b c d : Nat) : a * b * (c * d) = a * c * (b * d) := by
  rw [Nat.mul_assoc, Nat.mul_assoc, Nat.mul_left_comm b]
protected theorem two_mul (n : Nat) : 2 * n = n + n := by omega
protected theorem mul_two (n : Nat) : n * 2 = n + n := by omega
theorem mul_self_le_mul_self {m n : Nat} (h : m ≤ n) : m * m ≤ n * n := Nat.mul_le_mul h h
protected theorem mul_lt_mul_of_pos_left {n m k : Nat} (h : n < m) (hk : 0 < k) : k * n < k * m := by
  have h' := Nat.mul_le_mul_left k (h : n + 1 ≤ m)
  rw [Nat.mul_add, Nat.mul_one] at h'
  omega
protected theorem mul_lt_mul_of_pos_right {n m k : Nat} (h : n < m) (hk : 0 < k) : n * k < m * k := by
  rw [Nat.mul_comm n, Nat.mul_comm m]; exact Nat.mul_lt_mul_of_pos_left h hk
protected theorem mul_lt_mul_of_lt_of_le {a c b d : Nat} (hac : a < c) (hbd : b ≤ d) (hd : 0 < d) : a * b < c * d :=
  Nat.lt_of_le_of_lt (Nat.mul_le_mul_left a hbd) (Nat.mul_lt_mul_of_pos_right hac hd)
protected theorem lt_of_mul_lt_mul_left {a b c : Nat} (h : a * b < a * c) : b < c :=
  Nat.lt_of_not_le (fun h' => Nat.not_le_of_lt h (Nat.mul_le_mul_left a h'))
protected theorem lt_of_mul_lt_mul_right {a b c : Nat} (h : b * a < c * a) : b < c := by
  rw [Nat.mul_comm b, Nat.mul_comm c] at h; exact Nat.lt_of_mul_lt_mul_left h
protected theorem le_of_mul_le_mul_left {a b c : Nat} (h : c * a ≤ c * b) (hc : 0 < c) : a ≤ b :=
  Nat.le_of_not_lt (fun h' => Nat.not_le_of_lt (Nat.mul_lt_mul_of_pos_left h' hc) h)
protected theorem le_of_mul_le_mul_right {a b c : Nat} (h : a * c ≤ b * c) (hc : 0 < c) : a ≤ b := by
  rw [Nat.mul_comm a, Nat.mul_comm b] at h; exact Nat.le_of_mul_le_mul_left h hc
protected theorem eq_of_mul_eq_mul_left {m k n : Nat} (hn : 0 < n) (h : n * m = n * k) : m = k :=
  Nat.le_antisymm (Nat.le_of_mul_le_mul_left (Nat.le_of_eq h) hn) (Nat.le_of_mul_le_mul_left (Nat.le_of_eq h.symm) hn)
protected theorem eq_of_mul_eq_mul_right {n m k : Nat} (hm : 0 < m) (h : n * m = k * m) : n = k :=
  Nat.eq_of_mul_eq_mul_left hm (by rw [Nat.mul_comm m n, Nat.mul_comm m k]; exact h)
protected theorem mul_eq_zero {m n : Nat} : n * m = 0 ↔ n = 0 ∨ m = 0 := by
  refine ⟨fun h => ?_, fun h => h.elim (fun e => by rw [e, Nat.zero_mul]) (fun e => by rw [e, Nat.mul_zero])⟩
  rcases eq_zero_or_pos n with h1 | h1
  · exact .inl h1
  · rcases eq_zero_or_pos m with h2 | h2
    · exact .inr h2
    · have := Nat.mul_pos h1 h2; omega
theorem le_mul_of_pos_left {n : Nat} (m : Nat) (h : 0 < n) : m ≤ n * m := by
  have h' := Nat.mul_le_mul_right m (h : 1 ≤ n); rw [Nat.one_mul] at h'; exact h'
theorem le_mul_of_pos_right {m : Nat} (n : Nat) (h : 0 < m) : n ≤ n * m := by
  rw [Nat.mul_comm]; exact le_mul_of_pos_left n h
end Nat
