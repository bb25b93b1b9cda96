import TinyVerify.QuantizeF32.Spec
/-!
# Theorems about quantize_f32

Main results: `quantizeF32_int8` (every one of the `2^32` patterns gives an int8), `quantizeF32_nan`,
`quantizeF32_infinite`, `f32Fault_eq_zero` (a fault exactly where the value is not finite),
`roundEven_error` and `productToInt_error` (each of the two roundings errs by at most half a unit).
-/
namespace TinyVerify

/-- Every pattern, NaN and infinities included, gives an int8. -/
theorem quantizeF32_int8 (bits invScale : Nat) {zeroPoint : Int} (hz : Int8 zeroPoint) :
    Int8 (quantizeF32 bits invScale zeroPoint) := by
  unfold quantizeF32
  split
  · exact hz
  · split
    · split
      · exact ⟨by decide, by decide⟩
      · exact ⟨by decide, by decide⟩
    · simp only
      generalize (if f32Negative bits = true then _ else _ : Int) = v
      unfold clamp
      omega

theorem quantizeF32_nan {bits : Nat} (invScale : Nat) (zeroPoint : Int) (h : f32IsNaN bits = true) :
    quantizeF32 bits invScale zeroPoint = zeroPoint := if_pos h

/-- An infinity gives the end of the int8 range on its side. -/
theorem quantizeF32_infinite {bits : Nat} (invScale : Nat) (zeroPoint : Int) (h : f32IsInfinite bits = true) :
    quantizeF32 bits invScale zeroPoint = if f32Negative bits = true then -128 else 127 := by
  have hn : ¬ f32IsNaN bits = true := by
    intro h'
    unfold f32IsNaN at h'
    unfold f32IsInfinite at h
    cases he : Nat.beq (f32Exponent bits) 255 with
    | false => rw [he] at h'; contradiction
    | true =>
      rw [he] at h h'
      have h1 : f32Fraction bits = 0 := Nat.eq_of_beq_eq_true h
      have h2 : 1 ≤ f32Fraction bits := Nat.le_of_ble_eq_true h'
      omega
  unfold quantizeF32
  rw [if_neg hn, if_pos h]

/-- A fault is raised exactly for the patterns that are no finite number. -/
theorem f32Fault_eq_zero (bits : Nat) : f32Fault bits = 0 ↔ f32Exponent bits ≠ 255 := by
  unfold f32Fault f32IsNaN f32IsInfinite
  cases he : Nat.beq (f32Exponent bits) 255 with
  | false =>
    have hne : f32Exponent bits ≠ 255 := Nat.ne_of_beq_eq_false he
    rw [if_neg (by intro h; contradiction), if_neg (by intro h; contradiction)]
    exact ⟨fun _ => hne, fun _ => rfl⟩
  | true =>
    have heq : f32Exponent bits = 255 := Nat.eq_of_beq_eq_true he
    refine ⟨?_, fun h => absurd heq h⟩
    cases hf : Nat.ble 1 (f32Fraction bits) with
    | true =>
      rw [if_pos (by rfl)]
      intro h
      contradiction
    | false =>
      have h0 : f32Fraction bits = 0 := by
        by_cases h1 : 1 ≤ f32Fraction bits
        · have h2 := Nat.ble_eq_true_of_le h1
          rw [hf] at h2
          contradiction
        · omega
      rw [if_neg (by intro h; contradiction), h0, if_pos (by rfl)]
      intro h
      contradiction

theorem pow_two_pos (k : Nat) : 0 < 2 ^ k := Nat.pow_pos (Nat.le.step Nat.le.refl)

/-- Rounding to nearest errs by at most half a unit. -/
theorem roundEven_error (value k : Nat) :
    2 * (2 ^ k * roundEven value k) ≤ 2 * value + 2 ^ k ∧ 2 * value ≤ 2 * (2 ^ k * roundEven value k) + 2 ^ k := by
  have hd := Nat.div_add_mod value (2 ^ k)
  have hm := Nat.mod_lt value (pow_two_pos k)
  unfold roundEven
  simp only
  split
  · rw [Nat.mul_add]
    omega
  · split
    · have hp : value / 2 ^ k % 2 = 0 ∨ value / 2 ^ k % 2 = 1 := by omega
      rcases hp with h | h
      · rw [h, Nat.add_zero]; omega
      · rw [h, Nat.mul_add]; omega
    · omega

/-- The product is rounded once to a float32 and once to an integer, each time by at most half a unit
of what is kept. -/
theorem productToInt_error (sa ea sb eb : Nat) :
    let exact := sa * sb
    let drop := max (bitLength exact - 24) (149 - (ea + eb))
    let kept := roundEven exact drop
    let exponent := ea + eb + drop
    let n := productToInt sa ea sb eb
    (2 * (2 ^ drop * kept) ≤ 2 * exact + 2 ^ drop ∧ 2 * exact ≤ 2 * (2 ^ drop * kept) + 2 ^ drop) ∧
    (298 ≤ exponent → n = kept * 2 ^ (exponent - 298)) ∧
    (exponent < 298 → 2 * (2 ^ (298 - exponent) * n) ≤ 2 * kept + 2 ^ (298 - exponent) ∧
      2 * kept ≤ 2 * (2 ^ (298 - exponent) * n) + 2 ^ (298 - exponent)) := by
  intro exact drop kept exponent n
  refine ⟨roundEven_error exact drop, ?_, ?_⟩
  · intro h
    exact if_pos h
  · intro h
    have e : n = roundEven kept (298 - exponent) := if_neg (fun h' => Nat.lt_irrefl _ (Nat.le_trans h h'))
    rw [e]
    exact roundEven_error kept (298 - exponent)

end TinyVerify
