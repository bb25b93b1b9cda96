import TinyVerify.ObjectCode.Integers
import TinyVerify.Float32.Thm
/-!
# Floats of scalar code in units of `2^-149`, and how they are rounded

A float is an integer in these units; `ScalarBorder.lean` has the sequence of operations.
-/
namespace TinyVerify.ObjectCode

/-! ### rounding -/

/-- Rounding, from quotient and remainder. -/
theorem roundEven_parts (q : Nat) {r k : Nat} (hr : r < 2 ^ k) :
    roundEven (q * 2 ^ k + r) k = if 2 ^ k < 2 * r then q + 1 else if 2 * r = 2 ^ k then q + q % 2 else q := by
  have hp : 0 < 2 ^ k := pow_two_pos k
  have e0 := Nat.div_add_mod (q * 2 ^ k + r) (2 ^ k)
  have e1 : (q * 2 ^ k + r) / 2 ^ k = q := by
    have h1 : q ≤ (q * 2 ^ k + r) / 2 ^ k := (Nat.le_div_iff_mul_le hp).mpr (Nat.le_add_right _ _)
    have h2 : (q * 2 ^ k + r) / 2 ^ k < q + 1 := (Nat.div_lt_iff_lt_mul hp).mpr (by rw [Nat.add_mul]; omega)
    omega
  have e2 : (q * 2 ^ k + r) % 2 ^ k = r := by
    rw [e1, Nat.mul_comm] at e0
    omega
  unfold roundEven
  simp only
  rw [e1, e2]

theorem roundEven_whole (a k : Nat) : roundEven (a * 2 ^ k) k = a := by
  have h := roundEven_parts a (pow_two_pos k)
  have hp : 0 < 2 ^ k := pow_two_pos k
  rw [Nat.add_zero, if_neg (by omega), if_neg (by omega)] at h
  exact h

theorem roundEven_scaled (a j k : Nat) : roundEven (a * 2 ^ j) (j + k) = roundEven a k := by
  have hj : 0 < 2 ^ j := pow_two_pos j
  have hr := Nat.mod_lt a (pow_two_pos k)
  have e := Nat.div_add_mod a (2 ^ k)
  have h1 := roundEven_parts (a / 2 ^ k) hr
  have e1 : a / 2 ^ k * 2 ^ k + a % 2 ^ k = a := by rw [Nat.mul_comm]; exact e
  rw [e1] at h1
  have hr2 : a % 2 ^ k * 2 ^ j < 2 ^ (j + k) := by
    rw [Nat.pow_add, Nat.mul_comm (2 ^ j)]
    exact Nat.mul_lt_mul_of_pos_right hr hj
  have h2 := roundEven_parts (a / 2 ^ k) hr2
  have e2 : a / 2 ^ k * 2 ^ (j + k) + a % 2 ^ k * 2 ^ j = a * 2 ^ j := by
    rw [Nat.pow_add, Nat.mul_comm (2 ^ j), ← Nat.mul_assoc, ← Nat.add_mul, e1]
  rw [e2] at h2
  rw [h1, h2]
  have c1 : 2 ^ (j + k) < 2 * (a % 2 ^ k * 2 ^ j) ↔ 2 ^ k < 2 * (a % 2 ^ k) := by
    rw [Nat.pow_add, Nat.mul_comm (2 ^ j), ← Nat.mul_assoc]
    exact ⟨fun h => Nat.lt_of_mul_lt_mul_right h, fun h => Nat.mul_lt_mul_of_pos_right h hj⟩
  have c2 : 2 * (a % 2 ^ k * 2 ^ j) = 2 ^ (j + k) ↔ 2 * (a % 2 ^ k) = 2 ^ k := by
    rw [Nat.pow_add, Nat.mul_comm (2 ^ j), ← Nat.mul_assoc]
    exact ⟨fun h => Nat.eq_of_mul_eq_mul_right hj h, fun h => by rw [h]⟩
  by_cases b1 : 2 ^ k < 2 * (a % 2 ^ k)
  · rw [if_pos b1, if_pos (c1.mpr b1)]
  · rw [if_neg b1, if_neg (fun h => b1 (c1.mp h))]
    by_cases b2 : 2 * (a % 2 ^ k) = 2 ^ k
    · rw [if_pos b2, if_pos (c2.mpr b2)]
    · rw [if_neg b2, if_neg (fun h => b2 (c2.mp h))]

