import TinyVerify.ObjectCode.FormSteps
/-!
# What each operation does to what is known of a number

One theorem an operation on a `Reading` of `Form.lean`. Main result: `Form.recombined_spec`, a word that two shifts of the
words of a 64-bit number leave.
-/
namespace TinyVerify.ObjectCode

/-- What a reading says of `z`. -/
def Reading.Means (x : List Int) : Reading → Int → Prop
  | whole f, z => f.Ordered ∧ f.eval x = z
  | congruent f, z => f.Ordered ∧ unsignedBits 32 z = unsignedBits 32 (f.eval x)
  | low f k, z => f.Ordered ∧ z = asr (unsignedBits 32 (f.eval x)) k
  | product f m, z => f.Ordered ∧ z = f.eval x * (m : Int)
  | upper f m, z => f.Ordered ∧ z = unsignedBits 32 (f.eval x * (m : Int))

theorem asWhole_spec {f : Option Form} {r : Reading} (h : asWhole f = some r) : ∃ g, f = some g ∧ r = .whole g := by
  cases f with
  | none => cases h
  | some g => exact ⟨g, rfl, (Option.some.inj h).symm⟩

theorem asCongruent_spec {f : Option Form} {r : Reading} (h : asCongruent f = some r) : ∃ g, f = some g ∧ r = .congruent g := by
  cases f with
  | none => cases h
  | some g => exact ⟨g, rfl, (Option.some.inj h).symm⟩

theorem readIf_spec {test : Bool} {r : Option Reading} {s : Reading} (h : readIf test r = some s) : test = true ∧ r = some s := by
  cases test with
  | true => exact ⟨rfl, h⟩
  | false => cases h

theorem andRead_spec {r : Option Reading} {g : Reading → Option Reading} {s : Reading} (h : andRead r g = some s) :
    ∃ a, r = some a ∧ g a = some s := by
  cases r with
  | none => cases h
  | some a => exact ⟨a, rfl, h⟩

/-- A reading that is a form. -/
theorem Reading.form_spec {r : Option Reading} {f : Form} (h : Reading.form r = some f) : r = some (.whole f) := by
  cases r with
  | none => cases h
  | some s =>
    cases s with
    | whole g => rw [Option.some.inj (show some g = some f from h)]
    | congruent _ => cases h
    | low _ _ => cases h
    | product _ _ => cases h
    | upper _ _ => cases h

theorem two_pow_32 : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl

theorem unsignedBits_twice (z : Int) : unsignedBits 32 (unsignedBits 32 z) = unsignedBits 32 z := by
  unfold unsignedBits
  rw [two_pow_32]
  omega

theorem unsignedBits_add {y z : Int} (k : Int) (h : unsignedBits 32 y = unsignedBits 32 z) :
    unsignedBits 32 (y + k) = unsignedBits 32 (z + k) := by
  unfold unsignedBits at h ⊢
  rw [two_pow_32] at h ⊢
  omega

theorem signedBits_of_unsigned {y z : Int} (h : unsignedBits 32 y = unsignedBits 32 z) : signedBits 32 y = signedBits 32 z := by
  have e : half 32 = 2147483648 := by decide
  unfold unsignedBits at h
  unfold signedBits
  rw [two_pow_32] at h ⊢
  rw [e]
  omega

/-- A reading of a word that is known up to its wrap-around. -/
theorem Reading.word_spec {x : List Int} {r : Reading} {f : Form} {z : Int} (hz : r.Means x z)
    (h : Reading.word (some r) = some f) : f.Ordered ∧ unsignedBits 32 z = unsignedBits 32 (f.eval x) := by
  cases r with
  | whole g =>
    have e : g = f := Option.some.inj h
    rw [← e]
    exact ⟨hz.1, by rw [hz.2]⟩
  | congruent g =>
    have e : g = f := Option.some.inj h
    rw [← e]
    exact hz
  | low g k =>
    cases k with
    | zero =>
      have e : g = f := Option.some.inj h
      rw [← e]
      refine ⟨hz.1, ?_⟩
      rw [hz.2, asr_zero, unsignedBits_twice]
    | succ _ => cases h
  | product _ _ => cases h
  | upper _ _ => cases h

