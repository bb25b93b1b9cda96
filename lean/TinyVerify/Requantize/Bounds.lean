import TinyVerify.Requantize.Machine
/-!
# How large the intermediate results of requantize are, given a bound on the accumulator

Main results: `fits32_of_ok` (32 bits hold everything after the 64-bit product), `roundsToNearest`.
-/
namespace TinyVerify

/-- 32 bits hold the high product, the same with the shift's rounding term (of either sign), and
the result with the zero point. -/
def Fits32 (mode : Rounding) (acc : Int) (p : RequantizeParams) : Prop :=
  let h := highMul acc p.multiplier
  Int32 h ∧ Int32 (h + half p.shift) ∧ Int32 (-h + half p.shift) ∧
    Int32 (rescale mode acc p.multiplier p.shift + p.zeroPoint)

/-- Largest high product for `|acc| ≤ bound`, and room for rounding term and zero point. -/
def fits32Ok (bound : Nat) (p : RequantizeParams) : Bool :=
  Nat.ble ((bound * Int.toNat p.multiplier + 1073741824) / 2147483648 + Nat.pow 2 p.shift / 2 + 200) 2147483647

/-- The rounding error of a mode, exactly. With `e = acc * multiplier / 2^(31 + shift)`, `r` the
rounded value and `d = 2^-(shift + 1)`: one rounding gives `-1/2 < r - e ≤ 1/2`; two give
`-1/2 + d < r - e ≤ 1/2 + d` (ties up) or `-1/2 - d < r - e ≤ 1/2 + d` (ties away). -/
def RoundsToNearest (mode : Rounding) (acc multiplier : Int) (shift : Nat) : Prop :=
  match mode, shift with
  | .singleTiesUp, s => -unit s < twiceError .singleTiesUp acc multiplier s ∧
      twiceError .singleTiesUp acc multiplier s ≤ unit s
  | mode, 0 => -unit 0 < twiceError mode acc multiplier 0 ∧ twiceError mode acc multiplier 0 ≤ unit 0
  | .doubleTiesUp, s + 1 => -unit (s + 1) + 2147483648 < twiceError .doubleTiesUp acc multiplier (s + 1) ∧
      twiceError .doubleTiesUp acc multiplier (s + 1) ≤ unit (s + 1) + 2147483648
  | .doubleTiesAway, s + 1 => -unit (s + 1) - 2147483648 < twiceError .doubleTiesAway acc multiplier (s + 1) ∧
      twiceError .doubleTiesAway acc multiplier (s + 1) ≤ unit (s + 1) + 2147483648

theorem roundsToNearest (mode : Rounding) (acc multiplier : Int) (shift : Nat) :
    RoundsToNearest mode acc multiplier shift := by
  cases mode with
  | singleTiesUp => exact twiceError_singleTiesUp acc multiplier shift
  | doubleTiesUp =>
    cases shift with
    | zero => exact twiceError_doubleTiesUp_zero acc multiplier
    | succ s => exact twiceError_doubleTiesUp acc multiplier (shift := s + 1) (by omega)
  | doubleTiesAway =>
    cases shift with
    | zero => exact twiceError_doubleTiesAway_zero acc multiplier
    | succ s => exact twiceError_doubleTiesAway acc multiplier (shift := s + 1) (by omega)

theorem highMul_le {acc m : Int} {bound : Nat} (ha : acc.natAbs ≤ bound) (hm : 0 ≤ m) :
    -(((bound * m.toNat + 1073741824) / 2147483648 : Nat) : Int) ≤ highMul acc m ∧
    highMul acc m ≤ (((bound * m.toNat + 1073741824) / 2147483648 : Nat) : Int) ∧
    (acc * m).natAbs ≤ bound * m.toNat := by
  have h1 := highMul_bounds acc m
  have h2 : (acc * m).natAbs ≤ bound * m.toNat := by
    rw [Int.natAbs_mul]
    exact Nat.mul_le_mul ha (by omega)
  generalize hp : bound * m.toNat = p at h2 ⊢
  omega

