import TinyVerify.ObjectCode.ScalarRounding
/-!
# The float border as scalar code computes it

Main result: `quantizeF32_scalar`. A product that is clamped between integers, to which `1.5 * 2^23` is added and taken
away, and of which the part behind the point is cut off, is rounded to nearest, ties to even, and clamped: for every
pattern, by the floats' spacing alone. With NaN as 0 and the zero point added it is `quantize_f32`.
-/
namespace TinyVerify.ObjectCode

set_option exponentiation.threshold 400

/-! ### what is recorded -/

/-- What scalar code rounds: the product, and 0 for a NaN. -/
def cleanProduct (bits factor : Nat) : Int :=
  if f32IsNaN bits = true then 0
  else if f32IsInfinite bits = true then withSign (f32Negative bits) (2 ^ 277)
  else withSign (f32Negative bits) (scalarProduct bits factor)

theorem Scalar.isProduct_spec (bits : Nat) {factor : Nat} {e : Scalar} (h : e.isProduct factor = true) :
    e.eval bits = if f32IsNaN bits = true then none else some (cleanProduct bits factor) := by
  cases e <;> try cases h
  rename_i f
  have e1 : f = factor := Nat.eq_of_beq_eq_true h
  unfold Scalar.eval cleanProduct
  rw [e1]
  by_cases hn : f32IsNaN bits = true
  · rw [if_pos hn, if_pos hn]
  · rw [if_neg hn, if_neg hn, if_neg hn]
    split <;> rfl

theorem Scalar.isClean_spec (bits : Nat) {factor : Nat} (e : Scalar) (h : e.isClean factor = true) :
    e.eval bits = some (cleanProduct bits factor) := by
  have zero : f32IsNaN bits = true → cleanProduct bits factor = 0 := fun hn => if_pos hn
  induction e with
  | orZero e ih =>
    unfold Scalar.eval
    rcases or_split h with h1 | h1
    · rw [Scalar.isProduct_spec bits h1]
      by_cases hn : f32IsNaN bits = true
      · rw [if_pos hn, zero hn]
      · rw [if_neg hn]
    · rw [ih h1]
  | orZeroInput e ih =>
    unfold Scalar.eval
    by_cases hn : f32IsNaN bits = true
    · rw [if_pos hn, zero hn]
    · rw [if_neg hn]
      rcases or_split h with h1 | h1
      · rw [Scalar.isProduct_spec bits h1, if_neg hn]
      · exact ih h1
  | product _ => cases h
  | atLeast _ _ _ => cases h
  | atMost _ _ _ => cases h
  | add _ _ _ => cases h

/-- Clamping, adding and taking away `1.5 * 2^23`, and cutting off what is behind the point is rounding and clamping. -/
theorem Scalar.isRounded_spec (bits : Nat) {factor : Nat} {lo hi : Int} (hl : -255 ≤ lo) (hh : hi ≤ 255) (hlh : lo ≤ hi)
    {e : Scalar} (h : e.isRounded factor lo hi = true) :
    truncated (e.eval bits) = clamp (toNearest (cleanProduct bits factor)) lo hi := by
  unfold Scalar.isRounded at h
  split at h
  · rename_i e l u m n
    have h1 := and_split h
    have h2 := and_split h1.2
    have h3 := and_split h2.1
    have h4 := and_split h2.2
    rw [eqInt_spec h3.1, eqInt_spec h3.2, eqInt_spec h4.1, eqInt_spec h4.2]
    have hc := Scalar.isClean_spec bits e h1.1
    have p : ((2 ^ 149 : Nat) : Int) = one := rfl
    have hq : 0 < 2 ^ 149 := pow_two_pos 149
    have big : infinite = 340282366920938463463374607431768211456 * one := by decide +kernel
    have hm := Int.mul_le_mul_of_nonneg_right hlh (Int.le_of_lt one_pos)
    have h255 := Int.mul_le_mul_of_nonneg_right hl (Int.le_of_lt one_pos)
    have h255' := Int.mul_le_mul_of_nonneg_right hh (Int.le_of_lt one_pos)
    have clamped : (Scalar.atMost (.atLeast e lo) hi).eval bits =
        some (clamp (cleanProduct bits factor) (lo * one) (hi * one)) := by
      unfold Scalar.eval Scalar.eval
      rw [hc]
      show some (if hi * one < (if cleanProduct bits factor < lo * one then lo * one else cleanProduct bits factor) then
        hi * one else (if cleanProduct bits factor < lo * one then lo * one else cleanProduct bits factor)) = _
      congr 1
      unfold clamp
      split <;> split <;> omega
    have range : (clamp (cleanProduct bits factor) (lo * one) (hi * one)).natAbs ≤ 255 * 2 ^ 149 := by
      rw [← p] at h255 h255' hm ⊢
      unfold clamp
      omega
    have round := toNearest_clamp (cleanProduct bits factor) hlh
    generalize clamp (cleanProduct bits factor) (lo * one) (hi * one) = y at clamped range round
    have added : (Scalar.add (.atMost (.atLeast e lo) hi) 12582912).eval bits = some ((12582912 + toNearest y) * one) := by
      unfold Scalar.eval
      rw [clamped]
      show some (if infinite ≤ (y.natAbs : Int) then y else nearest (y + 12582912 * one)) = _
      rw [big, if_neg (by rw [← p]; omega), nearest_magic range]
    have small : -255 ≤ toNearest y ∧ toNearest y ≤ 255 := by
      rw [round]
      unfold clamp
      omega
    have sum : (Scalar.add (.add (.atMost (.atLeast e lo) hi) 12582912) (-12582912)).eval bits =
        some (toNearest y * one) := by
      unfold Scalar.eval
      rw [added]
      have e1 : (12582912 + toNearest y) * one + -12582912 * one = toNearest y * one := by
        rw [← Int.add_mul]
        congr 1
        omega
      have e2 : ((((12582912 + toNearest y) * one).natAbs : Nat) : Int) = (12582912 + toNearest y) * one := by
        have h5 := Int.mul_le_mul_of_nonneg_right (show 0 ≤ 12582912 + toNearest y by omega) (Int.le_of_lt one_pos)
        rw [Int.zero_mul] at h5
        omega
      have h6 := Int.mul_le_mul_of_nonneg_right (show 12582912 + toNearest y ≤ 12583167 by omega) (Int.le_of_lt one_pos)
      show some (if infinite ≤ ((((12582912 + toNearest y) * one).natAbs : Nat) : Int) then (12582912 + toNearest y) * one
        else nearest ((12582912 + toNearest y) * one + -12582912 * one)) = _
      rw [big, e2, e1, if_neg (by have := one_pos; omega), nearest_whole (by omega)]
    rw [sum, truncated_whole (by omega), round]
  · cases h

