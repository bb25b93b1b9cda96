import TinyVerify.Int16Lanes.Spec
import TinyVerify.Network.Thm
/-!
# What the checkers of 16-bit lanes show

Main results: `Network.accFitsInt16_of_ok`, `Network.int16Form_of_ok`.
-/
namespace TinyVerify

theorem SumTree.fitsInt16_of_absSum (t : SumTree) (h : absSum t.terms ≤ 32767) : t.FitsInt16 := by
  induction t with
  | term z =>
    have e : absSum (SumTree.term z).terms = z.natAbs + 0 := rfl
    show Int16 z
    exact ⟨by omega, by omega⟩
  | add l r ihl ihr =>
    have e1 : (SumTree.add l r).terms = append l.terms r.terms := rfl
    rw [e1, absSum_append] at h
    have hl := l.value_eq
    have hr := r.value_eq
    have bl := natAbs_sum_le l.terms
    have br := natAbs_sum_le r.terms
    refine ⟨⟨?_, ?_⟩, ihl (by omega), ihr (by omega)⟩
    · omega
    · omega

theorem Dense.fitsInt16_of_ok {d : Dense} (h : d.ok 32767 = true) : d.FitsInt16 := by
  intro r hr x hx order ho
  have h1 := rowOk_bound h r hr
  have h2 := absSum_terms_le r.bias (d.weights r) x hx
  have h3 := absSum_perm ho
  exact order.fitsInt16_of_absSum (by omega)

theorem Network.accFitsInt16_of_ok (net : Network) (marks : List Bool) (h : net.int16AccOk marks = true) :
    net.AccFitsInt16 marks := fun l hl => Dense.fitsInt16_of_ok (all_spec h l hl)

theorem asr_scaled (z : Int) (k : Nat) : asr (65536 * z) (16 + k) = asr z k := by
  have h1 := asr_le z k
  have h2 := lt_asr_add z k
  have e : ((2 ^ (16 + k) : Nat) : Int) = 65536 * ((2 ^ k : Nat) : Int) := by
    rw [Nat.pow_add, Int.natCast_mul]
    rfl
  refine ediv_unique (two_pow_pos (16 + k)) ?_ ?_
  · rw [e, Int.mul_assoc]
    generalize ((2 ^ k : Nat) : Int) * asr z k = q at h1
    omega
  · rw [e, Int.mul_assoc]
    generalize ((2 ^ k : Nat) : Int) * asr z k = q at h2
    generalize ((2 ^ k : Nat) : Int) = p at h2
    omega

/-- A multiplier without a lower half: its upper half scales alike. -/
theorem rescale_int16 (mode : Rounding) (acc m : Int) (shift : Nat) :
    rescale mode acc (65536 * m) shift = rescaleInt16 mode acc m shift := by
  have e : acc * (65536 * m) = 65536 * (acc * m) := by
    rw [← Int.mul_assoc, Int.mul_comm acc 65536, Int.mul_assoc]
  have high : highMul acc (65536 * m) = asr (acc * m + 16384) 15 := by
    have e1 : acc * (65536 * m) + 1073741824 = 65536 * (acc * m + 16384) := by
      rw [e, Int.mul_add]
      rfl
    unfold highMul
    rw [e1]
    exact asr_scaled _ 15
  cases mode with
  | doubleTiesUp =>
    show shiftTiesUp (highMul acc (65536 * m)) shift = _
    rw [high]
    rfl
  | doubleTiesAway =>
    show shiftTiesAway (highMul acc (65536 * m)) shift = _
    rw [high]
    rfl
  | singleTiesUp =>
    have e2 : ((2 ^ (30 + shift) : Nat) : Int) = 65536 * ((2 ^ (14 + shift) : Nat) : Int) := by
      have e3 : 30 + shift = 16 + (14 + shift) := by omega
      rw [e3, Nat.pow_add, Int.natCast_mul]
      rfl
    have e4 : 31 + shift = 16 + (15 + shift) := by omega
    show asr (acc * (65536 * m) + ((2 ^ (30 + shift) : Nat) : Int)) (31 + shift) = _
    rw [e, e2, ← Int.mul_add, e4, asr_scaled]
    rfl

theorem upperHalfOk_spec {s : Scale} (h : upperHalfOk s = true) :
    Int16 (asr s.multiplier 16) ∧ ∀ (mode : Rounding) (acc : Int),
      rescale mode acc s.multiplier s.shift = rescaleInt16 mode acc (asr s.multiplier 16) s.shift := by
  have h1 := and_split h
  have h2 := scaleOk_spec h1.1
  have h3 : 65536 * asr s.multiplier 16 = s.multiplier := of_decide_eq_true h1.2
  refine ⟨⟨by omega, by omega⟩, ?_⟩
  intro mode acc
  have h4 := rescale_int16 mode acc (asr s.multiplier 16) s.shift
  rw [h3] at h4
  exact h4

theorem Network.int16Form_of_ok (net : Network) (marks : List Bool) (h : net.int16FormOk marks = true) :
    net.Int16Form marks := fun l hl s hs => upperHalfOk_spec (all_spec (all_spec h l hl) s hs)

end TinyVerify
