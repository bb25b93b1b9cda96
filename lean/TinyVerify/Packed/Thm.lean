import TinyVerify.Packed.Spec
import TinyVerify.Basic.Land
/-!
# The fast absolute sum of a packed row is the sum

Main result: `absSumFast_eq`.
-/
namespace TinyVerify

theorem unpack_int8 (n p : Nat) : ∀ w ∈ unpack n p, Int8 w := by
  induction n generalizing p with
  | zero => intro w hw; cases hw
  | succ n ih =>
    intro w hw
    cases hw with
    | head => exact ⟨by omega, by omega⟩
    | tail _ h => exact ih (p / 256) w h

theorem length_unpack (n p : Nat) : (unpack n p).length = n := by
  induction n generalizing p with
  | zero => rfl
  | succ n ih => exact congrArg (· + 1) (ih (p / 256))

/-! ### the specification, byte by byte -/

theorem byteAbs_lt {u : Nat} (h : u < 256) : byteAbs u ≤ 128 := by
  unfold byteAbs
  split <;> omega

theorem absSum_unpack (n p : Nat) : absSum (unpack n p) = byteSum n (packedAbs n p) := by
  induction n generalizing p with
  | zero => rfl
  | succ n ih =>
    have hb := byteAbs_lt (u := p % 256) (by omega)
    have e1 : absSum (unpack (n + 1) p) = Int.natAbs (((p % 256 : Nat) : Int) - 128) + absSum (unpack n (p / 256)) := rfl
    have e2 : byteSum (n + 1) (packedAbs (n + 1) p) = packedAbs (n + 1) p % 256 + byteSum n (packedAbs (n + 1) p / 256) := rfl
    have e3 : packedAbs (n + 1) p = byteAbs (p % 256) + 256 * packedAbs n (p / 256) := rfl
    have e4 : packedAbs (n + 1) p / 256 = packedAbs n (p / 256) := by omega
    have e5 : Int.natAbs (((p % 256 : Nat) : Int) - 128) = byteAbs (p % 256) := by
      unfold byteAbs
      split <;> omega
    rw [e1, e2, e4, ih]
    omega

theorem packedAbs_lt (n p : Nat) : packedAbs n p < 256 ^ n := by
  induction n generalizing p with
  | zero => exact Nat.le.refl
  | succ n ih =>
    have h := ih (p / 256)
    have hb := byteAbs_lt (u := p % 256) (by omega)
    have e1 : packedAbs (n + 1) p = byteAbs (p % 256) + 256 * packedAbs n (p / 256) := rfl
    have e2 : 256 ^ (n + 1) = 256 ^ n * 256 := rfl
    omega

theorem byteSum_le (n p : Nat) : byteSum n p ≤ 255 * n := by
  induction n generalizing p with
  | zero => exact Nat.le.refl
  | succ n ih =>
    have h := ih (p / 256)
    have e : byteSum (n + 1) p = p % 256 + byteSum n (p / 256) := rfl
    omega

/-- Bytes above a number's top byte are zero. -/
theorem byteSum_more (n k p : Nat) (h : p < 256 ^ n) : byteSum (n + k) p = byteSum n p := by
  induction n generalizing p with
  | zero =>
    have hp : p = 0 := by have : 256 ^ 0 = 1 := rfl; omega
    subst hp
    induction k with
    | zero => rfl
    | succ k ih => exact (Nat.zero_add _).trans ih
  | succ n ih =>
    have e : 256 ^ (n + 1) = 256 ^ n * 256 := rfl
    have e1 : byteSum (n + 1 + k) p = p % 256 + byteSum (n + k) (p / 256) := by
      rw [Nat.add_right_comm n 1 k]
      rfl
    rw [e1, ih (p / 256) (by omega)]
    rfl

/-! ### closed forms of the masks -/

theorem ones_eq (n : Nat) : 255 * ones n + 1 = 256 ^ n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have e1 : ones (n + 1) = 256 * ones n + 1 := rfl
    have e2 : 256 ^ (n + 1) = 256 ^ n * 256 := rfl
    omega

theorem onesFast_eq (n : Nat) : onesFast n = ones n := by
  have h := ones_eq n
  have e : Nat.pow 256 n = 256 ^ n := rfl
  unfold onesFast
  rw [e, ← h]
  omega

theorem wordOnes_eq (n : Nat) : 4294967295 * wordOnes n + 1 = 4294967296 ^ n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have e1 : wordOnes (n + 1) = 4294967296 * wordOnes n + 1 := rfl
    have e2 : 4294967296 ^ (n + 1) = 4294967296 ^ n * 4294967296 := rfl
    omega

