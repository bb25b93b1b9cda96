import TinyVerify.ObjectCode.FaultTables
import TinyVerify.ObjectCode.Selections
/-!
# Fault flags from minima over the features

Main result: `Flags.ok_spec`. What passes its check is 1 for a NaN and 2 for an infinity, for every pattern.
-/
namespace TinyVerify.ObjectCode

/-! ### running minima -/

theorem someIf_spec {test : Bool} {l m : List Nat} (h : someIf test l = some m) : test = true ∧ l = m := by
  cases test with
  | true => exact ⟨rfl, Option.some.inj h⟩
  | false => cases h

theorem Least.negatives_spec (observation : List Nat) (e : Least) : ∀ l, e.negatives = some l →
    Int32 (e.eval observation) ∧ (e.eval observation < 0 ↔ SomeFeature f32IsNaN observation l) := by
  induction e with
  | const k =>
    intro l h
    have h1 := someIf_spec h
    have h2 := and_split h1.1
    have a : (0 : Int) ≤ k := of_decide_eq_true h2.1
    have b : k ≤ 2147483647 := of_decide_eq_true h2.2
    rw [← h1.2, SomeFeature.none_iff]
    show (-2147483648 ≤ k ∧ k ≤ 2147483647) ∧ (k < 0 ↔ False)
    exact ⟨⟨by omega, b⟩, ⟨fun hk => by omega, fun f => nomatch f⟩⟩
  | margin i =>
    intro l h
    rw [← Option.some.inj h, SomeFeature.one_iff, f32IsNaN_iff]
    show (-2147483648 ≤ (2139095040 : Int) - (bitsAt observation i % 2147483648 : Nat) ∧
      (2139095040 : Int) - (bitsAt observation i % 2147483648 : Nat) ≤ 2147483647) ∧
      ((2139095040 : Int) - (bitsAt observation i % 2147483648 : Nat) < 0 ↔ 2139095040 < bitsAt observation i % 2147483648)
    omega
  | signed e ih =>
    intro l h
    have h1 := ih l h
    show Int32 (signedBits 32 (e.eval observation)) ∧ (signedBits 32 (e.eval observation) < 0 ↔ _)
    rw [signedBits_32 h1.1]
    exact h1
  | unsigned e _ => intro l h; cases h
  | min a b iha ihb =>
    intro l h
    obtain ⟨m, n, ha, hb, hl⟩ := both_spec h
    have h1 := iha m ha
    have h2 := ihb n hb
    have r1 := h1.1
    have r2 := h2.1
    unfold Int32 at r1 r2
    rw [hl, SomeFeature.before_iff, ← h1.2, ← h2.2]
    show (-2147483648 ≤ Min.min (a.eval observation) (b.eval observation) ∧
      Min.min (a.eval observation) (b.eval observation) ≤ 2147483647) ∧
      (Min.min (a.eval observation) (b.eval observation) < 0 ↔ _)
    omega

theorem unsignedBits_32 {z : Int} (h1 : 0 ≤ z) (h2 : z ≤ 4294967295) : unsignedBits 32 z = z := by
  have e : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
  show z % ((2 ^ 32 : Nat) : Int) = z
  rw [e]
  omega

/-- The low 32 bits of an unsigned word are that word. -/
theorem Least.keeps {observation : List Nat} {e : Least} {p : Prop}
    (h : (0 ≤ e.eval observation ∧ e.eval observation ≤ 4294967295) ∧ (e.eval observation = 0 ↔ p)) :
    (0 ≤ (Least.unsigned e).eval observation ∧ (Least.unsigned e).eval observation ≤ 4294967295) ∧
      ((Least.unsigned e).eval observation = 0 ↔ p) := by
  have e2 : (Least.unsigned e).eval observation = e.eval observation := unsignedBits_32 h.1.1 h.1.2
  rw [e2]
  exact h

