import TinyVerify.Basic.Lists
import TinyVerify.Requantize.Spec
/-!
# Theorems about requantize

Main results: `twiceError_doubleTiesUp`, `twiceError_doubleTiesAway`, `twiceError_singleTiesUp`
(rounding error), `requantize_mono`, `requantize_saturates_only`, `requantize_int8`.
-/
namespace TinyVerify

theorem unit_eq (shift : Nat) : unit shift = 2147483648 * ((2 ^ shift : Nat) : Int) := by
  have e : 2 ^ (31 + shift) = 2147483648 * 2 ^ shift := by
    induction shift with
    | zero => rfl
    | succ k ih =>
      have e1 : 2 ^ (31 + (k + 1)) = 2 ^ (31 + k) * 2 := rfl
      have e2 : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
      omega
  unfold unit
  rw [e]
  rfl

theorem half_unit_eq (shift : Nat) : 2 * ((2 ^ (30 + shift) : Nat) : Int) = unit shift := by
  have e : 2 ^ (31 + shift) = 2 * 2 ^ (30 + shift) := by
    induction shift with
    | zero => rfl
    | succ k ih =>
      have e1 : 2 ^ (31 + (k + 1)) = 2 ^ (31 + k) * 2 := rfl
      have e2 : 2 ^ (30 + (k + 1)) = 2 ^ (30 + k) * 2 := rfl
      omega
  unfold unit
  rw [e]
  rfl

theorem unit_mul (shift : Nat) (r : Int) : unit shift * r = 2147483648 * (((2 ^ shift : Nat) : Int) * r) := by
  rw [unit_eq, Int.mul_assoc]

theorem highMul_bounds (acc m : Int) :
    2147483648 * highMul acc m ≤ acc * m + 1073741824 ∧
    acc * m + 1073741824 < 2147483648 * highMul acc m + 2147483648 := by
  have h1 := asr_le (acc * m + 1073741824) 31
  have h2 := lt_asr_add (acc * m + 1073741824) 31
  have e : ((2 ^ 31 : Nat) : Int) = 2147483648 := by decide
  rw [e] at h1 h2
  exact ⟨h1, h2⟩

theorem shiftTiesUp_bounds (h : Int) (shift : Nat) :
    ((2 ^ shift : Nat) : Int) * shiftTiesUp h shift ≤ h + half shift ∧
    h + half shift < ((2 ^ shift : Nat) : Int) * shiftTiesUp h shift + ((2 ^ shift : Nat) : Int) :=
  ⟨asr_le _ _, lt_asr_add _ _⟩

theorem shiftTiesUp_zero (h : Int) : shiftTiesUp h 0 = h := by
  have b := shiftTiesUp_bounds h 0
  have e : ((2 ^ 0 : Nat) : Int) = 1 := by decide
  rw [e, half_zero] at b
  omega

theorem shiftTiesAway_zero (h : Int) : shiftTiesAway h 0 = h := by
  have b := shiftTiesUp_zero h
  have b' := shiftTiesUp_zero (-h)
  unfold shiftTiesUp at b b'
  unfold shiftTiesAway
  split
  · exact b
  · omega

theorem shiftTiesAway_bounds (h : Int) {shift : Nat} (hs : 1 ≤ shift) :
    h - half shift ≤ ((2 ^ shift : Nat) : Int) * shiftTiesAway h shift ∧
    ((2 ^ shift : Nat) : Int) * shiftTiesAway h shift ≤ h + half shift := by
  have b := shiftTiesUp_bounds h shift
  have b' := shiftTiesUp_bounds (-h) shift
  have hh := two_mul_half hs
  unfold shiftTiesUp at b b'
  unfold shiftTiesAway
  split
  · omega
  · rw [Int.mul_neg]
    omega

/-! ### rounding error -/

/-- Double rounding, ties up, `shift ≥ 1`: `-1/2 + 2^-(shift+1) < r - e ≤ 1/2 + 2^-(shift+1)`. -/
theorem twiceError_doubleTiesUp (acc m : Int) {shift : Nat} (hs : 1 ≤ shift) :
    -unit shift + 2147483648 < twiceError .doubleTiesUp acc m shift ∧
    twiceError .doubleTiesUp acc m shift ≤ unit shift + 2147483648 := by
  have b1 := highMul_bounds acc m
  have b2 := shiftTiesUp_bounds (highMul acc m) shift
  have hh := two_mul_half hs
  unfold twiceError
  rw [unit_mul, unit_eq]
  unfold rescale
  simp only
  omega