theorem Reading.add_spec {x : List Int} {r s : Reading} {k z : Int} (hz : r.Means x z) (h : r.add k = some s) :
    s.Means x (z + k) := by
  have congruent : ∀ f : Form, f.Ordered → unsignedBits 32 z = unsignedBits 32 (f.eval x) →
      asCongruent (f.addConst k) = some s → s.Means x (z + k) := by
    intro f ho hw hs
    obtain ⟨g, hg, e⟩ := asCongruent_spec hs
    have h1 := Form.addConst_spec (x := x) ho hg
    rw [e]
    exact ⟨h1.1, by rw [h1.2]; exact unsignedBits_add k hw⟩
  cases r with
  | whole f =>
    obtain ⟨g, hg, e⟩ := asWhole_spec h
    have h1 := Form.addConst_spec (x := x) hz.1 hg
    rw [e]
    exact ⟨h1.1, by rw [h1.2, hz.2]⟩
  | congruent f => exact congruent f hz.1 hz.2 h
  | low f j =>
    cases j with
    | zero => exact congruent f hz.1 (by rw [hz.2, asr_zero, unsignedBits_twice]) h
    | succ _ => cases h
  | product _ _ => cases h
  | upper _ _ => cases h

theorem Reading.mul_spec {x : List Int} {r s : Reading} {k z : Int} (hz : r.Means x z) (h : r.mul k = some s) :
    s.Means x (z * k) := by
  cases r with
  | whole f =>
    unfold Reading.mul at h
    simp only at h
    cases ht : f.times k with
    | some g =>
      rw [ht] at h
      have h1 := Form.times_spec (x := x) hz.1 ht
      rw [← Option.some.inj h]
      exact ⟨h1.1, by rw [h1.2, hz.2]⟩
    | none =>
      rw [ht] at h
      cases k with
      | ofNat m =>
        rw [← Option.some.inj h]
        exact ⟨hz.1, by rw [hz.2]; rfl⟩
      | negSucc _ => cases h
  | congruent _ => cases h
  | low _ _ => cases h
  | product _ _ => cases h
  | upper _ _ => cases h

theorem Reading.floor_spec {x : List Int} {r s : Reading} {k : Nat} {z : Int} (hz : r.Means x z) (h : r.floor k = some s) :
    s.Means x (asr z k) := by
  cases r with
  | whole f =>
    obtain ⟨g, hg, e⟩ := asWhole_spec h
    have h1 := Form.shiftRight_spec (x := x) hz.1 hg
    rw [e]
    exact ⟨h1.1, by rw [h1.2, hz.2]⟩
  | low f j =>
    rw [← Option.some.inj h]
    exact ⟨hz.1, by rw [hz.2, asr_asr]; rfl⟩
  | congruent _ => cases h
  | product _ _ => cases h
  | upper _ _ => cases h

theorem Reading.signed_spec {x : List Int} {r s : Reading} {bits : Nat} {z : Int} (hz : r.Means x z)
    (h : r.signed bits = some s) : s.Means x (signedBits bits z) := by
  have word : ∀ f : Form, f.Ordered → unsignedBits 32 z = unsignedBits 32 (f.eval x) →
      readIf (Nat.beq bits 32) (asWhole (f.signed 32)) = some s → s.Means x (signedBits bits z) := by
    intro f ho hw hs
    have h0 := readIf_spec hs
    obtain ⟨g, hg, e⟩ := asWhole_spec h0.2
    have h1 := Form.signed_spec (x := x) ho hg
    rw [e, Nat.eq_of_beq_eq_true h0.1]
    exact ⟨h1.1, by rw [h1.2]; exact (signedBits_of_unsigned hw).symm⟩
  cases r with
  | whole f =>
    obtain ⟨g, hg, e⟩ := asWhole_spec h
    have h1 := Form.signed_spec (x := x) hz.1 hg
    rw [e]
    exact ⟨h1.1, by rw [h1.2, hz.2]⟩
  | congruent f => exact word f hz.1 hz.2 h
  | low f j =>
    cases j with
    | zero => exact word f hz.1 (by rw [hz.2, asr_zero, unsignedBits_twice]) h
    | succ _ => cases h
  | product _ _ => cases h
  | upper _ _ => cases h

/-- The upper bits of an unsigned word are one. -/
theorem unsignedBits_asr (z : Int) (k : Nat) : unsignedBits 32 (asr (unsignedBits 32 z) k) = asr (unsignedBits 32 z) k := by
  have l : 0 ≤ unsignedBits 32 z ∧ unsignedBits 32 z < 4294967296 := by
    unfold unsignedBits
    rw [two_pow_32]
    omega
  generalize unsignedBits 32 z = y at l ⊢
  have hp := two_pow_pos k
  have h1 : 0 ≤ asr y k := by
    have h := asr_mono k l.1
    have e : asr 0 k = 0 := ediv_unique hp (by omega) (by omega)
    omega
  have h2 : asr y k ≤ y := by
    have h := asr_le y k
    have h3 : 1 * asr y k ≤ ((2 ^ k : Nat) : Int) * asr y k := Int.mul_le_mul_of_nonneg_right (by omega) h1
    omega
  have e : unsignedBits 32 (asr y k) = asr y k % 4294967296 := rfl
  rw [e]
  omega

