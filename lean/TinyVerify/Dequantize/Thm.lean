import TinyVerify.Dequantize.Spec
import TinyVerify.QuantizeF32.Thm
import TinyVerify.SoftmaxLut.Thm
/-!
# Theorems about dequantize

Main results: `nth_argMax` (it is a largest element), `argMax_first` (none before it is as large),
`argMax_scale` (a common positive scale does not change it), `argMax_rounded` (under any monotone
rounding of the logits, the chosen action still has a largest logit), `logitsFinite_of_ok`.
-/
namespace TinyVerify

theorem argMax_cons (z y : Int) (ys : List Int) :
    argMax (z :: y :: ys) = if z < maximum (y :: ys) then argMax (y :: ys) + 1 else 0 := rfl

theorem nth_argMax (z : Int) (zs : List Int) : nth (z :: zs) (argMax (z :: zs)) = maximum (z :: zs) := by
  induction zs generalizing z with
  | nil => rfl
  | cons y ys ih =>
    have e : maximum (z :: y :: ys) = max z (maximum (y :: ys)) := rfl
    rw [argMax_cons]
    split
    · have e2 : nth (z :: y :: ys) (argMax (y :: ys) + 1) = nth (y :: ys) (argMax (y :: ys)) := rfl
      rw [e2, ih]
      omega
    · have e2 : nth (z :: y :: ys) 0 = z := rfl
      rw [e2]
      omega

theorem argMax_lt (z : Int) (zs : List Int) : argMax (z :: zs) < (z :: zs).length := by
  induction zs generalizing z with
  | nil => exact Nat.le.refl
  | cons y ys ih =>
    have e : (z :: y :: ys).length = (y :: ys).length + 1 := rfl
    have h := ih y
    rw [argMax_cons]
    split <;> omega

theorem argMax_first (z : Int) (zs : List Int) :
    ∀ i, i < argMax (z :: zs) → nth (z :: zs) i < maximum (z :: zs) := by
  induction zs generalizing z with
  | nil => intro i hi; have : argMax (z :: []) = 0 := rfl; omega
  | cons y ys ih =>
    intro i hi
    have e : maximum (z :: y :: ys) = max z (maximum (y :: ys)) := rfl
    rw [argMax_cons] at hi
    split at hi
    · cases i with
      | zero =>
        have e2 : nth (z :: y :: ys) 0 = z := rfl
        omega
      | succ i =>
        have e2 : nth (z :: y :: ys) (i + 1) = nth (y :: ys) i := rfl
        have h := ih y i (by omega)
        omega
    · omega

/-! ### functions that keep the order -/

theorem nth_mapInt {f : Int → Int} (zs : List Int) : ∀ i, i < zs.length → nth (mapInt f zs) i = f (nth zs i) := by
  induction zs with
  | nil => intro i hi; have : (([] : List Int).length) = 0 := rfl; omega
  | cons z zs ih =>
    intro i hi
    cases i with
    | zero => rfl
    | succ i => exact ih i (by have : (z :: zs).length = zs.length + 1 := rfl; omega)

theorem maximum_mapInt {f : Int → Int} (hf : ∀ a b, a ≤ b → f a ≤ f b) (z : Int) (zs : List Int) :
    maximum (mapInt f (z :: zs)) = f (maximum (z :: zs)) := by
  induction zs generalizing z with
  | nil => rfl
  | cons y ys ih =>
    have e1 : maximum (mapInt f (z :: y :: ys)) = max (f z) (maximum (mapInt f (y :: ys))) := rfl
    have e2 : maximum (z :: y :: ys) = max z (maximum (y :: ys)) := rfl
    have h1 := hf z (maximum (y :: ys))
    have h2 := hf (maximum (y :: ys)) z
    rw [e1, e2, ih]
    by_cases h : z ≤ maximum (y :: ys)
    · have e3 : max z (maximum (y :: ys)) = maximum (y :: ys) := by omega
      rw [e3]
      have := h1 h
      omega
    · have e3 : max z (maximum (y :: ys)) = z := by omega
      rw [e3]
      have := h2 (by omega)
      omega

/-- A function that keeps `<` does not change the arg max. -/
theorem argMax_mapInt {f : Int → Int} (hf : ∀ a b, a < b ↔ f a < f b) (zs : List Int) :
    argMax (mapInt f zs) = argMax zs := by
  have hm : ∀ a b, a ≤ b → f a ≤ f b := by
    intro a b hab
    have h := hf b a
    omega
  induction zs with
  | nil => rfl
  | cons z zs ih =>
    cases zs with
    | nil => rfl
    | cons y ys =>
      have e : argMax (mapInt f (z :: y :: ys)) =
          if f z < maximum (mapInt f (y :: ys)) then argMax (mapInt f (y :: ys)) + 1 else 0 := rfl
      have h := hf z (maximum (y :: ys))
      rw [e, ih, maximum_mapInt hm, argMax_cons]
      by_cases hc : z < maximum (y :: ys)
      · rw [if_pos hc, if_pos (h.mp hc)]
      · rw [if_neg hc, if_neg (fun h' => hc (h.mpr h'))]

