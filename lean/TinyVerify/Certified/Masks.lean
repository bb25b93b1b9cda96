import TinyVerify.Basic.Land
/-!
# `land` with powers of two

Main results: `landSplit_pow` (digit by digit), `land_top` (a digit's top bit), `land_below` (what is below it).
-/
namespace TinyVerify

theorem LandSplit.mul {a b : Nat} (ha : LandSplit a) (hb : LandSplit b) (hpos : 0 < a) : LandSplit (a * b) := by
  intro x y
  have d : ∀ z, z / (a * b) = z / a / b := fun z => (Nat.div_div_eq_div_mul z a b).symm
  have m : ∀ z, z % (a * b) / a = z / a % b ∧ z % (a * b) % a = z % a := by
    intro z
    have e1 : z % (a * b) = z % a + a * (z / a % b) := by
      have d1 := Nat.div_add_mod z a
      have d2 := Nat.div_add_mod (z / a) b
      have d3 := Nat.div_add_mod z (a * b)
      rw [d z, Nat.mul_assoc] at d3
      have d4 : a * (z / a) = a * (b * (z / a / b)) + a * (z / a % b) := by rw [← Nat.mul_add, d2]
      omega
    have l := Nat.mod_lt z hpos
    rw [e1]
    refine ⟨?_, ?_⟩
    · rw [Nat.add_mul_div_left _ _ hpos, Nat.div_eq_of_lt l, Nat.zero_add]
    · rw [Nat.add_mul_mod_self_left, Nat.mod_eq_of_lt l]
  rw [ha x y, hb (x / a) (y / a), ha (x % (a * b)) (y % (a * b)), d, d, (m x).1, (m y).1, (m x).2, (m y).2, Nat.mul_add,
    Nat.mul_assoc, Nat.add_assoc]

theorem landSplit_pow (k : Nat) : LandSplit (2 ^ k) := by
  induction k with
  | zero =>
    intro x y
    have e : 2 ^ 0 = 1 := rfl
    have z : Nat.land 0 0 = 0 := rfl
    rw [e, Nat.div_one, Nat.div_one, Nat.mod_one, Nat.mod_one, z, Nat.one_mul]
    rfl
  | succ k ih => exact ih.mul land_bit (Nat.pow_pos (by decide))

theorem land_mask (k : Nat) : ∀ c, c < 2 ^ k → Nat.land c (2 ^ k - 1) = c := by
  induction k with
  | zero =>
    intro c hc
    have e : 2 ^ 0 = 1 := rfl
    have h : c = 0 := by omega
    subst h
    rfl
  | succ k ih =>
    intro c hc
    have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
    have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
    have h := land_bit c (2 ^ (k + 1) - 1)
    have e1 : (2 ^ (k + 1) - 1) / 2 = 2 ^ k - 1 := by omega
    have e2 : (2 ^ (k + 1) - 1) % 2 = 1 := by omega
    have i := ih (c / 2) (by omega)
    rw [h, e1, e2, i]
    have hc2 : c % 2 = 0 ∨ c % 2 = 1 := by omega
    have l0 : Nat.land 0 1 = 0 := rfl
    have l1 : Nat.land 1 1 = 1 := rfl
    rcases hc2 with h2 | h2
    · rw [h2, l0]; omega
    · rw [h2, l1]; omega

theorem land_none (a : Nat) : Nat.land a 0 = 0 := by
  have h : ∀ k a, a < 2 ^ k → Nat.land a 0 = 0 := by
    intro k
    induction k with
    | zero =>
      intro a ha
      have e : 2 ^ 0 = 1 := rfl
      have h : a = 0 := by omega
      subst h
      rfl
    | succ k ih =>
      intro a ha
      have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
      have h := land_bit a 0
      have e1 : 0 / 2 = 0 := rfl
      have e2 : 0 % 2 = 0 := rfl
      have i := ih (a / 2) (by omega)
      rw [h, e1, e2, i]
      have hc2 : a % 2 = 0 ∨ a % 2 = 1 := by omega
      have l0 : Nat.land 0 0 = 0 := rfl
      have l1 : Nat.land 1 0 = 0 := rfl
      rcases hc2 with h2 | h2
      · rw [h2, l0]
      · rw [h2, l1]
  exact h a a Nat.lt_two_pow_self

/-- The top bit of a digit. -/
theorem land_top {k a : Nat} (h : a < 2 * 2 ^ k) : Nat.land a (2 ^ k) = if 2 ^ k ≤ a then 2 ^ k else 0 := by
  have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
  have s := landSplit_pow k a (2 ^ k)
  rw [Nat.div_self p, Nat.mod_self, land_none] at s
  by_cases hle : 2 ^ k ≤ a
  · have e : a / 2 ^ k = 1 := by
      apply Nat.div_eq_of_lt_le
      · omega
      · omega
    have l1 : Nat.land 1 1 = 1 := rfl
    rw [s, e, l1, if_pos hle]
    omega
  · have e : a / 2 ^ k = 0 := Nat.div_eq_of_lt (by omega)
    have l1 : Nat.land 0 1 = 0 := rfl
    rw [s, e, l1, if_neg hle]
    rfl

/-- The digits below the top bit. -/
theorem land_below {k c : Nat} (h : c < 2 ^ k) : Nat.land (c + 2 ^ k) (2 ^ k - 1) = c := by
  have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
  have s := landSplit_pow k (c + 2 ^ k) (2 ^ k - 1)
  have e1 : (2 ^ k - 1) / 2 ^ k = 0 := Nat.div_eq_of_lt (by omega)
  have e2 : (2 ^ k - 1) % 2 ^ k = 2 ^ k - 1 := Nat.mod_eq_of_lt (by omega)
  have e3 : (c + 2 ^ k) % 2 ^ k = c := by rw [Nat.add_mod_right, Nat.mod_eq_of_lt h]
  rw [e1, e2, e3, land_none, land_mask k c h] at s
  omega

end TinyVerify
