/-!
# Bitwise and, digit by digit

`Nat.land` is what the kernel computes on big numbers in one step. Main results: `landSplit_byte`,
`landSplit_word`. The first proof of `land_bit` is for the hermetic core, the second for Lean's own.
-/
namespace TinyVerify

/-- The lowest bit, and the rest. -/
theorem land_bit (a b : Nat) :
    Nat.land a b = 2 * Nat.land (a / 2) (b / 2) + Nat.land (a % 2) (b % 2) := by
  first
  | (have zero : ∀ k, Nat.bitwiseGo (fun x y => cond x y false) k 0 0 = 0 := by
       intro k
       induction k with
       | zero => rfl
       | succ k ih =>
         show 2 * Nat.bitwiseGo (fun x y => cond x y false) k (0 / 2) (0 / 2) + 0 = 0
         have e : 0 / 2 = 0 := rfl
         rw [e, ih]
     have fuel : ∀ k l a b, a + b ≤ k → a + b ≤ l →
         Nat.bitwiseGo (fun x y => cond x y false) k a b = Nat.bitwiseGo (fun x y => cond x y false) l a b := by
       intro k
       induction k with
       | zero =>
         intro l a b h _
         have ha : a = 0 := by omega
         have hb : b = 0 := by omega
         rw [ha, hb, zero l]
         rfl
       | succ k ih =>
         intro l a b h h'
         cases l with
         | zero =>
           have ha : a = 0 := by omega
           have hb : b = 0 := by omega
           rw [ha, hb, zero (k + 1)]
           rfl
         | succ l =>
           by_cases h0 : a + b = 0
           · have ha : a = 0 := by omega
             have hb : b = 0 := by omega
             rw [ha, hb, zero (k + 1), zero (l + 1)]
           · have e := ih l (a / 2) (b / 2) (by omega) (by omega)
             unfold Nat.bitwiseGo
             rw [e]
     have step : ∀ a b, Nat.land a b = 2 * Nat.land (a / 2) (b / 2) +
         cond (cond (Nat.beq (a % 2) 1) (Nat.beq (b % 2) 1) false) 1 0 := by
       intro a b
       have e1 := fuel (a + b) (a + b + 1) a b Nat.le.refl (Nat.le.step Nat.le.refl)
       have e2 := fuel (a / 2 + b / 2) (a + b) (a / 2) (b / 2) Nat.le.refl (by omega)
       unfold Nat.land
       rw [e1, e2]
       rfl
     have low : ∀ i j, i < 2 → j < 2 → Nat.land i j = cond (cond (Nat.beq i 1) (Nat.beq j 1) false) 1 0 := by
       intro i j hi hj
       have hi : i = 0 ∨ i = 1 := by omega
       have hj : j = 0 ∨ j = 1 := by omega
       rcases hi with rfl | rfl
       · rcases hj with rfl | rfl
         · rfl
         · rfl
       · rcases hj with rfl | rfl
         · rfl
         · rfl
     rw [step a b, low (a % 2) (b % 2) (by omega) (by omega)])
  | (have h1 : (a &&& b) / 2 = a / 2 &&& b / 2 := Nat.and_div_two
     have h2 : (a &&& b) % 2 = 1 ↔ a % 2 = 1 ∧ b % 2 = 1 := Nat.and_mod_two_eq_one
     show a &&& b = 2 * (a / 2 &&& b / 2) + (a % 2 &&& b % 2)
     have ha : a % 2 = 0 ∨ a % 2 = 1 := by omega
     have hb : b % 2 = 0 ∨ b % 2 = 1 := by omega
     have e00 : (0 &&& 0 : Nat) = 0 := rfl
     have e01 : (0 &&& 1 : Nat) = 0 := rfl
     have e10 : (1 &&& 0 : Nat) = 0 := rfl
     have e11 : (1 &&& 1 : Nat) = 1 := rfl
     rcases ha with ha | ha <;> rcases hb with hb | hb <;> rw [ha, hb] <;> rw [ha, hb] at h2 <;> omega)

/-- `land` works digit by digit in base `base`. -/
def LandSplit (base : Nat) : Prop :=
  ∀ a b, Nat.land a b = base * Nat.land (a / base) (b / base) + Nat.land (a % base) (b % base)

theorem LandSplit.square {base : Nat} (h : LandSplit base)
    (h1 : ∀ a, a / (base * base) = a / base / base) (h2 : ∀ a, a % (base * base) / base = a / base % base)
    (h3 : ∀ a, a % (base * base) % base = a % base) : LandSplit (base * base) := by
  intro a b
  rw [h a b, h (a / base) (b / base), h (a % (base * base)) (b % (base * base)),
    h1, h1, h2, h2, h3, h3, Nat.mul_add, Nat.mul_assoc, Nat.add_assoc]

theorem landSplit_byte : LandSplit 256 := by
  have h2 : LandSplit 2 := land_bit
  have h4 : LandSplit 4 := h2.square (by intro a; omega) (by intro a; omega) (by intro a; omega)
  have h16 : LandSplit 16 := h4.square (by intro a; omega) (by intro a; omega) (by intro a; omega)
  exact h16.square (by intro a; omega) (by intro a; omega) (by intro a; omega)

theorem landSplit_word : LandSplit 4294967296 := by
  have h16 : LandSplit 65536 :=
    landSplit_byte.square (by intro a; omega) (by intro a; omega) (by intro a; omega)
  exact h16.square (by intro a; omega) (by intro a; omega) (by intro a; omega)

/-- `test i` for every `i < n`. -/
def allBelow (test : Nat → Bool) : Nat → Bool
  | 0 => true
  | n + 1 => test n && allBelow test n

theorem allBelow_spec {test : Nat → Bool} {n : Nat} (h : allBelow test n = true) : ∀ i, i < n → test i = true := by
  induction n with
  | zero => intro i hi; omega
  | succ n ih =>
    intro i hi
    have h' : (test n && allBelow test n) = true := h
    cases ht : test n with
    | false => rw [ht] at h'; contradiction
    | true =>
      rw [ht] at h'
      by_cases e : i = n
      · rw [e]; exact ht
      · exact ih h' i (by omega)

theorem land_byte_table : ∀ u, u < 256 →
    Nat.land u 255 = u ∧ Nat.land u 128 = (if u < 128 then 0 else 128) ∧ Nat.land u 0 = 0 := by
  intro u hu
  have h := allBelow_spec (test := fun u => decide (Nat.land u 255 = u ∧
    Nat.land u 128 = (if u < 128 then 0 else 128) ∧ Nat.land u 0 = 0)) (n := 256) (by decide +kernel) u hu
  exact of_decide_eq_true h

end TinyVerify