theorem Reading.unsigned_spec {x : List Int} {r s : Reading} {bits : Nat} {z : Int} (hz : r.Means x z)
    (h : r.unsigned bits = some s) : s.Means x (unsignedBits bits z) := by
  cases r with
  | whole f =>
    unfold Reading.unsigned at h
    simp only at h
    cases ht : f.unsigned bits with
    | some g =>
      rw [ht] at h
      have h1 := Form.unsigned_spec (x := x) hz.1 ht
      rw [← Option.some.inj h]
      exact ⟨h1.1, by rw [h1.2, hz.2]⟩
    | none =>
      rw [ht] at h
      have h0 := readIf_spec h
      rw [← Option.some.inj h0.2, Nat.eq_of_beq_eq_true h0.1]
      exact ⟨hz.1, by rw [asr_zero, hz.2]⟩
  | congruent f =>
    have h0 := readIf_spec h
    rw [← Option.some.inj h0.2, Nat.eq_of_beq_eq_true h0.1]
    exact ⟨hz.1, by rw [asr_zero, hz.2]⟩
  | low f k =>
    have h0 := readIf_spec h
    rw [← Option.some.inj h0.2, Nat.eq_of_beq_eq_true h0.1]
    exact ⟨hz.1, by rw [hz.2, unsignedBits_asr]⟩
  | product f m =>
    have h0 := readIf_spec h
    rw [← Option.some.inj h0.2, Nat.eq_of_beq_eq_true h0.1]
    exact ⟨hz.1, by rw [hz.2]⟩
  | upper f m =>
    have h0 := readIf_spec h
    rw [← Option.some.inj h0.2, Nat.eq_of_beq_eq_true h0.1]
    exact ⟨hz.1, by rw [hz.2, unsignedBits_twice]⟩

theorem two_pow_split {k : Nat} (h : k ≤ 32) : ((2 ^ (32 - k) : Nat) : Int) * ((2 ^ k : Nat) : Int) = 4294967296 := by
  have e : 32 - k + k = 32 := by omega
  rw [← Int.natCast_mul, ← Nat.pow_add, e]
  rfl

