import TinyVerify.ObjectCode.FaultLists
/-!
# The table of a choice of fault flags is right

A choice by one more feature adds it to a list.
-/
namespace TinyVerify.ObjectCode

/-! ### choices -/

theorem not_infinite_of_nan {bits : Nat} (h : f32IsNaN bits = true) : f32IsInfinite bits = false := by
  have h1 := (f32IsNaN_iff bits).mp h
  cases hi : f32IsInfinite bits with
  | false => rfl
  | true =>
    have h2 := (f32IsInfinite_iff bits).mp hi
    omega

/-- `if test then y else z` -/
def chosenOf (test : Bool) (y z : Int) : Int :=
  match test with
  | true => y
  | false => z

theorem Table.unlessNaN_means {observation : List Nat} {i : Nat} {s t : Table} {y z : Int} (hy : s.Means observation y)
    (hz : t.Means observation z) {k : Tabled} (h : s.unlessNaN i t = some k) :
    Tabled.Means observation (some k) (chosenOf (anyOf f32IsNaN observation [i]) y z) := by
  have h1 := onlyTable_spec h
  rw [h1.2, anyOf_one]
  show t.Means observation _
  cases hn : f32IsNaN (bitsAt observation i) with
  | false => exact hz
  | true =>
    have hw : Table.Means observation ⟨t.nans, without i t.infinities, t.neither, t.infinite, t.nan, t.both⟩ z := by
      unfold Table.Means at hz ⊢
      rw [anyOf_without (not_infinite_of_nan hn)]
      exact hz
    have e := Table.same_spec (Table.trimmed_means hy) (Table.trimmed_means hw) h1.1
    show t.Means observation y
    rw [e]
    exact hz

theorem Table.ifNaN_means {observation : List Nat} {l : List Nat} {s t : Table} {y z : Int} (hy : s.Means observation y)
    (hz : t.Means observation z) {k : Tabled} (h : s.ifNaN l t = some k) :
    Tabled.Means observation (some k) (chosenOf (anyOf f32IsNaN observation l) y z) := by
  obtain ⟨m, hm, h1⟩ := withList_spec h
  have e := Table.joinedInfinities_spec (observation := observation) hm
  unfold Table.Means at hy hz
  rw [(e _).1] at hy
  rw [(e _).2] at hz
  cases hc : s.freeOfNaN && (eqInt s.neither t.nan && eqInt s.infinite t.both) with
  | true =>
    rw [hc] at h1
    have h2 := and_split hc
    have h3 := and_split h2.2
    rw [← Option.some.inj h1]
    show _ = Table.at _ (anyOf f32IsNaN observation (before l t.nans)) (anyOf f32IsInfinite observation m)
    rw [anyOf_before]
    have hf := Table.freeOfNaN_spec h2.1 (anyOf f32IsNaN observation s.nans) false (anyOf f32IsInfinite observation m)
    rw [hf] at hy
    cases anyOf f32IsNaN observation l with
    | false =>
      show z = _
      rw [hz]
      cases anyOf f32IsNaN observation t.nans <;> cases anyOf f32IsInfinite observation m <;> rfl
    | true =>
      show y = _
      rw [hy]
      cases anyOf f32IsInfinite observation m
      · exact eqInt_spec h3.1
      · exact eqInt_spec h3.2
  | false =>
    rw [hc] at h1
    have h2 := onlyTable_spec h1
    have h3 := and_split h2.1
    rw [h2.2]
    show _ = Table.at _ (anyOf f32IsNaN observation l) (anyOf f32IsInfinite observation m)
    have hf := Table.freeOfNaN_spec h3.1 (anyOf f32IsNaN observation s.nans) false (anyOf f32IsInfinite observation m)
    have hg := Table.freeOfNaN_spec h3.2 (anyOf f32IsNaN observation t.nans) false (anyOf f32IsInfinite observation m)
    rw [hf] at hy
    rw [hg] at hz
    cases anyOf f32IsNaN observation l with
    | false =>
      show z = _
      rw [hz]
      cases anyOf f32IsInfinite observation m <;> rfl
    | true =>
      show y = _
      rw [hy]
      cases anyOf f32IsInfinite observation m <;> rfl