/-- An even number of units before or after what is rounded changes no tie. -/
theorem roundEven_above {m : Nat} (hm : m % 2 = 0) (v k : Nat) : roundEven (m * 2 ^ k + v) k = m + roundEven v k := by
  have hr := Nat.mod_lt v (pow_two_pos k)
  have e := Nat.div_add_mod v (2 ^ k)
  have h1 := roundEven_parts (v / 2 ^ k) hr
  have h2 := roundEven_parts (m + v / 2 ^ k) hr
  have e1 : v / 2 ^ k * 2 ^ k + v % 2 ^ k = v := by rw [Nat.mul_comm]; exact e
  have e2 : (m + v / 2 ^ k) * 2 ^ k + v % 2 ^ k = m * 2 ^ k + v := by rw [Nat.add_mul, Nat.add_assoc, e1]
  rw [e1] at h1
  rw [e2] at h2
  rw [h1, h2]
  generalize v / 2 ^ k = q
  generalize v % 2 ^ k = r
  generalize 2 ^ k = p
  split
  · omega
  · split <;> omega

theorem roundEven_below {m : Nat} (hm : m % 2 = 0) {v k : Nat} (hv : v ≤ m * 2 ^ k) :
    roundEven (m * 2 ^ k - v) k + roundEven v k = m := by
  have hp : 0 < 2 ^ k := pow_two_pos k
  have hr := Nat.mod_lt v hp
  have e := Nat.div_add_mod v (2 ^ k)
  have h1 := roundEven_parts (v / 2 ^ k) hr
  have e1 : v / 2 ^ k * 2 ^ k + v % 2 ^ k = v := by rw [Nat.mul_comm]; exact e
  rw [e1] at h1
  rw [h1]
  have hq : v / 2 ^ k ≤ m := by
    have h := Nat.div_le_div_right (c := 2 ^ k) hv
    rw [Nat.mul_div_cancel _ hp] at h
    exact h
  generalize v / 2 ^ k = q at e1 hq ⊢
  generalize hs : v % 2 ^ k = r at e1 hr ⊢
  by_cases hz : r = 0
  · have e2 : m * 2 ^ k - v = (m - q) * 2 ^ k := by rw [Nat.sub_mul]; omega
    rw [e2, roundEven_whole, if_neg (by omega), if_neg (by omega)]
    omega
  · have hq1 : q + 1 ≤ m := by
      by_cases h : q = m
      · rw [h] at e1
        omega
      · omega
    obtain ⟨d, hd⟩ := Nat.le.dest hq1
    have e2 : m * 2 ^ k - v = d * 2 ^ k + (2 ^ k - r) := by
      rw [← hd, ← e1, Nat.add_mul, Nat.add_mul]
      omega
    have h2 := roundEven_parts d (show 2 ^ k - r < 2 ^ k by omega)
    rw [e2, h2]
    generalize 2 ^ k = p at hr hp ⊢
    by_cases b1 : p < 2 * r
    · rw [if_pos b1, if_neg (by omega), if_neg (by omega)]
      omega
    · rw [if_neg b1]
      by_cases b2 : 2 * r = p
      · rw [if_pos b2, if_neg (by omega), if_pos (by omega)]
        omega
      · rw [if_neg b2, if_pos (by omega)]
        omega

/-! ### floats in units of `2^-149` -/

set_option exponentiation.threshold 400

theorem productToInt_scalar (bits factor : Nat) :
    productToInt (f32Significand bits) (f32Scale bits) (f32Significand factor) (f32Scale factor) =
      roundEven (scalarProduct bits factor) 149 := by
  unfold productToInt scalarProduct
  simp only
  generalize f32Scale bits + f32Scale factor = e
  generalize f32Significand bits * f32Significand factor = exact
  have hd : 149 ≤ e + max (bitLength exact - 24) (149 - e) := by omega
  generalize max (bitLength exact - 24) (149 - e) = drop at hd
  generalize roundEven exact drop = kept
  by_cases h : 298 ≤ e + drop
  · rw [if_pos h]
    have e1 : e + drop - 149 = (e + drop - 298) + 149 := by omega
    rw [e1, Nat.pow_add, ← Nat.mul_assoc, roundEven_whole]
  · rw [if_neg h]
    have e1 : 149 = (e + drop - 149) + (298 - (e + drop)) := by omega
    have h1 := roundEven_scaled kept (e + drop - 149) (298 - (e + drop))
    rw [← e1] at h1
    exact h1.symm

/-- To the nearest integer, ties to even. -/
def toNearest (z : Int) : Int := withSign (decide (z < 0)) (roundEven z.natAbs 149)

theorem withSign_neg {z : Int} (h : z < 0) (n : Nat) : withSign (decide (z < 0)) n = -(n : Int) := by
  rw [decide_eq_true h]
  rfl

