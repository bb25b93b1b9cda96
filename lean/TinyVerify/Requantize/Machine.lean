import TinyVerify.Requantize.Thm
/-!
# requantize on 64-bit and 32-bit registers

Main results: `rescaleMachine_eq`, `requantizeMachine_eq`: wrapping changes nothing, for every int32 accumulator and all
parameters that the quantizer may emit.
-/
namespace TinyVerify

/-- The product of an int32 accumulator and an emitted multiplier. -/
theorem product_bounds {acc m : Int} (ha : Int32 acc) (hm : 0 ≤ m ∧ m < 2147483648) :
    -4611686016279904256 ≤ acc * m ∧ acc * m ≤ 4611686014132420609 := by
  have h1 := Int.mul_le_mul_of_nonneg_left ha.2 hm.1
  have h2 := Int.mul_le_mul_of_nonneg_left ha.1 hm.1
  rw [Int.mul_comm m acc] at h1 h2
  omega

/-- The rounded high half fits 32 bits with room to negate it. -/
theorem highMul_fits {acc m : Int} (ha : Int32 acc) (hm : 0 ≤ m ∧ m < 2147483648) :
    -2147483647 ≤ highMul acc m ∧ highMul acc m ≤ 2147483646 := by
  have h1 := product_bounds ha hm
  have h2 := highMul_bounds acc m
  omega

theorem two_pow_range {shift : Nat} (hs : shift ≤ 31) :
    1 ≤ ((2 ^ shift : Nat) : Int) ∧ ((2 ^ shift : Nat) : Int) ≤ 2147483648 := by
  have h1 := two_pow_pos shift
  have h2 : 2 ^ shift ≤ 2147483648 := two_pow_mono hs
  omega

theorem half_range {shift : Nat} (hs : shift ≤ 31) : 0 ≤ half shift ∧ half shift ≤ 1073741824 := by
  have h1 := half_nonneg shift
  have h2 := two_pow_range hs
  cases shift with
  | zero => have := half_zero; omega
  | succ k => have := two_mul_half (k := k + 1) (by omega); omega

/-- A quotient by a power of two, `half` added, stays within the dividend's symmetric range. -/
theorem asr_half_fits {h bound : Int} {shift : Nat} (hb : 0 ≤ bound) (h1 : -bound ≤ h) (h2 : h ≤ bound) :
    -bound ≤ asr (h + half shift) shift ∧ asr (h + half shift) shift ≤ bound := by
  cases shift with
  | zero => have := shiftTiesUp_zero h; unfold shiftTiesUp at this; omega
  | succ k =>
    have hp := two_pow_pos (k + 1)
    have hh := two_mul_half (k := k + 1) (by omega)
    have b1 := asr_le (h + half (k + 1)) (k + 1)
    have b2 := lt_asr_add (h + half (k + 1)) (k + 1)
    have hk : 2 ≤ ((2 ^ (k + 1) : Nat) : Int) := by
      have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
      have h3 := two_pow_pos k
      rw [e]
      omega
    have mono := asr_mono (a := -bound + half (k + 1)) (b := h + half (k + 1)) (k + 1) (by omega)
    have mono' := asr_mono (a := h + half (k + 1)) (b := bound + half (k + 1)) (k + 1) (by omega)
    have c1 := lt_asr_add (-bound + half (k + 1)) (k + 1)
    have c2 := asr_le (bound + half (k + 1)) (k + 1)
    refine ⟨?_, ?_⟩
    · rcases Int.lt_or_le (asr (-bound + half (k + 1)) (k + 1)) (-bound) with hlt | hge
      · have h3 : asr (-bound + half (k + 1)) (k + 1) + 1 ≤ -bound := by omega
        have h4 := Int.mul_le_mul_of_nonneg_left h3 (Int.le_of_lt hp)
        have h5 := Int.mul_nonneg (a := ((2 ^ (k + 1) : Nat) : Int) - 1) (by omega) hb
        rw [Int.mul_add, Int.mul_one, Int.mul_neg] at h4
        rw [Int.sub_mul, Int.one_mul] at h5
        omega
      · omega
    · rcases Int.lt_or_le bound (asr (bound + half (k + 1)) (k + 1)) with hlt | hge
      · have h3 : bound + 1 ≤ asr (bound + half (k + 1)) (k + 1) := by omega
        have h4 := Int.mul_le_mul_of_nonneg_left h3 (Int.le_of_lt hp)
        have h5 := Int.mul_nonneg (a := ((2 ^ (k + 1) : Nat) : Int) - 1) (by omega) hb
        rw [Int.mul_add, Int.mul_one] at h4
        rw [Int.sub_mul, Int.one_mul] at h5
        omega
      · omega