/-- With one positive scale for all actions, the arg max of the accumulators is that of the values. -/
theorem argMax_scale {scale : Int} (hs : 0 < scale) (accs : List Int) :
    argMax (mapInt (fun acc => scale * acc) accs) = argMax accs := by
  apply argMax_mapInt
  intro a b
  constructor
  · intro h
    have h1 := Int.mul_le_mul_of_nonneg_left (show a + 1 ≤ b from h) (Int.le_of_lt hs)
    rw [Int.mul_add, Int.mul_one] at h1
    show scale * a < scale * b
    omega
  · intro h
    exact Int.lt_of_mul_lt_mul_left h (Int.le_of_lt hs)

/-- Rounding may merge logits but never reverses them: whatever monotone rounding turns accumulators
into logits, no action has a larger rounded logit than the one chosen on the accumulators. -/
theorem argMax_rounded {f : Int → Int} (hf : ∀ a b, a ≤ b → f a ≤ f b) (z : Int) (zs : List Int) :
    nth (mapInt f (z :: zs)) (argMax (z :: zs)) = maximum (mapInt f (z :: zs)) := by
  rw [nth_mapInt _ _ (argMax_lt z zs), nth_argMax, maximum_mapInt hf]

/-! ### the logits are finite -/

theorem lt_pow_bitLength (value : Nat) : value < 2 ^ bitLength value := by
  unfold bitLength
  split
  · omega
  · exact Nat.lt_log2_self

theorem bitLength_le {value m : Nat} (h : value < 2 ^ m) : bitLength value ≤ m := by
  unfold bitLength
  by_cases hv : value = 0
  · rw [if_pos hv]
    exact Nat.zero_le m
  · rw [if_neg hv]
    by_cases hm : value.log2 + 1 ≤ m
    · exact hm
    · have h1 := Nat.log2_self_le hv
      have h2 := Nat.pow_le_pow_right (show 0 < 2 by decide) (show m ≤ value.log2 by omega)
      omega

/-- The digits that are kept, with a carry. -/
theorem roundEven_kept_le (value : Nat) : roundEven value (bitLength value - 24) ≤ 16777216 := by
  have hq : value / 2 ^ (bitLength value - 24) < 16777216 := by
    apply Nat.div_lt_of_lt_mul
    have h := lt_pow_bitLength value
    have h1 := Nat.pow_le_pow_right (show 0 < 2 by decide) (show bitLength value ≤ bitLength value - 24 + 24 by omega)
    rw [Nat.pow_add] at h1
    have e : (2 : Nat) ^ 24 = 16777216 := by decide
    omega
  unfold roundEven
  simp only
  split
  · omega
  · split
    · omega
    · omega

/-- A number of at most `k + 24` digits has a pattern of at most `k + 2` exponents above the unit's. -/
theorem f32Nearest_le {value below m : Nat} (k : Nat) (h : value < 2 ^ m) (hm : m ≤ k + 24) :
    f32Nearest value below ≤ (k + 2 - below) * 8388608 := by
  have hb := bitLength_le h
  have hr := roundEven_kept_le value
  unfold f32Nearest
  simp only
  split
  · exact Nat.zero_le _
  · omega

theorem f32Significand_lt (bits : Nat) : f32Significand bits < 16777216 := by
  unfold f32Significand f32Fraction
  split <;> omega

/-- The magnitude of a logit is a finite pattern. -/
theorem dequantizeMagnitude_lt {acc : Int} (ha : Int32 acc) {scale : Nat} (hs : f32Exponent scale ≤ 218) :
    dequantizeMagnitude acc scale < f32Infinity := by
  have hn : acc.natAbs < 2 ^ 32 := by
    have e : (2 : Nat) ^ 32 = 4294967296 := by decide
    unfold Int32 at ha
    omega
  have h1 := Nat.mul_lt_mul_of_pos_right hn (pow_two_pos 149)
  rw [← Nat.pow_add] at h1
  have h2 := f32Nearest_le (below := 0) 157 h1 (by decide)
  unfold dequantizeMagnitude
  simp only
  generalize f32Nearest (acc.natAbs * 2 ^ 149) 0 = a at h2
  have h3 : f32Scale a ≤ 158 := by
    unfold f32Scale f32Exponent
    split <;> omega
  have h4 : f32Scale scale ≤ 217 := by
    unfold f32Scale
    split <;> omega
  have h5 : f32Significand a * f32Significand scale < 2 ^ 48 := by
    have e : (2 : Nat) ^ 48 = 16777216 * 16777216 := by decide
    rw [e]
    exact Nat.mul_lt_mul_of_lt_of_le (f32Significand_lt a) (Nat.le_of_lt (f32Significand_lt scale)) (by decide)
  have h6 := Nat.mul_lt_mul_of_pos_right h5 (pow_two_pos (f32Scale a + f32Scale scale))
  rw [← Nat.pow_add] at h6
  have h7 := f32Nearest_le (below := 149) 399 h6 (by omega)
  have e : f32Infinity = 2139095040 := rfl
  omega

theorem logitsFinite_of_ok {scales : List Nat} (h : logitsFiniteOk scales = true) : LogitsFinite scales := by
  intro scale hscale acc ha
  have hs := Nat.le_of_ble_eq_true (all_spec h scale hscale)
  have hm := dequantizeMagnitude_lt ha hs
  have e : f32Infinity = 2139095040 := rfl
  unfold dequantize f32Exponent
  split <;> omega

end TinyVerify