/-- Without a shift a double rounding is a single one: `-1/2 < r - e ≤ 1/2`. -/
theorem twiceError_doubleTiesUp_zero (acc m : Int) :
    -unit 0 < twiceError .doubleTiesUp acc m 0 ∧ twiceError .doubleTiesUp acc m 0 ≤ unit 0 := by
  have b1 := highMul_bounds acc m
  have e : unit 0 = 2147483648 := by decide
  unfold twiceError rescale
  simp only
  rw [shiftTiesUp_zero, e]
  omega

/-- Double rounding, ties away, `shift ≥ 1`: `-1/2 - 2^-(shift+1) < r - e ≤ 1/2 + 2^-(shift+1)`. -/
theorem twiceError_doubleTiesAway (acc m : Int) {shift : Nat} (hs : 1 ≤ shift) :
    -unit shift - 2147483648 < twiceError .doubleTiesAway acc m shift ∧
    twiceError .doubleTiesAway acc m shift ≤ unit shift + 2147483648 := by
  have b1 := highMul_bounds acc m
  have b2 := shiftTiesAway_bounds (highMul acc m) hs
  have hh := two_mul_half hs
  unfold twiceError
  rw [unit_mul, unit_eq]
  unfold rescale
  simp only
  omega

theorem twiceError_doubleTiesAway_zero (acc m : Int) :
    -unit 0 < twiceError .doubleTiesAway acc m 0 ∧ twiceError .doubleTiesAway acc m 0 ≤ unit 0 := by
  have b1 := highMul_bounds acc m
  have e : unit 0 = 2147483648 := by decide
  unfold twiceError rescale
  simp only
  rw [shiftTiesAway_zero, e]
  omega

/-- Single rounding: `-1/2 < r - e ≤ 1/2`. -/
theorem twiceError_singleTiesUp (acc m : Int) (shift : Nat) :
    -unit shift < twiceError .singleTiesUp acc m shift ∧
    twiceError .singleTiesUp acc m shift ≤ unit shift := by
  have b1 := asr_le (acc * m + ((2 ^ (30 + shift) : Nat) : Int)) (31 + shift)
  have b2 := lt_asr_add (acc * m + ((2 ^ (30 + shift) : Nat) : Int)) (31 + shift)
  have hh := half_unit_eq shift
  have eu : unit shift = ((2 ^ (31 + shift) : Nat) : Int) := rfl
  unfold twiceError rescale
  simp only
  rw [eu] at hh ⊢
  omega

/-- In every mode the error is at most half a unit, plus `2^-(shift+1)` for a double rounding. -/
theorem twiceError_le (mode : Rounding) (acc m : Int) (shift : Nat) :
    -(unit shift + 2147483648) ≤ twiceError mode acc m shift ∧
    twiceError mode acc m shift ≤ unit shift + 2147483648 := by
  cases mode with
  | singleTiesUp => have h := twiceError_singleTiesUp acc m shift; omega
  | doubleTiesUp =>
    cases shift with
    | zero => have h := twiceError_doubleTiesUp_zero acc m; omega
    | succ k => have h := twiceError_doubleTiesUp acc m (shift := k + 1) (by omega); omega
  | doubleTiesAway =>
    cases shift with
    | zero => have h := twiceError_doubleTiesAway_zero acc m; omega
    | succ k => have h := twiceError_doubleTiesAway acc m (shift := k + 1) (by omega); omega

/-! ### monotonicity -/

/-- Ties away from zero, with one shift for both signs: a negative value is lowered by one before it is rounded. -/
theorem shiftTiesAway_form (h : Int) {shift : Nat} (hs : 1 ≤ shift) :
    shiftTiesAway h shift = asr (h + (if h < 0 then -1 else 0) + half shift) shift := by
  have hh := two_mul_half hs
  have hp := two_pow_pos shift
  unfold shiftTiesAway
  split
  · rename_i h0
    have e : (if h < 0 then (-1 : Int) else 0) = 0 := by split <;> omega
    rw [e, Int.add_zero]
  · rename_i h0
    have e : (if h < 0 then (-1 : Int) else 0) = -1 := by split <;> omega
    rw [e]
    have b1 := asr_le (-h + half shift) shift
    have b2 := lt_asr_add (-h + half shift) shift
    refine (ediv_unique hp ?_ ?_).symm
    · rw [Int.mul_neg]
      omega
    · rw [Int.mul_neg]
      omega