/-- `z / 2^k` in 32 bits: the upper bits of the low word, and above them the low bits of the word above. -/
theorem recombine (z : Int) {k : Nat} (h : k ≤ 32) :
    asr (unsignedBits 32 z) k + unsignedBits 32 (asr z 32 * ((2 ^ (32 - k) : Nat) : Int)) = unsignedBits 32 (asr z k) := by
  have hs := two_pow_split h
  have hp := two_pow_pos k
  have hq := two_pow_pos (32 - k)
  -- z = low + 2^32 * high, and high = h1 + 2^k * h2
  have e1 : asr z k = asr (unsignedBits 32 z) k + asr z 32 * ((2 ^ (32 - k) : Nat) : Int) := by
    have e := emod_of_asr (z := z) (n := 32) rfl
    have e2 : z = unsignedBits 32 z + asr z 32 * ((2 ^ (32 - k) : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
      rw [Int.mul_assoc, hs]
      unfold unsignedBits
      rw [e, two_pow_32]
      omega
    have e3 := asr_add_mul (unsignedBits 32 z) (asr z 32 * ((2 ^ (32 - k) : Nat) : Int)) k
    rw [← e2] at e3
    exact e3
  have low : 0 ≤ asr (unsignedBits 32 z) k ∧ asr (unsignedBits 32 z) k < ((2 ^ (32 - k) : Nat) : Int) := by
    have l : 0 ≤ unsignedBits 32 z ∧ unsignedBits 32 z < 4294967296 := by
      unfold unsignedBits
      rw [two_pow_32]
      omega
    generalize unsignedBits 32 z = y at l
    have a := asr_le y k
    have b := lt_asr_add y k
    constructor
    · have c := asr_mono k l.1
      have e : asr 0 k = 0 := ediv_unique hp (by omega) (by omega)
      omega
    · by_cases c : asr y k < ((2 ^ (32 - k) : Nat) : Int)
      · exact c
      · have d : ((2 ^ (32 - k) : Nat) : Int) * ((2 ^ k : Nat) : Int) ≤ asr y k * ((2 ^ k : Nat) : Int) :=
          Int.mul_le_mul_of_nonneg_right (by omega) (by omega)
        rw [hs, Int.mul_comm (asr y k)] at d
        omega
  have high := emod_of_asr (z := asr z 32 * ((2 ^ (32 - k) : Nat) : Int)) (n := 32) rfl
  have e4 := Int.mul_ediv_add_emod (asr z 32) ((2 ^ k : Nat) : Int)
  have r1 := Int.emod_nonneg (asr z 32) (show ((2 ^ k : Nat) : Int) ≠ 0 by omega)
  have r2 := Int.emod_lt_of_pos (asr z 32) hp
  generalize asr z 32 % ((2 ^ k : Nat) : Int) = rest at e4 r1 r2
  generalize asr z 32 / ((2 ^ k : Nat) : Int) = quotient at e4
  have e5 : asr z 32 * ((2 ^ (32 - k) : Nat) : Int) = rest * ((2 ^ (32 - k) : Nat) : Int) + quotient * 4294967296 := by
    rw [← e4, Int.add_mul, Int.mul_comm ((2 ^ k : Nat) : Int), Int.mul_assoc, Int.mul_comm ((2 ^ k : Nat) : Int), hs]
    omega
  have r3 : 0 ≤ rest * ((2 ^ (32 - k) : Nat) : Int) := by
    have h1 := Int.mul_le_mul_of_nonneg_right r1 (Int.le_of_lt hq)
    rw [Int.zero_mul] at h1
    exact h1
  have r4 : rest * ((2 ^ (32 - k) : Nat) : Int) + ((2 ^ (32 - k) : Nat) : Int) ≤ 4294967296 := by
    have h1 := Int.mul_le_mul_of_nonneg_right (show rest + 1 ≤ ((2 ^ k : Nat) : Int) by omega) (Int.le_of_lt hq)
    rw [Int.add_mul, Int.mul_comm ((2 ^ k : Nat) : Int), hs, Int.one_mul] at h1
    exact h1
  rw [e1]
  unfold unsignedBits at low ⊢
  rw [e5, two_pow_32] at *
  omega

theorem Form.recombined_spec {x : List Int} {f g : Form} {k m : Nat} {s : Reading} {y z : Int} (hf : f.Ordered)
    (hy : y = asr (unsignedBits 32 (f.eval x)) k) (hz : z = unsignedBits 32 (g.eval x * (m : Int)))
    (h : f.recombined k g m = some s) : s.Means x (y + z) := by
  have h0 := readIf_spec h
  have h1 := and_split h0.1
  have hk : k ≤ 32 := Nat.le_of_ble_eq_true h1.1
  have hm : m = 2 ^ (32 - k) := Nat.eq_of_beq_eq_true h1.2
  have h2 := h0.2
  cases ha : f.shiftRight 32 with
  | none => rw [ha] at h2; cases h2
  | some a =>
    cases hb : f.shiftRight k with
    | none => rw [ha, hb] at h2; cases h2
    | some b =>
      rw [ha, hb] at h2
      have h3 := readIf_spec h2
      have e1 := Form.same_spec h3.1
      have h4 := Form.shiftRight_spec (x := x) hf ha
      have h5 := Form.shiftRight_spec (x := x) hf hb
      rw [← Option.some.inj h3.2]
      refine ⟨h5.1, ?_⟩
      rw [asr_zero, hy, hz, e1, hm, h4.2, h5.2]
      exact recombine (f.eval x) hk

theorem Reading.plus_spec {x : List Int} {r s t : Reading} {y z : Int} (hy : r.Means x y) (hz : s.Means x z)
    (h : r.plus s = some t) : t.Means x (y + z) := by
  cases r with
  | low f k =>
    cases s with
    | upper g m => exact Form.recombined_spec hy.1 hy.2 hz.2 h
    | whole _ => cases h
    | congruent _ => cases h
    | low _ _ => cases h
    | product _ _ => cases h
  | upper g m =>
    cases s with
    | low f k =>
      rw [Int.add_comm]
      exact Form.recombined_spec hz.1 hz.2 hy.2 h
    | whole _ => cases h
    | congruent _ => cases h
    | product _ _ => cases h
    | upper _ _ => cases h
  | whole _ => cases s <;> cases h
  | congruent _ => cases s <;> cases h
  | product _ _ => cases s <;> cases h

end TinyVerify.ObjectCode