theorem Table.ifInfinite_means {observation : List Nat} {l : List Nat} {s t : Table} {y z : Int}
    (hy : anyOf f32IsInfinite observation l = true → s.Means observation y)
    (hz : t.Means observation z) {k : Tabled} (h : s.ifInfinite l t = some k) :
    Tabled.Means observation (some k) (chosenOf (anyOf f32IsInfinite observation l) y z) := by
  obtain ⟨m, hm, h1⟩ := withList_spec h
  have e := Table.joinedNaNs_spec (observation := observation) hm
  unfold Table.Means at hy hz
  rw [(e _).1] at hy
  rw [(e _).2] at hz
  cases hc : s.freeOfInfinite && (eqInt s.neither t.infinite && eqInt s.nan t.both) with
  | true =>
    rw [hc] at h1
    have h2 := and_split hc
    have h3 := and_split h2.2
    rw [← Option.some.inj h1]
    show _ = Table.at _ (anyOf f32IsNaN observation m) (anyOf f32IsInfinite observation (before l t.infinities))
    rw [anyOf_before]
    have hf := Table.freeOfInfinite_spec h2.1 (anyOf f32IsNaN observation m) (anyOf f32IsInfinite observation s.infinities) false
    rw [hf] at hy
    cases hl : anyOf f32IsInfinite observation l with
    | false =>
      show z = _
      rw [hz]
      cases anyOf f32IsNaN observation m <;> cases anyOf f32IsInfinite observation t.infinities <;> rfl
    | true =>
      show y = _
      rw [hy hl]
      cases anyOf f32IsNaN observation m
      · exact eqInt_spec h3.1
      · exact eqInt_spec h3.2
  | false =>
    rw [hc] at h1
    have h2 := onlyTable_spec h1
    have h3 := and_split h2.1
    rw [h2.2]
    show _ = Table.at _ (anyOf f32IsNaN observation m) (anyOf f32IsInfinite observation l)
    have hf := Table.freeOfInfinite_spec h3.1 (anyOf f32IsNaN observation m) (anyOf f32IsInfinite observation s.infinities) false
    have hg := Table.freeOfInfinite_spec h3.2 (anyOf f32IsNaN observation m) (anyOf f32IsInfinite observation t.infinities) false
    rw [hf] at hy
    rw [hg] at hz
    cases hl : anyOf f32IsInfinite observation l with
    | false =>
      show z = _
      rw [hz]
      cases anyOf f32IsNaN observation m <;> rfl
    | true =>
      show y = _
      rw [hy hl]
      cases anyOf f32IsNaN observation m <;> rfl

theorem Table.givenInfinite_means {observation : List Nat} {l : List Nat} {t : Table} {z : Int}
    (hl : anyOf f32IsInfinite observation l = true) (hz : t.Means observation z) : (t.givenInfinite l).Means observation z := by
  unfold Table.givenInfinite
  cases h : eqNats l t.infinities with
  | false => exact hz
  | true =>
    unfold Table.Means at hz ⊢
    rw [hz, ← eqNats_spec h, hl]
    show t.at (anyOf f32IsNaN observation t.nans) true = Table.at _ (anyOf f32IsNaN observation t.nans) false
    cases anyOf f32IsNaN observation t.nans <;> rfl

theorem orElse_spec {a b : Option Tabled} {k : Tabled} (h : orElse a b = some k) : a = some k ∨ b = some k := by
  cases a with
  | some c => exact Or.inl h
  | none => exact Or.inr h

theorem chooseNaN_means {observation : List Nat} {l : List Nat} {a b : Option Tabled} {y z : Int}
    (hy : Tabled.Means observation a y) (hz : Tabled.Means observation b z) {k : Tabled} (h : chooseNaN l a b = some k) :
    Tabled.Means observation (some k) (chosenOf (anyOf f32IsNaN observation l) y z) := by
  unfold chooseNaN at h
  split at h
  · split at h
    · rcases orElse_spec h with h1 | h1
      · exact Table.unlessNaN_means hy hz h1
      · exact Table.ifNaN_means hy hz h1
    · exact Table.ifNaN_means hy hz h
  · cases h

theorem chooseInfinite_means {observation : List Nat} {l : List Nat} {a b : Option Tabled} {y z : Int}
    (hy : Tabled.Means observation a y) (hz : Tabled.Means observation b z) {k : Tabled} (h : chooseInfinite l a b = some k) :
    Tabled.Means observation (some k) (chosenOf (anyOf f32IsInfinite observation l) y z) := by
  unfold chooseInfinite at h
  split at h
  · exact Table.ifInfinite_means (fun hl => Table.givenInfinite_means hl hy) hz h
  · rename_i i s t
    cases hl : eqNats l [i] with
    | false => rw [hl] at h; cases h
    | true =>
      rw [hl] at h
      have e := eqNats_spec hl
      refine Table.ifInfinite_means (fun ha => hy ?_) hz h
      rw [e, anyOf_one] at ha
      exact ha
  · split at h
    · rename_i s _ _ i
      rw [← Option.some.inj h, anyOf_one]
      intro hi
      rw [hi]
      exact hy
    · cases h
  · cases h

theorem choose_means {observation : List Nat} {fact : Fact} {a b : Option Tabled} {y z : Int}
    (hy : Tabled.Means observation a y) (hz : Tabled.Means observation b z) {k : Tabled}
    (h : choose (some fact) a b = some k) : Tabled.Means observation (some k) (chosenOf (fact.holds observation) y z) := by
  cases fact with
  | always truth =>
    cases truth with
    | true => rw [← show a = some k from h]; exact hy
    | false => rw [← show b = some k from h]; exact hz
  | nan l truth =>
    cases truth with
    | true => exact chooseNaN_means hy hz h
    | false =>
      have h1 := chooseNaN_means hz hy (show chooseNaN l b a = some k from h)
      show Tabled.Means observation (some k) (chosenOf (!anyOf f32IsNaN observation l) y z)
      cases hn : anyOf f32IsNaN observation l <;> rw [hn] at h1 <;> exact h1
  | infinite l truth =>
    cases truth with
    | true => exact chooseInfinite_means hy hz h
    | false =>
      have h1 := chooseInfinite_means hz hy (show chooseInfinite l b a = some k from h)
      show Tabled.Means observation (some k) (chosenOf (!anyOf f32IsInfinite observation l) y z)
      cases hn : anyOf f32IsInfinite observation l <;> rw [hn] at h1 <;> exact h1

end TinyVerify.ObjectCode
