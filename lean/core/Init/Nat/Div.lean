prelude
import Init.Nat.Lemmas
/-! Quotient, remainder and powers of naturals. Everything follows from `div_add_mod`, `mod_lt` and uniqueness of the quotient.
Mirrors Lean's `Data.Nat.Div` and the power lemmas of `Data.Nat.Lemmas`. -/
set_option autoImplicit false
set_option linter.all false
namespace Nat

/-- The quotient is the only `q` with `k q ≤ n < k q + k`. -/
protected theorem div_eq_of_lt_le {q k n : Nat} (lo : q * k ≤ n) (hi : n < (q + 1) * k) : n / k = q := by
  have hk : 0 < k := by
    rcases eq_zero_or_pos k with h | h
    · rw [h, Nat.mul_zero] at hi; omega
    · exact h
  have e := div_add_mod n k
  have m := mod_lt n hk
  rw [Nat.mul_comm k] at e
  apply Nat.le_antisymm
  · apply Nat.le_of_not_lt
    intro h
    have h1 := Nat.mul_le_mul_right k (h : q + 1 ≤ n / k)
    omega
  · apply Nat.le_of_not_lt
    intro h
    have h1 := Nat.mul_le_mul_right k (h : n / k + 1 ≤ q)
    rw [Nat.add_mul, Nat.one_mul] at h1
    omega
theorem not_lt_zero (n : Nat) : ¬n < 0 := by omega
theorem div_add_mod' (m k : Nat) : m / k * k + m % k = m := by rw [Nat.mul_comm]; exact div_add_mod m k
theorem mod_add_div (m k : Nat) : m % k + k * (m / k) = m := by rw [Nat.add_comm]; exact div_add_mod m k
theorem mod_def (m k : Nat) : m % k = m - k * (m / k) := by have := div_add_mod m k; omega
theorem mul_div_le (m n : Nat) : n * (m / n) ≤ m := by have := div_add_mod m n; omega
theorem div_mul_le_self (m n : Nat) : m / n * n ≤ m := by rw [Nat.mul_comm]; exact mul_div_le m n
theorem lt_mul_div_succ {b : Nat} (a : Nat) (h : 0 < b) : a < b * (a / b + 1) := by
  have := div_add_mod a b; have := mod_lt a h; rw [Nat.mul_add, Nat.mul_one]; omega
theorem mod_le (x y : Nat) : x % y ≤ x := by have := div_add_mod x y; omega
theorem div_eq_of_lt {a b : Nat} (h : a < b) : a / b = 0 := Nat.div_eq_of_lt_le (by omega) (by omega)
theorem mod_eq_of_lt {a b : Nat} (h : a < b) : a % b = a := by
  have e := div_add_mod a b; rw [div_eq_of_lt h, Nat.mul_zero] at e; omega