theorem withSign_pos {z : Int} (h : ¬z < 0) (n : Nat) : withSign (decide (z < 0)) n = (n : Int) := by
  rw [decide_eq_false h]
  rfl

theorem toNearest_error (z : Int) : 2 * (one * toNearest z) ≤ 2 * z + one ∧ 2 * z ≤ 2 * (one * toNearest z) + one := by
  have h := roundEven_error z.natAbs 149
  have e : ((2 ^ 149 * roundEven z.natAbs 149 : Nat) : Int) = one * (roundEven z.natAbs 149 : Int) := Int.natCast_mul _ _
  have p : ((2 ^ 149 : Nat) : Int) = one := rfl
  unfold toNearest
  generalize roundEven z.natAbs 149 = n at h e ⊢
  generalize 2 ^ 149 * n = m at h e
  generalize (2 : Nat) ^ 149 = q at h p
  by_cases hz : z < 0
  · rw [withSign_neg hz, Int.mul_neg]
    omega
  · rw [withSign_pos hz]
    omega

theorem one_pos : 0 < one := by decide

theorem lt_of_units {a b : Int} (h : a * one < b * one) : a < b := by
  by_cases h1 : b ≤ a
  · have h2 := Int.mul_le_mul_of_nonneg_right h1 (Int.le_of_lt one_pos)
    omega
  · omega

/-- Integers are floats. -/
theorem toNearest_whole (k : Int) : toNearest (k * one) = k := by
  have h := toNearest_error (k * one)
  have h1 := one_pos
  have lo : (k - 1) * one < toNearest (k * one) * one := by
    rw [Int.sub_mul, Int.mul_comm (toNearest _)]
    omega
  have hi : toNearest (k * one) * one < (k + 1) * one := by
    rw [Int.add_mul, Int.mul_comm (toNearest _)]
    omega
  have a := lt_of_units lo
  have b := lt_of_units hi
  omega

theorem toNearest_le {z k : Int} (h : z ≤ k * one) : toNearest z ≤ k := by
  have h0 := (toNearest_error z).1
  have h1 := one_pos
  have a : toNearest z * one < (k + 1) * one := by
    rw [Int.add_mul, Int.mul_comm (toNearest _)]
    omega
  have b := lt_of_units a
  omega

theorem le_toNearest {z k : Int} (h : k * one ≤ z) : k ≤ toNearest z := by
  have h0 := (toNearest_error z).2
  have h1 := one_pos
  have a : (k - 1) * one < toNearest z * one := by
    rw [Int.sub_mul, Int.mul_comm (toNearest _)]
    omega
  have b := lt_of_units a
  omega

/-- Clamping between integers may come before the rounding. -/
theorem toNearest_clamp (z : Int) {lo hi : Int} (h : lo ≤ hi) :
    toNearest (clamp z (lo * one) (hi * one)) = clamp (toNearest z) lo hi := by
  have hm := Int.mul_le_mul_of_nonneg_right h (Int.le_of_lt one_pos)
  by_cases h1 : z < lo * one
  · have e : clamp z (lo * one) (hi * one) = lo * one := by unfold clamp; omega
    have h2 := toNearest_le (z := z) (k := lo) (by omega)
    rw [e, toNearest_whole]
    unfold clamp
    omega
  · by_cases h2 : hi * one < z
    · have e : clamp z (lo * one) (hi * one) = hi * one := by unfold clamp; omega
      have h3 := le_toNearest (z := z) (k := hi) (by omega)
      rw [e, toNearest_whole]
      unfold clamp
      omega
    · have e : clamp z (lo * one) (hi * one) = z := by unfold clamp; omega
      have h3 := le_toNearest (z := z) (k := lo) (by omega)
      have h4 := toNearest_le (z := z) (k := hi) (by omega)
      rw [e]
      unfold clamp
      omega

theorem natAbs_mul_one (k : Int) : (k * one).natAbs = k.natAbs * 2 ^ 149 := by
  rw [Int.natAbs_mul]
  rfl

theorem withSign_natAbs (z : Int) : withSign (decide (z < 0)) z.natAbs = z := by
  by_cases h : z < 0
  · rw [withSign_neg h]
    omega
  · rw [withSign_pos h]
    omega

