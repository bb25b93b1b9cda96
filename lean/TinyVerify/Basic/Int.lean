/-!
# Machine integers as ranges of the integers, and the arithmetic shift

Every operator is defined on unbounded integers; what a register holds is a range. `wrap32 z`
and `wrap64 z` are what a two's complement register holds after computing `z`.
-/
namespace TinyVerify

/-- `-128 ≤ z ≤ 127` -/
abbrev Int8 (z : Int) : Prop := -128 ≤ z ∧ z ≤ 127

/-- `-2^15 ≤ z ≤ 2^15 - 1` -/
abbrev Int16 (z : Int) : Prop := -32768 ≤ z ∧ z ≤ 32767

/-- `-2^31 ≤ z ≤ 2^31 - 1` -/
abbrev Int32 (z : Int) : Prop := -2147483648 ≤ z ∧ z ≤ 2147483647

/-- `-2^63 ≤ z ≤ 2^63 - 1` -/
abbrev Int64 (z : Int) : Prop := -9223372036854775808 ≤ z ∧ z ≤ 9223372036854775807

/-- What a 32-bit two's complement register holds after computing `z`. -/
def wrap32 (z : Int) : Int := (z + 2147483648) % 4294967296 - 2147483648

/-- What a 64-bit two's complement register holds after computing `z`. -/
def wrap64 (z : Int) : Int := (z + 9223372036854775808) % 18446744073709551616 - 9223372036854775808

/-- Arithmetic shift right: division by `2^k`, rounded down. -/
def asr (z : Int) (k : Nat) : Int := z / ((2 ^ k : Nat) : Int)

/-- `max(lo, min(hi, z))` -/
def clamp (z lo hi : Int) : Int := max lo (min hi z)

theorem wrap32_eq {z : Int} (h : Int32 z) : wrap32 z = z := by
  unfold wrap32
  omega

theorem wrap64_eq {z : Int} (h : Int64 z) : wrap64 z = z := by
  unfold wrap64
  omega

theorem two_pow_pos (k : Nat) : (0 : Int) < ((2 ^ k : Nat) : Int) :=
  Int.ofNat_lt.mpr (Nat.pow_pos (Nat.le.step Nat.le.refl))

/-- The quotient rounded down is the only integer with `k q ≤ z < k q + k`. -/
theorem ediv_unique {z k q : Int} (hk : 0 < k) (h1 : k * q ≤ z) (h2 : z < k * q + k) : z / k = q := by
  have hne : k ≠ 0 := by omega
  have b1 := Int.mul_ediv_self_le (x := z) hne
  have b2 := Int.lt_mul_ediv_self_add (x := z) hk
  rcases Int.lt_or_le (z / k) q with h | h
  · have h3 : z / k + 1 ≤ q := by omega
    have h4 := Int.mul_le_mul_of_nonneg_left h3 (Int.le_of_lt hk)
    rw [Int.mul_add, Int.mul_one] at h4
    omega
  · rcases Int.lt_or_le q (z / k) with h' | h'
    · have h3 : q + 1 ≤ z / k := by omega
      have h4 := Int.mul_le_mul_of_nonneg_left h3 (Int.le_of_lt hk)
      rw [Int.mul_add, Int.mul_one] at h4
      omega
    · omega

/-- Division by a positive number, rounded down, is monotone. -/
theorem ediv_mono {a b k : Int} (hk : 0 < k) (h : a ≤ b) : a / k ≤ b / k := by
  have hne : k ≠ 0 := by omega
  have b1 := Int.mul_ediv_self_le (x := a) hne
  have b2 := Int.lt_mul_ediv_self_add (x := b) hk
  rcases Int.lt_or_le (b / k) (a / k) with h' | h'
  · have h3 : b / k + 1 ≤ a / k := by omega
    have h4 := Int.mul_le_mul_of_nonneg_left h3 (Int.le_of_lt hk)
    rw [Int.mul_add, Int.mul_one] at h4
    omega
  · exact h'

theorem asr_mono {a b : Int} (k : Nat) (h : a ≤ b) : asr a k ≤ asr b k := ediv_mono (two_pow_pos k) h

theorem asr_le (a : Int) (k : Nat) : ((2 ^ k : Nat) : Int) * asr a k ≤ a :=
  Int.mul_ediv_self_le (by have := two_pow_pos k; omega)

theorem lt_asr_add (a : Int) (k : Nat) :
    a < ((2 ^ k : Nat) : Int) * asr a k + ((2 ^ k : Nat) : Int) :=
  Int.lt_mul_ediv_self_add (two_pow_pos k)

theorem clamp_mono {a b : Int} (lo hi : Int) (h : a ≤ b) : clamp a lo hi ≤ clamp b lo hi := by
  unfold clamp
  omega

theorem clamp_range {lo hi : Int} (z : Int) (h : lo ≤ hi) : lo ≤ clamp z lo hi ∧ clamp z lo hi ≤ hi := by
  unfold clamp
  omega

theorem clamp_eq {z lo hi : Int} (h1 : lo ≤ z) (h2 : z ≤ hi) : clamp z lo hi = z := by
  unfold clamp
  omega
theorem two_pow_mono {a b : Nat} (h : a ≤ b) : 2 ^ a ≤ 2 ^ b := by
  induction h with
  | refl => exact Nat.le.refl
  | step _ ih =>
    rename_i c _
    have e : 2 ^ (c + 1) = 2 ^ c * 2 := rfl
    omega

/-- Half of a power of two, as the rounding term `2^k >> 1` computes it: 0 for `k = 0`. -/
def half (k : Nat) : Int := asr ((2 ^ k : Nat) : Int) 1

theorem half_zero : half 0 = 0 := by decide

theorem two_mul_half {k : Nat} (h : 1 ≤ k) : 2 * half k = ((2 ^ k : Nat) : Int) := by
  cases k with
  | zero => omega
  | succ k =>
    have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
    unfold half asr
    rw [e]
    have e2 : 2 ^ 1 = 2 := rfl
    rw [e2]
    omega

end TinyVerify