theorem Least.zeros_spec (observation : List Nat) (e : Least) : ∀ l, e.zeros = some l →
    (0 ≤ e.eval observation ∧ e.eval observation ≤ 4294967295) ∧
      (e.eval observation = 0 ↔ SomeFeature f32IsInfinite observation l) := by
  induction e with
  | const k =>
    intro l h
    have h1 := someIf_spec h
    have h2 := and_split h1.1
    have a : (0 : Int) < k := of_decide_eq_true h2.1
    have b : k ≤ 4294967295 := of_decide_eq_true h2.2
    rw [← h1.2, SomeFeature.none_iff]
    show (0 ≤ k ∧ k ≤ 4294967295) ∧ (k = 0 ↔ False)
    exact ⟨⟨by omega, b⟩, ⟨fun hk => by omega, fun f => nomatch f⟩⟩
  | margin _ => intro l h; cases h
  | signed _ _ => intro l h; cases h
  | unsigned e ih =>
    cases e with
    | margin i =>
      intro l h
      rw [← Option.some.inj h, SomeFeature.one_iff, f32IsInfinite_iff]
      have e : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
      show (0 ≤ (2139095040 - (bitsAt observation i % 2147483648 : Nat)) % ((2 ^ 32 : Nat) : Int) ∧
        (2139095040 - (bitsAt observation i % 2147483648 : Nat)) % ((2 ^ 32 : Nat) : Int) ≤ 4294967295) ∧
        ((2139095040 - (bitsAt observation i % 2147483648 : Nat)) % ((2 ^ 32 : Nat) : Int) = 0 ↔ _)
      rw [e]
      omega
    | const k => intro l h; exact Least.keeps (ih l h)
    | signed f => intro l h; cases h
    | unsigned f => intro l h; exact Least.keeps (ih l h)
    | min a b => intro l h; exact Least.keeps (ih l h)
  | min a b iha ihb =>
    intro l h
    obtain ⟨m, n, ha, hb, hl⟩ := both_spec h
    have h1 := iha m ha
    have h2 := ihb n hb
    have r1 := h1.1
    have r2 := h2.1
    rw [hl, SomeFeature.before_iff, ← h1.2, ← h2.2]
    show (0 ≤ Min.min (a.eval observation) (b.eval observation) ∧
      Min.min (a.eval observation) (b.eval observation) ≤ 4294967295) ∧
      (Min.min (a.eval observation) (b.eval observation) = 0 ↔ _)
    omega

/-! ### flags -/

theorem covers_some {n : Nat} {l : Option (List Nat)} (h : covers n l = true) : ∃ m, l = some m ∧ coversBelow m n = true := by
  cases l with
  | none => cases h
  | some m => exact ⟨m, rfl, h⟩

theorem whenTrue_spec {test : Bool} {z : Option Int} {v : Int} (h : whenTrue test z = some v) : test = true ∧ z = some v := by
  cases test with
  | true => exact ⟨rfl, h⟩
  | false => cases h

theorem plusSome_spec {a b : Option Int} {v : Int} (h : plusSome a b = some v) :
    ∃ y z, a = some y ∧ b = some z ∧ v = y + z := by
  cases a with
  | none => cases b <;> cases h
  | some y =>
    cases b with
    | none => cases h
    | some z => exact ⟨y, z, rfl, rfl, (Option.some.inj h).symm⟩

theorem oneIf_eq {test : Bool} {z : Int} (h1 : test = true → z = 1) (h0 : test = false → z = 0) : z = oneIf test := by
  cases test with
  | true => exact h1 rfl
  | false => exact h0 rfl

theorem Least.zero_iff {n : Nat} {observation : List Nat} (hn : observation.length = n) {e : Least}
    (h : covers n e.zeros = true) :
    (0 ≤ e.eval observation ∧ e.eval observation ≤ 4294967295) ∧
      (e.eval observation = 0 ↔ anyBits f32IsInfinite observation = true) := by
  obtain ⟨l, hl, hc⟩ := covers_some h
  have h1 := Least.zeros_spec observation e l hl
  rw [covers_spec (test := f32IsInfinite) (by decide) hn hc] at h1
  exact h1

theorem Least.negative_iff {n : Nat} {observation : List Nat} (hn : observation.length = n) {e : Least}
    (h : covers n e.negatives = true) :
    Int32 (e.eval observation) ∧ (e.eval observation < 0 ↔ anyBits f32IsNaN observation = true) := by
  obtain ⟨l, hl, hc⟩ := covers_some h
  have h1 := Least.negatives_spec observation e l hl
  rw [covers_spec (test := f32IsNaN) (by decide) hn hc] at h1
  exact h1