/-- An integer of 24 digits is a float. -/
theorem nearest_whole {k : Int} (h : k.natAbs < 16777216) : nearest (k * one) = k * one := by
  unfold nearest
  simp only
  have e := natAbs_mul_one k
  have hb : bitLength (k * one).natAbs ≤ 173 := by
    apply bitLength_le
    rw [e, show (173 : Nat) = 24 + 149 from rfl, Nat.pow_add]
    exact Nat.mul_lt_mul_of_pos_right h (pow_two_pos 149)
  have hd : bitLength (k * one).natAbs - 24 ≤ 149 := by omega
  generalize bitLength (k * one).natAbs - 24 = drop at hd
  obtain ⟨d, hd⟩ := Nat.le.dest hd
  have e2 : (k * one).natAbs = k.natAbs * 2 ^ d * 2 ^ drop := by
    rw [e, ← hd, Nat.add_comm, Nat.pow_add, Nat.mul_assoc]
  have e3 : roundEven (k * one).natAbs drop * 2 ^ drop = (k * one).natAbs := by
    rw [e2, roundEven_whole]
  rw [e3, withSign_natAbs]

/-- Floats in `[2^23, 2^24)` are integers: a sum that ends there is rounded to one. -/
theorem nearest_magic {z : Int} (h : z.natAbs ≤ 255 * 2 ^ 149) :
    nearest (z + 12582912 * one) = (12582912 + toNearest z) * one := by
  have p : ((2 ^ 149 : Nat) : Int) = one := rfl
  have hq : 0 < 2 ^ 149 := pow_two_pos 149
  have e172 : (2 : Nat) ^ 172 = 8388608 * 2 ^ 149 := Nat.pow_add 2 23 149
  have e173 : (2 : Nat) ^ 173 = 16777216 * 2 ^ 149 := Nat.pow_add 2 24 149
  have ea : ∀ s : Nat, 2 ^ 172 ≤ s → s < 2 ^ 173 → bitLength s - 24 = 149 := by
    intro s h1 h2
    have h3 := bitLength_le h2
    have h4 := lt_pow_bitLength s
    by_cases h5 : bitLength s ≤ 172
    · have h6 := Nat.pow_le_pow_right (show 0 < 2 by decide) h5
      omega
    · omega
  rw [e172, e173] at ea
  unfold nearest toNearest
  simp only
  have e149 : ∀ n : Nat, ((n * 2 ^ 149 : Nat) : Int) = (n : Int) * one := fun n => Int.natCast_mul _ _
  by_cases hz : z < 0
  · have hv : z.natAbs ≤ 12582912 * 2 ^ 149 := by omega
    have es : (z + 12582912 * one).natAbs = 12582912 * 2 ^ 149 - z.natAbs := by
      rw [← p]
      omega
    have hs : ¬z + 12582912 * one < 0 := by
      rw [← p]
      omega
    have hb := roundEven_below (m := 12582912) rfl hv
    rw [withSign_pos hs, withSign_neg hz, es, ea _ (by omega) (by omega), e149]
    have hc : (roundEven (12582912 * 2 ^ 149 - z.natAbs) 149 : Int) = 12582912 + -(roundEven z.natAbs 149 : Int) := by omega
    rw [hc]
  · have es : (z + 12582912 * one).natAbs = 12582912 * 2 ^ 149 + z.natAbs := by
      rw [← p]
      omega
    have hs : ¬z + 12582912 * one < 0 := by
      rw [← p]
      omega
    have hb := roundEven_above (m := 12582912) rfl z.natAbs 149
    rw [withSign_pos hs, withSign_pos hz, es, ea _ (by omega) (by omega), e149, hb]
    rfl

theorem truncated_whole {k : Int} (h : k.natAbs < 16777216) : truncated (some (k * one)) = k := by
  have hp := one_pos
  have e1 : (k * one).natAbs / 2 ^ 149 = k.natAbs := by
    rw [natAbs_mul_one]
    exact Nat.mul_div_cancel _ (pow_two_pos 149)
  have e2 : (k * one < 0) ↔ (k < 0) := by
    constructor
    · intro h1
      exact lt_of_units (by rw [Int.zero_mul]; exact h1)
    · intro h1
      have h2 := Int.mul_lt_mul_of_pos_right h1 hp
      rw [Int.zero_mul] at h2
      exact h2
  have e3 : decide (k * one < 0) = decide (k < 0) := by
    by_cases hk : k < 0
    · rw [decide_eq_true hk, decide_eq_true (e2.mpr hk)]
    · rw [decide_eq_false hk, decide_eq_false (fun h => hk (e2.mp h))]
  show clamp (withSign (decide (k * one < 0)) ((k * one).natAbs / 2 ^ 149)) (-2147483648) 2147483647 = k
  rw [e1, e3, withSign_natAbs]
  exact clamp_eq (by omega) (by omega)

end TinyVerify.ObjectCode