@[simp] theorem mod_two_lt (n : Nat) : n % 2 < 2 := by omega
theorem mod_two_eq_zero_or_one (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by omega
@[simp] protected theorem zero_div (b : Nat) : 0 / b = 0 := by
  rcases eq_zero_or_pos b with h | h
  · rw [h]
  · exact div_eq_of_lt h
@[simp] protected theorem div_one (n : Nat) : n / 1 = n := by omega
@[simp] theorem mod_one (n : Nat) : n % 1 = 0 := by omega
attribute [simp] Nat.div_zero Nat.mod_zero Nat.zero_mod
theorem le_div_iff_mul_le {k x y : Nat} (k0 : 0 < k) : x ≤ y / k ↔ x * k ≤ y := by
  constructor
  · intro h; exact Nat.le_trans (Nat.mul_le_mul_right k h) (div_mul_le_self y k)
  · intro h
    apply Nat.le_of_not_lt
    intro h'
    have h1 := Nat.mul_le_mul_right k (h' : y / k + 1 ≤ x)
    have h2 := lt_mul_div_succ y k0
    rw [Nat.mul_comm] at h2
    omega
theorem div_lt_iff_lt_mul {k x y : Nat} (Hk : 0 < k) : x / k < y ↔ x < y * k := by
  rw [← Nat.not_le, ← Nat.not_le, le_div_iff_mul_le Hk]
theorem div_lt_of_lt_mul {m n k : Nat} (h : m < n * k) : m / n < k := by
  rcases eq_zero_or_pos n with h0 | h0
  · rw [h0, Nat.zero_mul] at h; omega
  · exact (div_lt_iff_lt_mul h0).mpr (by rw [Nat.mul_comm]; exact h)
theorem div_le_of_le_mul {m n k : Nat} (h : m ≤ k * n) : m / k ≤ n := by
  rcases eq_zero_or_pos k with h0 | h0
  · rw [h0, Nat.div_zero]; exact Nat.zero_le n
  · exact Nat.le_of_lt_succ (div_lt_of_lt_mul (by rw [Nat.mul_succ]; omega))
theorem div_le_self (n k : Nat) : n / k ≤ n := by
  rcases eq_zero_or_pos k with h | h
  · rw [h, Nat.div_zero]; omega
  · exact div_le_of_le_mul (le_mul_of_pos_left n h)
theorem div_lt_self {n k : Nat} (hLtN : 0 < n) (hLtK : 1 < k) : n / k < n := by
  apply div_lt_of_lt_mul
  have := Nat.mul_lt_mul_of_pos_right hLtK hLtN
  omega
theorem div_le_div_right {a b c : Nat} (h : a ≤ b) : a / c ≤ b / c := by
  rcases eq_zero_or_pos c with h0 | h0
  · rw [h0, Nat.div_zero, Nat.div_zero]; omega
  · exact (le_div_iff_mul_le h0).mpr (Nat.le_trans (div_mul_le_self a c) h)
protected theorem mul_div_cancel (m : Nat) {n : Nat} (H : 0 < n) : m * n / n = m :=
  Nat.div_eq_of_lt_le (Nat.le_refl _) (by rw [Nat.add_mul, Nat.one_mul]; omega)
protected theorem mul_div_cancel_left (m : Nat) {n : Nat} (H : 0 < n) : n * m / n = m := by
  rw [Nat.mul_comm]; exact Nat.mul_div_cancel m H
@[simp] protected theorem div_self {n : Nat} (H : 0 < n) : n / n = 1 := by
  have := Nat.mul_div_cancel 1 H; rw [Nat.one_mul] at this; exact this
theorem add_mul_div_left (x z : Nat) {y : Nat} (H : 0 < y) : (x + y * z) / y = x / y + z := by
  have e := div_add_mod x y
  have m := mod_lt x H
  have c := Nat.mul_comm (x / y) y
  have d := Nat.mul_comm z y
  refine Nat.div_eq_of_lt_le ?_ ?_
  · rw [Nat.add_mul]; omega
  · rw [Nat.add_mul, Nat.add_mul, Nat.one_mul]; omega
theorem add_mul_div_right (x y : Nat) {z : Nat} (H : 0 < z) : (x + y * z) / z = x / z + y := by
  rw [Nat.mul_comm]; exact add_mul_div_left x y H
theorem add_div_right (x : Nat) {z : Nat} (H : 0 < z) : (x + z) / z = x / z + 1 := by
  have := add_mul_div_left x 1 H; rw [Nat.mul_one] at this; exact this
@[simp] theorem add_mul_mod_self_left (x y z : Nat) : (x + y * z) % y = x % y := by
  rcases eq_zero_or_pos y with h | h
  · rw [h, Nat.zero_mul, Nat.add_zero]
  · have e := div_add_mod (x + y * z) y
    have e' := div_add_mod x y
    rw [add_mul_div_left x z h, Nat.mul_add] at e
    omega
@[simp] theorem add_mul_mod_self_right (x y z : Nat) : (x + y * z) % z = x % z := by
  rw [Nat.mul_comm]; exact add_mul_mod_self_left x z y
@[simp] theorem add_mod_right (x z : Nat) : (x + z) % z = x % z := by
  have := add_mul_mod_self_left x z 1; rw [Nat.mul_one] at this; exact this
@[simp] theorem add_mod_left (x z : Nat) : (x + z) % x = z % x := by rw [Nat.add_comm]; exact add_mod_right z x
@[simp] theorem mul_mod_right (m n : Nat) : m * n % m = 0 := mod_eq_zero_of_dvd ⟨n, rfl⟩
@[simp] theorem mul_mod_left (m n : Nat) : m * n % n = 0 := by rw [Nat.mul_comm]; exact mul_mod_right n m
@[simp] theorem mod_self (n : Nat) : n % n = 0 := mod_eq_zero_of_dvd (dvd_refl n)
@[simp] theorem mod_mod (a n : Nat) : a % n % n = a % n := by
  rcases eq_zero_or_pos n with h | h
  · rw [h, mod_zero]
  · exact mod_eq_of_lt (mod_lt a h)
@[simp] theorem mod_add_mod (m n k : Nat) : (m % n + k) % n = (m + k) % n := by
  have h : m + k = m % n + k + n * (m / n) := by have := div_add_mod m n; omega
  rw [h, add_mul_mod_self_left]
@[simp] theorem add_mod_mod (m n k : Nat) : (m + n % k) % k = (m + n) % k := by
  rw [Nat.add_comm, mod_add_mod, Nat.add_comm]
theorem add_mod (a b n : Nat) : (a + b) % n = (a % n + b % n) % n := by rw [add_mod_mod, mod_add_mod]
theorem mul_mod (a b n : Nat) : a * b % n = a % n * (b % n) % n := by
  have h : a * b = a % n * (b % n) + n * (a / n * b + a % n * (b / n)) := by
    have ha := div_add_mod a n
    have hb := div_add_mod b n
    have e1 : a * b = (n * (a / n) + a % n) * b := by rw [ha]
    have e2 : a % n * b = a % n * (n * (b / n) + b % n) := by rw [hb]
    rw [e1, Nat.add_mul, e2, Nat.mul_add, Nat.mul_add, Nat.mul_assoc, Nat.mul_left_comm (a % n) n]
    omega
  have r := add_mul_mod_self_left (a % n * (b % n)) n (a / n * b + a % n * (b / n))
  rw [← h] at r
  exact r
theorem div_div_eq_div_mul (m n k : Nat) : m / n / k = m / (n * k) := by
  rcases eq_zero_or_pos n with h | h
  · rw [h, Nat.zero_mul, Nat.div_zero]; exact Nat.zero_div k
  · rcases eq_zero_or_pos k with h' | h'
    · rw [h', Nat.mul_zero, Nat.div_zero, Nat.div_zero]
    · refine (Nat.div_eq_of_lt_le ?_ ?_).symm
      · rw [Nat.mul_comm n, ← Nat.mul_assoc]
        exact (le_div_iff_mul_le h).mp (div_mul_le_self (m / n) k)
      · rw [Nat.mul_comm n, ← Nat.mul_assoc]
        exact (div_lt_iff_lt_mul h).mp (by
          have := lt_mul_div_succ (m / n) h'; rw [Nat.mul_comm]; exact this)
theorem div_mul_cancel {a b : Nat} (h : a ∣ b) : b / a * a = b := by
  have e := div_add_mod' b a; rw [mod_eq_zero_of_dvd h, Nat.add_zero] at e; exact e
theorem mul_div_cancel' {a b : Nat} (h : a ∣ b) : a * (b / a) = b := by rw [Nat.mul_comm]; exact div_mul_cancel h
theorem dvd_mul_right (a b : Nat) : a ∣ a * b := ⟨b, rfl⟩
theorem dvd_mul_left (a b : Nat) : a ∣ b * a := ⟨b, Nat.mul_comm b a⟩
theorem dvd_iff_mod_eq_zero {k n : Nat} : k ∣ n ↔ n % k = 0 := ⟨mod_eq_zero_of_dvd, dvd_of_mod_eq_zero⟩
theorem dvd_sub {k m n : Nat} (h₁ : k ∣ m) (h₂ : k ∣ n) : k ∣ m - n := by
  obtain ⟨c, rfl⟩ := h₁
  obtain ⟨d, rfl⟩ := h₂
  exact ⟨c - d, (Nat.mul_sub k c d).symm⟩
theorem le_of_dvd {m n : Nat} (h1 : 0 < n) (h2 : m ∣ n) : m ≤ n := by
  obtain ⟨k, rfl⟩ := h2
  rcases eq_zero_or_pos k with h | h
  · rw [h, Nat.mul_zero] at h1; omega
  · exact le_mul_of_pos_right m h

/-! ### powers -/
attribute [simp] Nat.pow_zero
theorem pow_succ' {m n : Nat} : m ^ (n + 1) = m * m ^ n := by rw [Nat.pow_succ, Nat.mul_comm]
@[simp] protected theorem pow_one (a : Nat) : a ^ 1 = a := by rw [Nat.pow_succ, Nat.pow_zero, Nat.one_mul]
@[simp] protected theorem one_pow (n : Nat) : 1 ^ n = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.pow_succ, ih]
protected theorem pow_two (a : Nat) : a ^ 2 = a * a := by rw [Nat.pow_succ, Nat.pow_one]
protected theorem pow_add (a m n : Nat) : a ^ (m + n) = a ^ m * a ^ n := by
  induction n with
  | zero => rw [Nat.add_zero, Nat.pow_zero, Nat.mul_one]
  | succ n ih => rw [← Nat.add_assoc, Nat.pow_succ, Nat.pow_succ, ih, Nat.mul_assoc]
protected theorem pow_mul (a m n : Nat) : a ^ (m * n) = (a ^ m) ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.mul_succ, Nat.pow_add, ih, Nat.pow_succ]
protected theorem mul_pow (a b n : Nat) : (a * b) ^ n = a ^ n * b ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.pow_succ, Nat.pow_succ, Nat.pow_succ, ih, Nat.mul_mul_mul_comm]
protected theorem pow_le_pow_right {n : Nat} (h : n > 0) {i j : Nat} (hij : i ≤ j) : n ^ i ≤ n ^ j := by
  obtain ⟨k, rfl⟩ := le.dest hij
  rw [Nat.pow_add]
  exact le_mul_of_pos_right _ (Nat.pow_pos h)
protected theorem pow_le_pow_left {m n : Nat} (h : m ≤ n) (i : Nat) : m ^ i ≤ n ^ i := by
  induction i with
  | zero => exact Nat.le_refl _
  | succ i ih => rw [Nat.pow_succ, Nat.pow_succ]; exact Nat.mul_le_mul ih h
protected theorem pow_lt_pow_succ {a n : Nat} (h : 1 < a) : a ^ n < a ^ (n + 1) := by
  have p : 0 < a ^ n := Nat.pow_pos (by omega)
  have := Nat.mul_lt_mul_of_pos_left h p
  rw [Nat.pow_succ]; omega
protected theorem pow_lt_pow_right {a m n : Nat} (ha : 1 < a) (h : m < n) : a ^ m < a ^ n :=
  Nat.lt_of_lt_of_le (Nat.pow_lt_pow_succ ha) (Nat.pow_le_pow_right (by omega) h)
theorem two_pow_pos (w : Nat) : 0 < 2 ^ w := Nat.pow_pos (by omega)
protected theorem one_le_two_pow {n : Nat} : 1 ≤ 2 ^ n := two_pow_pos n
theorem lt_two_pow_self {n : Nat} : n < 2 ^ n := by
  induction n with
  | zero => decide
  | succ n ih => rw [Nat.pow_succ]; omega
theorem pow_dvd_pow {m n : Nat} (a : Nat) (h : m ≤ n) : a ^ m ∣ a ^ n := by
  obtain ⟨k, rfl⟩ := le.dest h
  exact ⟨a ^ k, Nat.pow_add a m k⟩
protected theorem pow_div {x m n : Nat} (h : n ≤ m) (hx : 0 < x) : x ^ m / x ^ n = x ^ (m - n) := by
  have e : x ^ m = x ^ (m - n) * x ^ n := by rw [← Nat.pow_add, sub_add_cancel h]
  rw [e, Nat.mul_div_cancel _ (Nat.pow_pos hx)]
theorem shiftLeft_eq (a b : Nat) : a <<< b = a * 2 ^ b := rfl
theorem shiftRight_eq_div_pow (m n : Nat) : m >>> n = m / 2 ^ n := rfl
@[simp] theorem shiftLeft_zero {n : Nat} : n <<< 0 = n := Nat.mul_one n
@[simp] theorem shiftRight_zero {n : Nat} : n >>> 0 = n := Nat.div_one n
theorem shiftLeft_succ (m n : Nat) : m <<< (n + 1) = 2 * (m <<< n) := by
  rw [shiftLeft_eq, shiftLeft_eq, Nat.pow_succ, Nat.mul_left_comm 2, Nat.mul_comm 2]
theorem shiftRight_succ (m n : Nat) : m >>> (n + 1) = m >>> n / 2 := by
  rw [shiftRight_eq_div_pow, shiftRight_eq_div_pow, Nat.pow_succ, div_div_eq_div_mul]
theorem shiftRight_add (m n k : Nat) : m >>> (n + k) = m >>> n >>> k := by
  rw [shiftRight_eq_div_pow, shiftRight_eq_div_pow, shiftRight_eq_div_pow, Nat.pow_add, div_div_eq_div_mul]

/-! ### deciding bounded quantifiers -/
instance decidableBallLT : ∀ (n : Nat) (P : (k : Nat) → k < n → Prop) [∀ k h, Decidable (P k h)], Decidable (∀ k h, P k h)
  | 0, _, _ => isTrue (fun k h => absurd h (not_lt_zero k))
  | n + 1, P, inst =>
    match decidableBallLT n (fun k h => P k (lt_succ_of_lt h)) with
    | isFalse h => isFalse (fun x => h (fun k hk => x k (lt_succ_of_lt hk)))
    | isTrue h => match inst n (lt_succ_self n) with
      | isFalse h' => isFalse (fun x => h' (x n (lt_succ_self n)))
      | isTrue h' => isTrue (fun k hk =>
          if e : k = n then by subst e; exact h' else h k (Nat.lt_of_le_of_ne (le_of_lt_succ hk) e))
instance decidableForallFin {n : Nat} (P : Fin n → Prop) [DecidablePred P] : Decidable (∀ i, P i) :=
  decidable_of_iff (∀ k h, P ⟨k, h⟩) ⟨fun h i => h i.val i.isLt, fun h k hk => h ⟨k, hk⟩⟩
instance decidableBallLE (n : Nat) (P : (k : Nat) → k ≤ n → Prop) [∀ k h, Decidable (P k h)] : Decidable (∀ k h, P k h) :=
  decidable_of_iff (∀ (k : Nat) (h : k < n + 1), P k (le_of_lt_succ h))
    ⟨fun h k hk => h k (lt_succ_of_le hk), fun h k hk => h k (le_of_lt_succ hk)⟩
end Nat