theorem toNearest_withSign (negative : Bool) (m : Nat) :
    toNearest (withSign negative m) = withSign negative (roundEven m 149) := by
  have h0 : roundEven 0 149 = 0 := by
    have h := roundEven_whole 0 149
    rw [Nat.zero_mul] at h
    exact h
  unfold toNearest
  cases negative with
  | false =>
    have e : withSign false m = (m : Int) := rfl
    rw [e, withSign_pos (by omega)]
    rfl
  | true =>
    have e : withSign true m = -(m : Int) := rfl
    rw [e]
    by_cases hm : m = 0
    · subst hm
      show withSign (decide ((0 : Int) < 0)) (roundEven 0 149) = -((roundEven 0 149 : Nat) : Int)
      rw [h0]
      rfl
    · rw [withSign_neg (by omega)]
      have e2 : (-(m : Int)).natAbs = m := by omega
      rw [e2]
      rfl

/-- The zero point after the conversion makes `quantize_f32`. -/
theorem quantizeF32_scalar (bits : Nat) {factor : Nat} {z : Int} (hz : Int8 z) {e : Scalar}
    (h : e.isRounded factor (-128 - z) (127 - z) = true) :
    truncated (e.eval bits) + z = quantizeF32 bits factor z := by
  have h1 := hz.1
  have h2 := hz.2
  rw [Scalar.isRounded_spec bits (by omega) (by omega) (by omega) h]
  unfold cleanProduct quantizeF32
  rw [productToInt_scalar]
  by_cases hn : f32IsNaN bits = true
  · rw [if_pos hn, if_pos hn]
    have e0 := toNearest_whole 0
    rw [Int.zero_mul] at e0
    rw [e0]
    unfold clamp
    omega
  · rw [if_neg hn, if_neg hn]
    by_cases hi : f32IsInfinite bits = true
    · rw [if_pos hi, if_pos hi, toNearest_withSign]
      have e1 : (2 : Nat) ^ 277 = 2 ^ 128 * 2 ^ 149 := Nat.pow_add 2 128 149
      rw [e1, roundEven_whole]
      have e2 : (2 : Nat) ^ 128 = 340282366920938463463374607431768211456 := by decide +kernel
      rw [e2]
      cases f32Negative bits with
      | true =>
        show clamp (-((340282366920938463463374607431768211456 : Nat) : Int)) _ _ + z = -128
        unfold clamp
        omega
      | false =>
        show clamp ((340282366920938463463374607431768211456 : Nat) : Int) _ _ + z = 127
        unfold clamp
        omega
    · rw [if_neg hi, if_neg hi, toNearest_withSign]
      cases f32Negative bits <;> rfl

theorem quantizeF32_scalar_range (bits : Nat) {factor : Nat} {z : Int} (hz : Int8 z) {e : Scalar}
    (h : e.isRounded factor (-128 - z) (127 - z) = true) :
    -128 - z ≤ truncated (e.eval bits) ∧ truncated (e.eval bits) ≤ 127 - z := by
  have h1 := hz.1
  have h2 := hz.2
  rw [Scalar.isRounded_spec bits (by omega) (by omega) (by omega) h]
  unfold clamp
  omega

theorem Expr.within_eval {x : List Int} {i : Nat} {lo hi : Int} (h1 : lo ≤ nth x i) (h2 : nth x i ≤ hi) (e : Expr) :
    (e.within i lo hi).eval x = e.eval x := by
  induction e with
  | value j =>
    unfold Expr.within
    cases hj : Nat.beq j i with
    | true =>
      have e1 : j = i := Nat.eq_of_beq_eq_true hj
      show TinyVerify.clamp (nth x j) lo hi = nth x j
      rw [e1]
      exact clamp_eq h1 h2
    | false => rfl
  | add e k ih =>
    show (e.within i lo hi).eval x + k = e.eval x + k
    rw [ih]
  | mul e k ih =>
    show (e.within i lo hi).eval x * k = e.eval x * k
    rw [ih]
  | signed e k ih =>
    show signedBits k ((e.within i lo hi).eval x) = signedBits k (e.eval x)
    rw [ih]
  | unsigned e k ih =>
    show unsignedBits k ((e.within i lo hi).eval x) = unsignedBits k (e.eval x)
    rw [ih]
  | clamp e l h ih =>
    show TinyVerify.clamp ((e.within i lo hi).eval x) l h = TinyVerify.clamp (e.eval x) l h
    rw [ih]
  | _ => rfl

end TinyVerify.ObjectCode