theorem wordOnesFast_eq (n : Nat) : wordOnesFast n = wordOnes n := by
  have h := wordOnes_eq n
  have e : Nat.pow 4294967296 n = 4294967296 ^ n := rfl
  unfold wordOnesFast
  rw [e, ← h]
  omega

/-! ### signs and absolute values -/

/-- One in each byte whose weight is not negative. -/
def signs : Nat → Nat → Nat
  | 0, _ => 0
  | n + 1, p => (if p % 256 < 128 then 0 else 1) + 256 * signs n (p / 256)

theorem land_zero_le (k : Nat) : ∀ p, p ≤ k → Nat.land p 0 = 0 := by
  induction k with
  | zero =>
    intro p hp
    have h : p = 0 := by omega
    subst h
    rfl
  | succ k ih =>
    intro p hp
    have h1 := landSplit_byte p 0
    have h2 := (land_byte_table (p % 256) (by omega)).2.2
    have h3 := ih (p / 256) (by omega)
    have e1 : 0 / 256 = 0 := rfl
    have e2 : 0 % 256 = 0 := rfl
    rw [e1, e2, h2, h3] at h1
    exact h1

theorem land_zero (p : Nat) : Nat.land p 0 = 0 := land_zero_le p p Nat.le.refl

theorem land_signs (n p : Nat) : Nat.land p (128 * ones n) = 128 * signs n p := by
  induction n generalizing p with
  | zero => exact land_zero p
  | succ n ih =>
    have h := landSplit_byte p (128 * ones (n + 1))
    have e : ones (n + 1) = 256 * ones n + 1 := rfl
    have e1 : 128 * ones (n + 1) / 256 = 128 * ones n := by omega
    have e2 : 128 * ones (n + 1) % 256 = 128 := by omega
    have t := (land_byte_table (p % 256) (by omega)).2.1
    have e3 : signs (n + 1) p = (if p % 256 < 128 then 0 else 1) + 256 * signs n (p / 256) := rfl
    rw [h, e1, e2, ih, t, e3]
    split <;> omega

/-- The bytes of the non-negative weights, the others zero. -/
def selected : Nat → Nat → Nat
  | 0, _ => 0
  | n + 1, p => (if p % 256 < 128 then 0 else p % 256) + 256 * selected n (p / 256)

theorem land_selected (n p : Nat) : Nat.land p (255 * signs n p) = selected n p := by
  induction n generalizing p with
  | zero => exact land_zero p
  | succ n ih =>
    have h := landSplit_byte p (255 * signs (n + 1) p)
    have e : signs (n + 1) p = (if p % 256 < 128 then 0 else 1) + 256 * signs n (p / 256) := rfl
    have e3 : selected (n + 1) p = (if p % 256 < 128 then 0 else p % 256) + 256 * selected n (p / 256) := rfl
    have t := land_byte_table (p % 256) (by omega)
    have e1 : 255 * signs (n + 1) p / 256 = 255 * signs n (p / 256) := by
      rw [e]; split <;> omega
    have e2 : 255 * signs (n + 1) p % 256 = (if p % 256 < 128 then 0 else 255) := by
      rw [e]; split <;> omega
    rw [h, e1, e2, ih (p / 256), e3]
    split
    · rw [t.2.2]; omega
    · rw [t.1]; omega

theorem packedAbs_linear (n p : Nat) (h : p < 256 ^ n) :
    packedAbs n p + (2 * (128 * signs n p) + p) = 2 * selected n p + 128 * ones n := by
  induction n generalizing p with
  | zero =>
    have hp : p = 0 := by have : 256 ^ 0 = 1 := rfl; omega
    subst hp
    rfl
  | succ n ih =>
    have e : 256 ^ (n + 1) = 256 ^ n * 256 := rfl
    have h1 := ih (p / 256) (by omega)
    have e1 : packedAbs (n + 1) p = byteAbs (p % 256) + 256 * packedAbs n (p / 256) := rfl
    have e2 : signs (n + 1) p = (if p % 256 < 128 then 0 else 1) + 256 * signs n (p / 256) := rfl
    have e3 : selected (n + 1) p = (if p % 256 < 128 then 0 else p % 256) + 256 * selected n (p / 256) := rfl
    have e4 : ones (n + 1) = 256 * ones n + 1 := rfl
    rw [e1, e2, e3, e4]
    unfold byteAbs
    split <;> omega