theorem singleTiesUp_fits {acc m : Int} {shift : Nat} (ha : Int32 acc) (hm : 0 ≤ m ∧ m < 2147483648) :
    -2147483648 ≤ rescale .singleTiesUp acc m shift ∧ rescale .singleTiesUp acc m shift ≤ 2147483647 := by
  have b := twiceError_singleTiesUp acc m shift
  have hp := product_bounds ha hm
  have hu : 2147483648 ≤ unit shift := by
    have := two_pow_pos shift
    rw [unit_eq]
    omega
  unfold twiceError at b
  generalize hr : rescale .singleTiesUp acc m shift = r at b ⊢
  refine ⟨?_, ?_⟩
  · rcases Int.lt_or_le r (-2147483648) with h | h
    · have h3 : r ≤ -2147483649 := by omega
      have h4 := Int.mul_le_mul_of_nonneg_left h3 (c := unit shift) (by omega)
      omega
    · exact h
  · rcases Int.lt_or_le 2147483647 r with h | h
    · have h3 : 2147483648 ≤ r := by omega
      have h4 := Int.mul_le_mul_of_nonneg_left h3 (c := unit shift) (by omega)
      omega
    · exact h

/-- Every intermediate result of `rescale` fits its machine type, so wrapping changes nothing. -/
theorem rescaleMachine_eq (mode : Rounding) {acc m : Int} {shift : Nat} (ha : Int32 acc)
    (hm : 0 ≤ m ∧ m < 2147483648) (hs : shift ≤ 31) :
    rescaleMachine mode acc m shift = rescale mode acc m shift ∧ Int32 (rescale mode acc m shift) := by
  have hp := product_bounds ha hm
  have hh := highMul_fits ha hm
  have hf := half_range hs
  have e1 : wrap64 (acc * m) = acc * m := wrap64_eq ⟨by omega, by omega⟩
  have e2 : wrap64 (acc * m + 1073741824) = acc * m + 1073741824 := wrap64_eq ⟨by omega, by omega⟩
  have e3 : wrap32 (asr (acc * m + 1073741824) 31) = highMul acc m := wrap32_eq (z := highMul acc m) ⟨by omega, by omega⟩
  have e4 : wrap64 (highMul acc m + half shift) = highMul acc m + half shift := wrap64_eq ⟨by omega, by omega⟩
  have f1 := asr_half_fits (h := highMul acc m) (bound := 2147483647) (shift := shift) (by omega) (by omega) (by omega)
  have f2 := asr_half_fits (h := -highMul acc m) (bound := 2147483647) (shift := shift) (by omega) (by omega) (by omega)
  cases mode with
  | doubleTiesUp =>
    unfold rescaleMachine rescale shiftTiesUp
    simp only
    rw [e1, e2, e3, e4, wrap32_eq ⟨by omega, by omega⟩]
    exact ⟨rfl, by omega, by omega⟩
  | doubleTiesAway =>
    have e5 : wrap64 (-highMul acc m) = -highMul acc m := wrap64_eq ⟨by omega, by omega⟩
    have e6 : wrap64 (-highMul acc m + half shift) = -highMul acc m + half shift := wrap64_eq ⟨by omega, by omega⟩
    unfold rescaleMachine rescale shiftTiesAway
    simp only
    rw [e1, e2, e3, e4, e5, e6, wrap32_eq ⟨by omega, by omega⟩, wrap32_eq (z := -asr (-highMul acc m + half shift) shift) ⟨by omega, by omega⟩]
    refine ⟨rfl, ?_⟩
    split
    · exact ⟨by omega, by omega⟩
    · exact ⟨by omega, by omega⟩
  | singleTiesUp =>
    have f3 := singleTiesUp_fits (shift := shift) ha hm
    have hu : 2 ^ (30 + shift) ≤ 2305843009213693952 := two_pow_mono (a := 30 + shift) (b := 61) (by omega)
    have hu0 := two_pow_pos (30 + shift)
    have e7 : wrap64 (acc * m + ((2 ^ (30 + shift) : Nat) : Int)) = acc * m + ((2 ^ (30 + shift) : Nat) : Int) :=
      wrap64_eq ⟨by omega, by omega⟩
    unfold rescaleMachine
    unfold rescale at f3 ⊢
    simp only at f3 ⊢
    rw [e1, e7, wrap32_eq ⟨by omega, by omega⟩]
    exact ⟨rfl, by omega, by omega⟩

/-- For every int32 accumulator and all parameters that the quantizer may emit, 64-bit products
and sums and a 32-bit rounded result suffice: the machine computes `requantize`. -/
theorem requantizeMachine_eq (mode : Rounding) {acc : Int} {p : RequantizeParams} (ha : Int32 acc)
    (hp : p.Valid) : requantizeMachine mode acc p = requantize mode acc p := by
  have h := rescaleMachine_eq mode ha ⟨by have := hp.multiplier; omega, hp.multiplier.2⟩ hp.shift
  have hz := hp.zeroPoint
  unfold requantizeMachine requantize
  rw [h.1, wrap64_eq ⟨by omega, by omega⟩]

end TinyVerify