/-- A quotient rounded to nearest by `2^(31 + shift)` is at most one above the bound on the high product. -/
theorem rescale_single_le {acc m : Int} {shift high p : Nat} (hp : (acc * m).natAbs ≤ p)
    (hh : high = (p + 1073741824) / 2147483648) :
    -((high : Int) + 1) ≤ rescale .singleTiesUp acc m shift ∧ rescale .singleTiesUp acc m shift ≤ (high : Int) + 1 := by
  have b := twiceError_singleTiesUp acc m shift
  have hu : 2147483648 ≤ unit shift := by
    have := two_pow_pos shift
    rw [unit_eq]
    omega
  unfold twiceError at b
  generalize hr : rescale .singleTiesUp acc m shift = r at b ⊢
  have h2 := Int.mul_le_mul_of_nonneg_left hu (c := (high : Int) + 1) (by omega)
  rw [Int.mul_comm _ (unit shift)] at h2
  refine ⟨?_, ?_⟩
  · rcases Int.lt_or_le r (-((high : Int) + 1)) with h | h
    · have h3 : r ≤ -((high : Int) + 1 + 1) := by omega
      have h4 := Int.mul_le_mul_of_nonneg_left h3 (c := unit shift) (by omega)
      rw [Int.mul_neg, Int.mul_add, Int.mul_one] at h4
      omega
    · exact h
  · rcases Int.lt_or_le ((high : Int) + 1) r with h | h
    · have h3 : (high : Int) + 1 + 1 ≤ r := by omega
      have h4 := Int.mul_le_mul_of_nonneg_left h3 (c := unit shift) (by omega)
      rw [Int.mul_add, Int.mul_one] at h4
      omega
    · exact h

theorem rescale_le (mode : Rounding) {acc m : Int} {shift bound : Nat} (ha : acc.natAbs ≤ bound) (hm : 0 ≤ m) :
    (rescale mode acc m shift).natAbs ≤ (bound * m.toNat + 1073741824) / 2147483648 + 1 := by
  have h1 := highMul_le ha hm
  generalize hh : (bound * m.toNat + 1073741824) / 2147483648 = high at h1 ⊢
  have f1 := asr_half_fits (h := highMul acc m) (bound := (high : Int)) (shift := shift) (by omega) (by omega) (by omega)
  have f2 := asr_half_fits (h := -highMul acc m) (bound := (high : Int)) (shift := shift) (by omega) (by omega) (by omega)
  cases mode with
  | doubleTiesUp => unfold rescale shiftTiesUp; simp only; omega
  | doubleTiesAway =>
    unfold rescale shiftTiesAway
    simp only
    split <;> omega
  | singleTiesUp =>
    have h2 := rescale_single_le (shift := shift) h1.2.2 hh.symm
    omega

theorem half_nat (k : Nat) : half k = ((2 ^ k / 2 : Nat) : Int) := by
  unfold half asr
  have e : 2 ^ 1 = 2 := rfl
  rw [e]
  omega

theorem fits32_of_ok (mode : Rounding) {acc : Int} {bound : Nat} {p : RequantizeParams} (ha : acc.natAbs ≤ bound)
    (hp : p.Valid) (h : fits32Ok bound p = true) : Fits32 mode acc p := by
  have m1 := hp.multiplier
  have z1 := hp.zeroPoint
  have hk := Nat.le_of_ble_eq_true h
  have h1 := highMul_le ha (m := p.multiplier) (by omega)
  have h2 := rescale_le mode (shift := p.shift) ha (m := p.multiplier) (by omega)
  have h3 := half_nat p.shift
  have e : Nat.pow 2 p.shift = 2 ^ p.shift := rfl
  rw [e] at hk
  generalize hhigh : (_ * Int.toNat p.multiplier + 1073741824) / 2147483648 = high at h1 h2 hk
  unfold Fits32
  simp only
  refine ⟨⟨?_, ?_⟩, ⟨?_, ?_⟩, ⟨?_, ?_⟩, ⟨?_, ?_⟩⟩ <;> omega

end TinyVerify