theorem nearestAll_of_ok {ps : List RequantizeParams} {rs : List Ratio} (h : nearestAllOk ps rs = true) :
    NearestAll ps rs := by
  induction ps generalizing rs with
  | nil =>
    cases rs with
    | nil => trivial
    | cons _ _ => cases h
  | cons p ps ih =>
    cases rs with
    | nil => cases h
    | cons r rs =>
      have h' := and_split h
      exact ⟨Nat.le_of_ble_eq_true h'.1, ih h'.2⟩

theorem shiftTiesUp_mono {a b : Int} (shift : Nat) (h : a ≤ b) : shiftTiesUp a shift ≤ shiftTiesUp b shift :=
  asr_mono shift (by omega)

theorem half_nonneg (k : Nat) : 0 ≤ half k := by
  have h := two_pow_pos k
  unfold half asr
  have e : 2 ^ 1 = 2 := rfl
  rw [e]
  omega

theorem asr_nonneg {a : Int} (k : Nat) (h : 0 ≤ a) : 0 ≤ asr a k := by
  have h1 := asr_mono k h
  have h2 : asr 0 k = 0 := ediv_unique (two_pow_pos k) (by omega) (by have := two_pow_pos k; omega)
  omega

theorem shiftTiesAway_mono {a b : Int} (shift : Nat) (h : a ≤ b) :
    shiftTiesAway a shift ≤ shiftTiesAway b shift := by
  have hn := half_nonneg shift
  unfold shiftTiesAway
  split
  · split
    · exact asr_mono shift (by omega)
    · omega
  · split
    · have h1 := asr_nonneg (a := -a + half shift) shift (by omega)
      have h2 := asr_nonneg (a := b + half shift) shift (by omega)
      omega
    · have h1 := asr_mono (a := -b + half shift) (b := -a + half shift) shift (by omega)
      omega

theorem rescale_mono (mode : Rounding) {a b m : Int} (shift : Nat) (hm : 0 ≤ m) (h : a ≤ b) :
    rescale mode a m shift ≤ rescale mode b m shift := by
  have hp : a * m ≤ b * m := by
    have h1 := Int.mul_le_mul_of_nonneg_left h hm
    rw [Int.mul_comm m a, Int.mul_comm m b] at h1
    exact h1
  cases mode with
  | doubleTiesUp => exact shiftTiesUp_mono shift (asr_mono 31 (by omega))
  | doubleTiesAway => exact shiftTiesAway_mono shift (asr_mono 31 (by omega))
  | singleTiesUp => exact asr_mono (31 + shift) (by omega)

/-- A larger accumulator never gives a smaller result. -/
theorem requantize_mono (mode : Rounding) {a b : Int} (p : RequantizeParams) (hm : 0 ≤ p.multiplier)
    (h : a ≤ b) : requantize mode a p ≤ requantize mode b p :=
  clamp_mono p.lo p.hi (by have := rescale_mono mode p.shift hm h; omega)

/-! ### range and saturation -/

theorem requantize_range (mode : Rounding) (acc : Int) (p : RequantizeParams) (h : p.lo ≤ p.hi) :
    p.lo ≤ requantize mode acc p ∧ requantize mode acc p ≤ p.hi :=
  clamp_range _ h

theorem requantize_int8 (mode : Rounding) (acc : Int) {p : RequantizeParams} (hp : p.Valid) :
    Int8 (requantize mode acc p) := by
  have h := requantize_range mode acc p hp.range.2.1
  have h2 := hp.range
  exact ⟨by omega, by omega⟩

/-- It saturates only where it must: the clamp changes nothing that lies in `[lo, hi]`, and what
lies outside becomes the nearer end. -/
theorem requantize_saturates_only (mode : Rounding) (acc : Int) (p : RequantizeParams) (h : p.lo ≤ p.hi) :
    let r := rescale mode acc p.multiplier p.shift + p.zeroPoint
    (p.lo ≤ r → r ≤ p.hi → requantize mode acc p = r) ∧
    (r < p.lo → requantize mode acc p = p.lo) ∧ (p.hi < r → requantize mode acc p = p.hi) := by
  intro r
  have e : requantize mode acc p = clamp r p.lo p.hi := rfl
  rw [e]
  unfold clamp
  refine ⟨?_, ?_, ?_⟩
  · intro _ _; omega
  · intro _; omega
  · intro _; omega

end TinyVerify
