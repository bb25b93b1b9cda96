import TinyVerify.Relu.Spec
/-!
# Theorems about relu

Main results: `relu_fused` (relu after the full int8 clamp is one clamp), `relu_range`, `relu_mono`.
-/
namespace TinyVerify

/-- relu after a clamp to int8 is one clamp whose lower end is the zero point. -/
theorem relu_fused (v : Int) {z : Int} (hz : Int8 z) : relu (clamp v (-128) 127) z = clamp v z 127 := by
  unfold relu clamp
  omega

theorem relu_range {q z : Int} (hq : Int8 q) (hz : Int8 z) : Int8 (relu q z) ∧ z ≤ relu q z := by
  unfold relu
  omega

theorem relu_mono {a b : Int} (z : Int) (h : a ≤ b) : relu a z ≤ relu b z := by
  unfold relu
  omega

end TinyVerify
