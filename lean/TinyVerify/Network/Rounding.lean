import TinyVerify.Network.Thm
/-!
# 32 bits suffice for the intermediate results of requantize, and the layers fit one another

Main results: `Network.roundingFits_of_ok`, `Network.wellShaped_of_ok`.
-/
namespace TinyVerify

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
  · rcases Int.lt_or_ge r (-((high : Int) + 1)) with h | h
    · have h3 : r ≤ -((high : Int) + 1 + 1) := by omega
      have h4 := Int.mul_le_mul_of_nonneg_left h3 (c := unit shift) (by omega)
      rw [Int.mul_neg, Int.mul_add, Int.mul_one] at h4
      omega
    · exact h
  · rcases Int.lt_or_ge ((high : Int) + 1) r with h | h
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

theorem channels_row {rows : List Row} {scales : List Scale} :
    ∀ c ∈ channels rows scales, c.row ∈ rows ∧ c.scale ∈ scales := by
  induction rows generalizing scales with
  | nil => intro c hc; cases hc
  | cons r rs ih =>
    cases scales with
    | nil => intro c hc; cases hc
    | cons s ss =>
      intro c hc
      cases hc with
      | head => exact ⟨.head _, .head _⟩
      | tail _ h => exact ⟨.tail _ (ih c h).1, .tail _ (ih c h).2⟩

theorem half_nat (k : Nat) : half k = ((2 ^ k / 2 : Nat) : Int) := by
  unfold half asr
  have e : 2 ^ 1 = 2 := rfl
  rw [e]
  omega

theorem Network.roundingFits_of_ok (net : Network) (hd : net.accOk = true) (hr : net.requantizeOk = true)
    (h : net.roundingOk = true) : net.RoundingFits := by
  intro l hl c hc x hx
  have hm := channels_row c hc
  have hdl := all_spec (and_split hd).1 l hl
  have hin : l.dense.inputs ≤ 16777216 := Nat.le_of_ble_eq_true (and_split hdl).1
  have hrow := and_split (all_spec (and_split hdl).2 c.row hm.1)
  have hpk : c.row.packed + 1 ≤ 256 ^ l.dense.inputs := Nat.le_of_ble_eq_true hrow.1
  have hv := Hidden.valid_of_ok (all_spec hr l hl) c.scale hm.2
  have m1 : 1073741824 ≤ c.scale.multiplier := hv.multiplier.1
  have z1 : Int8 l.zeroPoint := hv.zeroPoint
  have hk := Nat.le_of_ble_eq_true (all_spec (all_spec h l hl) c hc)
  rw [absSumFast_eq _ _ hin (by omega)] at hk
  have ha : (accumulate c.row.bias (l.dense.weights c.row) x).natAbs ≤
      128 * absSum (unpack l.dense.inputs c.row.packed) + c.row.bias.natAbs := by
    have b1 := absSum_products_le (l.dense.weights c.row) x hx
    have b2 := natAbs_sum_le (products (l.dense.weights c.row) x)
    have e : l.dense.weights c.row = unpack l.dense.inputs c.row.packed := rfl
    unfold accumulate
    rw [e] at b1 b2 ⊢
    omega
  generalize hacc : accumulate c.row.bias (l.dense.weights c.row) x = acc at ha ⊢
  have h1 := highMul_le ha (m := c.scale.multiplier) (by omega)
  have h2 := rescale_le net.mode (shift := c.scale.shift) ha (m := c.scale.multiplier) (by omega)
  have h3 := half_nat c.scale.shift
  have e : Nat.pow 2 c.scale.shift = 2 ^ c.scale.shift := rfl
  rw [e] at hk
  generalize hhigh : (_ * Int.toNat c.scale.multiplier + 1073741824) / 2147483648 = high at h1 h2 hk
  simp only
  refine ⟨⟨?_, ?_⟩, ⟨?_, ?_⟩, ⟨?_, ?_⟩, ⟨?_, ?_⟩⟩ <;> omega

theorem shapedFrom_spec {last : Dense} {layers : List Hidden} {width : Nat} (h : shapedFrom last layers width = true) :
    WellShapedFrom last layers width := by
  induction layers generalizing width with
  | nil => exact Nat.eq_of_beq_eq_true h
  | cons l ls ih =>
    have h1 := and_split (a := Nat.beq l.dense.inputs width) (b := Nat.beq l.scales.length l.dense.rows.length && shapedFrom last ls l.dense.rows.length) h
    have h2 := and_split h1.2
    exact ⟨Nat.eq_of_beq_eq_true h1.1, Nat.eq_of_beq_eq_true h2.1, ih h2.2⟩

theorem Network.wellShaped_of_ok (net : Network) {observations outputs : Nat}
    (h : net.shapeOk observations outputs = true) : net.WellShaped observations outputs :=
  ⟨shapedFrom_spec (and_split h).1, Nat.eq_of_beq_eq_true (and_split h).2⟩

end TinyVerify
