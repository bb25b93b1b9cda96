import TinyVerify.ObjectCode.Check
import TinyVerify.Float32.Thm
/-!
# The float border as the vector unit computes it

Main result: `vectorProduct_eq`. A vector multiplication flushes subnormal operands and tiny products to zero; no integer
that a product is rounded to depends on it. For every pattern, and every factor that `factorOk` lets through.
-/
namespace TinyVerify.ObjectCode

set_option exponentiation.threshold 400

/-- A product below `2^-51` is rounded to 0. -/
theorem productToInt_small {sa ea sb eb : Nat} (h : sa * sb * 2 ^ (ea + eb) < 2 ^ 247) :
    productToInt sa ea sb eb = 0 := by
  have c := (productToInt_close sa ea sb eb).1
  generalize productToInt sa ea sb eb = m at c ⊢
  generalize sa * sb * 2 ^ (ea + eb) = exact at c h
  omega

theorem f32Fraction_lt (bits : Nat) : f32Fraction bits < 8388608 := Nat.mod_lt bits (by decide)

/-- Flushing changes no integer. -/
theorem vectorProduct_eq (bits : Nat) {factor : Nat} (hf : factorOk factor = true) :
    vectorProduct bits factor =
      productToInt (f32Significand bits) (f32Scale bits) (f32Significand factor) (f32Scale factor) := by
  have h := and_split (and_split hf).2
  have h1 : 1 ≤ f32Exponent factor := Nat.le_of_ble_eq_true h.1
  have h2 : f32Exponent factor ≤ 200 := Nat.le_of_ble_eq_true h.2
  have hn : f32Exponent factor ≠ 0 := by omega
  have ff : flushed factor = f32Significand factor := if_neg hn
  unfold vectorProduct
  rw [ff]
  by_cases hb : f32Exponent bits = 0
  · have fb : flushed bits = 0 := if_pos hb
    have sb : f32Significand bits = f32Fraction bits := if_pos hb
    have eb : f32Scale bits = 0 := if_pos hb
    have sf : f32Significand factor = f32Fraction factor + 8388608 := if_neg hn
    have ef : f32Scale factor = f32Exponent factor - 1 := if_neg hn
    have l1 := f32Fraction_lt bits
    have l2 := f32Fraction_lt factor
    have small : f32Significand bits * f32Significand factor * 2 ^ (f32Scale bits + f32Scale factor) < 2 ^ 247 := by
      have p : 2 ^ (f32Scale bits + f32Scale factor) ≤ 2 ^ 199 :=
        Nat.pow_le_pow_right (by decide) (by omega)
      have q : f32Significand bits * f32Significand factor ≤ 8388608 * 16777216 :=
        Nat.mul_le_mul (by omega) (by omega)
      exact Nat.lt_of_le_of_lt (Nat.mul_le_mul q p) (by decide)
    rw [productToInt_small small, fb, Nat.zero_mul, Nat.zero_mul, if_pos (by decide)]
  · have fb : flushed bits = f32Significand bits := if_neg hb
    rw [fb]
    by_cases small : f32Significand bits * f32Significand factor * 2 ^ (f32Scale bits + f32Scale factor) < 2 ^ 172
    · rw [if_pos small, productToInt_small (Nat.lt_trans small (by decide))]
    · rw [if_neg small]

end TinyVerify.ObjectCode