theorem Least.tellsInfinite_spec {n : Nat} {observation : List Nat} (hn : observation.length = n) {e : Least}
    (h : e.tellsInfinite n = true) : e.eval observation = 0 ↔ anyBits f32IsInfinite observation = true := by
  cases e with
  | signed e =>
    have h1 := Least.zero_iff hn (e := e) h
    rw [← h1.2]
    have p : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
    have q : half 32 = 2147483648 := by decide
    show (e.eval observation + half 32) % ((2 ^ 32 : Nat) : Int) - half 32 = 0 ↔ _
    rw [p, q]
    omega
  | const k => exact (Least.zero_iff hn (e := .const k) h).2
  | margin i => exact (Least.zero_iff hn (e := .margin i) h).2
  | unsigned e => exact (Least.zero_iff hn (e := .unsigned e) h).2
  | min a b => exact (Least.zero_iff hn (e := .min a b) h).2

theorem sign_of_word {z : Int} (h : Int32 z) (test : Bool) (ht : z < 0 ↔ test = true) :
    asr (unsignedBits 32 z) 31 = oneIf test := by
  have p : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
  have q : ((2 ^ 31 : Nat) : Int) = 2147483648 := by decide
  have r := h
  unfold Int32 at r
  show z % ((2 ^ 32 : Nat) : Int) / ((2 ^ 31 : Nat) : Int) = oneIf test
  rw [p, q]
  apply oneIf_eq
  · intro h1
    have h2 := ht.mpr h1
    omega
  · intro h1
    have h2 : ¬z < 0 := by
      intro h3
      have h4 := ht.mp h3
      rw [h1] at h4
      contradiction
    omega

theorem all_zeros {z : Int} (h0 : 0 ≤ z) (h1 : z ≤ 4294967295) (test : Bool) (ht : z = 0 ↔ test = true) :
    asr (unsignedBits 32 (32 - (bitLength (Int.toNat z) : Nat))) 5 = oneIf test := by
  have p : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
  have q : ((2 ^ 5 : Nat) : Int) = 32 := by decide
  have hb : bitLength (Int.toNat z) ≤ 32 := by
    apply bitLength_le
    have e : (2 : Nat) ^ 32 = 4294967296 := by decide
    omega
  show (32 - (bitLength (Int.toNat z) : Nat)) % ((2 ^ 32 : Nat) : Int) / ((2 ^ 5 : Nat) : Int) = oneIf test
  rw [p, q]
  apply oneIf_eq
  · intro h
    rw [ht.mpr h]
    have e : bitLength (Int.toNat 0) = 0 := by decide
    rw [e]
    decide
  · intro h
    have hz : z ≠ 0 := by
      intro h3
      have h4 := ht.mp h3
      rw [h] at h4
      contradiction
    have l : 1 ≤ bitLength (Int.toNat z) := by
      have h3 := lt_pow_bitLength (Int.toNat z)
      by_cases h4 : bitLength (Int.toNat z) = 0
      · rw [h4] at h3
        have e : (2 : Nat) ^ 0 = 1 := rfl
        omega
      · omega
    omega