theorem packedAbsFast_eq (n p : Nat) (h : p < 256 ^ n) : packedAbsFast n p = packedAbs n p := by
  have h1 := packedAbs_linear n p h
  have e : 128 * signs n p / 128 = signs n p := by omega
  unfold packedAbsFast
  simp only
  rw [onesFast_eq, land_signs, e, land_selected]
  omega

/-! ### strides -/

/-- Sum of the lowest bytes of the lowest `words` 32-bit digits. -/
def strideSum : Nat → Nat → Nat
  | 0, _ => 0
  | n + 1, p => p % 256 + strideSum n (p / 4294967296)

theorem land_255 (p : Nat) : Nat.land p 255 = p % 256 := by
  have h := landSplit_byte p 255
  have e1 : 255 / 256 = 0 := rfl
  have e2 : 255 % 256 = 255 := rfl
  rw [e1, e2, land_zero, (land_byte_table (p % 256) (by omega)).1] at h
  omega

theorem strideSum_land (words p : Nat) :
    ∃ t, Nat.land p (255 * wordOnes words) = strideSum words p + 4294967295 * t := by
  induction words generalizing p with
  | zero => exact ⟨0, land_zero p⟩
  | succ n ih =>
    have h := landSplit_word p (255 * wordOnes (n + 1))
    have e : wordOnes (n + 1) = 4294967296 * wordOnes n + 1 := rfl
    have e1 : 255 * wordOnes (n + 1) / 4294967296 = 255 * wordOnes n := by omega
    have e2 : 255 * wordOnes (n + 1) % 4294967296 = 255 := by omega
    have e3 : strideSum (n + 1) p = p % 256 + strideSum n (p / 4294967296) := rfl
    rcases ih (p / 4294967296) with ⟨t, ht⟩
    rw [e1, e2, ht, land_255] at h
    exact ⟨strideSum n (p / 4294967296) + 4294967295 * t + t, by omega⟩

theorem strideSum_le (n p : Nat) : strideSum n p ≤ 255 * n := by
  induction n generalizing p with
  | zero => exact Nat.le.refl
  | succ n ih =>
    have h := ih (p / 4294967296)
    have e : strideSum (n + 1) p = p % 256 + strideSum n (p / 4294967296) := rfl
    omega

theorem strideSumFast_eq (words p : Nat) (h : words ≤ 16777216) : strideSumFast words p = strideSum words p := by
  rcases strideSum_land words p with ⟨t, ht⟩
  have hle := strideSum_le words p
  have e : strideSumFast words p = Nat.land p (255 * wordOnesFast words) % 4294967295 := rfl
  rw [e, wordOnesFast_eq, ht]
  omega

theorem byteSum_strides (words p : Nat) : byteSum (4 * words) p =
    strideSum words p + strideSum words (p / 256) + strideSum words (p / 65536) + strideSum words (p / 16777216) := by
  induction words generalizing p with
  | zero => rfl
  | succ n ih =>
    have e (q : Nat) : strideSum (n + 1) q = q % 256 + strideSum n (q / 4294967296) := rfl
    have e1 : byteSum (4 * (n + 1)) p = p % 256 + (p / 256 % 256 + (p / 256 / 256 % 256 +
        (p / 256 / 256 / 256 % 256 + byteSum (4 * n) (p / 256 / 256 / 256 / 256)))) := rfl
    have d0 : p / 256 / 256 / 256 / 256 = p / 4294967296 := by omega
    have d1 : p / 256 / 4294967296 = p / 4294967296 / 256 := by omega
    have d2 : p / 65536 / 4294967296 = p / 4294967296 / 65536 := by omega
    have d3 : p / 16777216 / 4294967296 = p / 4294967296 / 16777216 := by omega
    rw [e1, d0, ih, e, e, e, e, d1, d2, d3]
    omega

theorem byteSumFast_eq (words p : Nat) (h : words ≤ 16777216) : byteSumFast words p = byteSum (4 * words) p := by
  unfold byteSumFast
  rw [strideSumFast_eq _ _ h, strideSumFast_eq _ _ h, strideSumFast_eq _ _ h, strideSumFast_eq _ _ h, byteSum_strides]

/-- A dozen operations on big numbers give the sum of the absolute values of a row. -/
theorem absSumFast_eq (n p : Nat) (hn : n ≤ 16777216) (hp : p < 256 ^ n) : absSumFast n p = absSum (unpack n p) := by
  have h4 : 4 * ((n + 3) / 4) = n + (4 * ((n + 3) / 4) - n) := by omega
  unfold absSumFast
  rw [packedAbsFast_eq n p hp, byteSumFast_eq _ _ (by omega), h4, byteSum_more _ _ _ (packedAbs_lt n p), absSum_unpack]

end TinyVerify
