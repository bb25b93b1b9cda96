import TinyVerify.ObjectCode.Border
/-!
# Floats of integers as the vector unit computes them

Main result: `floated_eq`. A vector multiplication flushes tiny products to zero; no logit and no action is one, for
every factor that `factorOk` lets through.
-/
namespace TinyVerify.ObjectCode

set_option exponentiation.threshold 400

/-- Rounding goes no lower than the quotient. -/
theorem quotient_le_roundEven (value k : Nat) : value / 2 ^ k ≤ roundEven value k := by
  unfold roundEven
  simp only
  split
  · omega
  · split <;> omega

/-- The float of a positive integer is at least 1. -/
theorem exponent_of_integer {n : Nat} (hn : 1 ≤ n) : 127 ≤ f32Exponent (f32Nearest (n * 2 ^ 149) 0) := by
  have hv : 2 ^ 149 ≤ n * 2 ^ 149 := Nat.le_mul_of_pos_left _ hn
  generalize n * 2 ^ 149 = value at hv
  have p149 : 0 < 2 ^ 149 := pow_two_pos 149
  have hb : 150 ≤ bitLength value := by
    have h1 := lt_pow_bitLength value
    by_cases h : bitLength value ≤ 149
    · have h2 := Nat.pow_le_pow_right (show 0 < 2 by decide) h
      omega
    · omega
  have hq : 8388608 ≤ value / 2 ^ (bitLength value - 24) := by
    have h1 := pow_bitLength_le (value := value) (by omega)
    have e : bitLength value - 1 = 23 + (bitLength value - 24) := by omega
    rw [e, Nat.pow_add] at h1
    have e2 : (2 : Nat) ^ 23 = 8388608 := by decide
    rw [e2] at h1
    exact (Nat.le_div_iff_mul_le (pow_two_pos _)).mpr h1
  have hr := quotient_le_roundEven value (bitLength value - 24)
  unfold f32Nearest
  simp only
  generalize roundEven value (bitLength value - 24) = r at hr
  generalize value / 2 ^ (bitLength value - 24) = q at hq hr
  have e : f32Infinity = 2139095040 := rfl
  have hd : 126 ≤ bitLength value - 24 := by omega
  generalize bitLength value - 24 = d at hd
  unfold f32Exponent
  rw [if_neg (by omega), e]
  omega

/-- Flushing changes no logit: the product of a non-zero integer and a normal factor is no smaller than `2^-126`. -/
theorem vectorMagnitude_eq (z : Int) {factor : Nat} (hf : factorOk factor = true) :
    vectorMagnitude z factor = dequantizeMagnitude z factor := by
  have h := and_split (and_split hf).2
  have h1 : 1 ≤ f32Exponent factor := Nat.le_of_ble_eq_true h.1
  have hn : f32Exponent factor ≠ 0 := by omega
  have ff : flushed factor = f32Significand factor := if_neg hn
  have sf : f32Significand factor = f32Fraction factor + 8388608 := if_neg hn
  unfold vectorMagnitude dequantizeMagnitude
  simp only
  rw [ff]
  by_cases hz : z.natAbs = 0
  · have e0 : f32Nearest (0 * 2 ^ 149) 0 = 0 := by decide
    have e1 : flushed 0 = 0 := by decide
    have e2 : f32Significand 0 = 0 := by decide
    have e3 : f32Nearest 0 149 = 0 := by decide
    rw [hz, e0, e1, e2, Nat.zero_mul, Nat.zero_mul, e3, if_pos (pow_two_pos 172)]
  · have he := exponent_of_integer (n := z.natAbs) (by omega)
    generalize f32Nearest (z.natAbs * 2 ^ 149) 0 = a at he
    have ha : f32Exponent a ≠ 0 := by omega
    have fa : flushed a = f32Significand a := if_neg ha
    have sa : f32Significand a = f32Fraction a + 8388608 := if_neg ha
    have ea : f32Scale a = f32Exponent a - 1 := if_neg ha
    rw [fa]
    have big : 2 ^ 172 ≤ f32Significand a * f32Significand factor * 2 ^ (f32Scale a + f32Scale factor) := by
      have p : 2 ^ 126 ≤ 2 ^ (f32Scale a + f32Scale factor) := Nat.pow_le_pow_right (by decide) (by omega)
      have q : 8388608 * 8388608 ≤ f32Significand a * f32Significand factor := Nat.mul_le_mul (by omega) (by omega)
      have r := Nat.mul_le_mul q p
      have e : 8388608 * 8388608 * 2 ^ 126 = 2 ^ 172 := by decide
      omega
    rw [if_neg (by omega)]

theorem floated_eq (z : Int) {factor : Nat} (hf : factorOk factor = true) : floated z factor = dequantize z factor := by
  unfold floated dequantize
  rw [vectorMagnitude_eq z hf]

theorem floatedBy_eq (z : Int) (scales : List Nat) :
    ∀ factors : List Nat, factorsOk scales factors = true → floatedBy z factors = dequantizedBy z scales := by
  induction scales with
  | nil =>
    intro factors h
    cases factors with
    | nil => rfl
    | cons _ _ => cases h
  | cons scale scales ih =>
    intro factors h
    cases factors with
    | nil => cases h
    | cons factor factors =>
      have h1 := and_split (a := Nat.beq factor scale && factorOk scale) h
      have h2 := and_split h1.1
      show floated z factor :: floatedBy z factors = dequantize z scale :: dequantizedBy z scales
      rw [ih factors h1.2, Nat.eq_of_beq_eq_true h2.1, floated_eq z h2.2]

end TinyVerify.ObjectCode