theorem Flags.at_spec {n : Nat} {observation : List Nat} (hn : observation.length = n) (f : Flags) :
    ∀ v, f.at n (anyBits f32IsNaN observation) (anyBits f32IsInfinite observation) = some v →
      f.eval observation = v := by
  induction f with
  | const k => intro v h; exact Option.some.inj h
  | low _ => intro v h; cases h
  | zeros _ => intro v h; cases h
  | floor f k ih =>
    intro v h
    cases f with
    | low e =>
      cases e with
      | unsigned e =>
        have h1 := whenTrue_spec h
        have h2 := and_split h1.1
        have h3 := Least.negative_iff hn h2.2
        rw [← Option.some.inj h1.2]
        show asr (unsignedBits 32 (e.eval observation)) k = _
        rw [Nat.eq_of_beq_eq_true h2.1]
        exact sign_of_word h3.1 _ h3.2
      | const _ => cases h
      | margin _ => cases h
      | signed _ => cases h
      | min _ _ => cases h
    | unsigned g =>
      cases g with
      | zeros e =>
        have h1 := whenTrue_spec h
        have h2 := and_split h1.1
        have h3 := Least.zero_iff hn h2.2
        rw [← Option.some.inj h1.2]
        show asr (unsignedBits 32 (32 - (bitLength (Int.toNat (e.eval observation)) : Nat))) k = _
        rw [Nat.eq_of_beq_eq_true h2.1]
        exact all_zeros h3.1.1 h3.1.2 _ h3.2
      | const _ => cases h
      | low _ => cases h
      | floor _ _ => cases h
      | add _ _ => cases h
      | mul _ _ => cases h
      | signed _ => cases h
      | unsigned _ => cases h
      | ite _ _ _ => cases h
      | magnitude _ => cases h
      | cut _ _ => cases h
      | ifZero _ _ _ => cases h
      | ifNatural _ _ _ => cases h
    | const _ => cases h
    | zeros _ => cases h
    | floor _ _ => cases h
    | add _ _ => cases h
    | mul _ _ => cases h
    | signed _ => cases h
    | ite _ _ _ => cases h
    | magnitude _ => cases h
    | cut _ _ => cases h
    | ifZero _ _ _ => cases h
    | ifNatural _ _ _ => cases h
  | add f g ihf ihg =>
    intro v h
    obtain ⟨y, z, hy, hz, e⟩ := plusSome_spec h
    show f.eval observation + g.eval observation = v
    rw [ihf y hy, ihg z hz, e]
  | mul f k ih =>
    intro v h
    obtain ⟨w, hw, e⟩ := apply_spec h
    show f.eval observation * k = v
    rw [ih w hw, e]
  | signed f ih =>
    intro v h
    obtain ⟨w, hw, e⟩ := apply_spec h
    show signedBits 32 (f.eval observation) = v
    rw [ih w hw, e]
  | unsigned f ih =>
    intro v h
    obtain ⟨w, hw, e⟩ := apply_spec h
    show unsignedBits 32 (f.eval observation) = v
    rw [ih w hw, e]
  | ite e f g ihf ihg =>
    intro v h
    have h1 := whenTrue_spec h
    have h2 := Least.tellsInfinite_spec hn h1.1
    show (if e.eval observation = 0 then f.eval observation else g.eval observation) = v
    have h3 := h1.2
    cases hi : anyBits f32IsInfinite observation with
    | true =>
      rw [hi] at h3 h2
      rw [if_pos (h2.mpr rfl)]
      rw [hi] at ihf
      exact ihf v h3
    | false =>
      rw [hi] at h3 h2
      rw [if_neg (fun h4 => by have h5 := h2.mp h4; contradiction)]
      rw [hi] at ihg
      exact ihg v h3
  | magnitude _ => intro v h; cases h
  | cut _ _ _ => intro v h; cases h
  | ifZero _ _ _ _ _ _ => intro v h; cases h
  | ifNatural _ _ _ _ _ _ => intro v h; cases h

theorem Flags.byMinima_spec {n : Nat} {observation : List Nat} (hn : observation.length = n) {f : Flags}
    (h : f.byMinima n = true) : f.eval observation = referenceFaults observation := by
  have h1 := and_split h
  have h2 := and_split h1.1
  have h3 := and_split h1.2
  have at_ := Flags.at_spec hn f
  unfold referenceFaults
  have use : ∀ nan infinite, anyBits f32IsNaN observation = nan → anyBits f32IsInfinite observation = infinite →
      isInt (flagsOf nan infinite) (f.at n nan infinite) = true → f.eval observation = flagsOf nan infinite := by
    intro nan infinite a b c
    rw [a, b] at at_
    cases hf : f.at n nan infinite with
    | none => rw [hf] at c; cases c
    | some v =>
      rw [hf] at c
      rw [at_ v hf]
      exact eqInt_spec c
  cases a : anyBits f32IsNaN observation with
  | true =>
    cases b : anyBits f32IsInfinite observation with
    | true => exact use true true a b h3.2
    | false => exact use true false a b h3.1
  | false =>
    cases b : anyBits f32IsInfinite observation with
    | true => exact use false true a b h2.2
    | false => exact use false false a b h2.1

/-- Flags that pass their check are the reference's. -/
theorem Flags.ok_spec {n : Nat} {observation : List Nat} (hn : observation.length = n) {f : Flags}
    (h : f.ok n = true) : f.eval observation = referenceFaults observation := by
  rcases or_split h with h | h
  · exact Flags.byMinima_spec hn h
  · exact Flags.byTable_spec hn h

end TinyVerify.ObjectCode
