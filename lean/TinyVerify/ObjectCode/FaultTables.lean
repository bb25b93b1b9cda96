import TinyVerify.ObjectCode.FaultTable
import TinyVerify.ObjectCode.Features
import TinyVerify.ObjectCode.Integers
/-!
# A table of fault flags is right for every pattern

Main result: `Flags.byTable_spec`.
-/
namespace TinyVerify.ObjectCode

/-- Whether some feature in the list passes the test. -/
def anyOf (test : Nat → Bool) (observation : List Nat) : List Nat → Bool
  | [] => false
  | i :: l => test (bitsAt observation i) || anyOf test observation l

/-- What the table says of `z`. -/
def Table.Means (observation : List Nat) (t : Table) (z : Int) : Prop :=
  z = t.at (anyOf f32IsNaN observation t.nans) (anyOf f32IsInfinite observation t.infinities)

def Tabled.Means (observation : List Nat) : Option Tabled → Int → Prop
  | some (table t), z => t.Means observation z
  | some (pattern i k), z => z = ((bitsAt observation i % 2147483648 : Nat) : Int) + k
  | some (whenInfinite i t), z => f32IsInfinite (bitsAt observation i) = true → t.Means observation z
  | none, _ => True

def Fact.holds (observation : List Nat) : Fact → Bool
  | always truth => truth
  | nan l true => anyOf f32IsNaN observation l
  | nan l false => !anyOf f32IsNaN observation l
  | infinite l true => anyOf f32IsInfinite observation l
  | infinite l false => !anyOf f32IsInfinite observation l

/-! ### lists of features -/

theorem anyOf_before (test : Nat → Bool) (observation l m : List Nat) :
    anyOf test observation (before l m) = (anyOf test observation l || anyOf test observation m) := by
  induction l with
  | nil => rfl
  | cons i l ih =>
    show (test (bitsAt observation i) || anyOf test observation (before l m)) =
      ((test (bitsAt observation i) || anyOf test observation l) || anyOf test observation m)
    rw [ih]
    cases test (bitsAt observation i) <;> rfl

theorem anyOf_one (test : Nat → Bool) (observation : List Nat) (i : Nat) :
    anyOf test observation [i] = test (bitsAt observation i) := by
  show (test (bitsAt observation i) || false) = _
  cases test (bitsAt observation i) <;> rfl

theorem anyOf_without {test : Nat → Bool} {observation : List Nat} {i : Nat} (h : test (bitsAt observation i) = false)
    (l : List Nat) : anyOf test observation (without i l) = anyOf test observation l := by
  induction l with
  | nil => rfl
  | cons j l ih =>
    unfold without
    cases hj : Nat.beq j i with
    | true =>
      show anyOf test observation (without i l) = (test (bitsAt observation j) || anyOf test observation l)
      rw [ih, Nat.eq_of_beq_eq_true hj, h]
      rfl
    | false =>
      show (test (bitsAt observation j) || anyOf test observation (without i l)) = _
      rw [ih]
      rfl

theorem eqNats_spec : ∀ {l m : List Nat}, eqNats l m = true → l = m := by
  intro l
  induction l with
  | nil =>
    intro m h
    cases m with
    | nil => rfl
    | cons _ _ => cases h
  | cons i l ih =>
    intro m h
    cases m with
    | nil => cases h
    | cons j m =>
      have h1 := and_split (a := Nat.beq i j) h
      rw [Nat.eq_of_beq_eq_true h1.1, ih h1.2]

theorem anyOf_iff (test : Nat → Bool) (observation l : List Nat) :
    anyOf test observation l = true ↔ SomeFeature test observation l := by
  induction l with
  | nil =>
    rw [SomeFeature.none_iff]
    constructor
    · intro h; cases h
    · intro h; cases h
  | cons i l ih =>
    have e : (i :: l) = before [i] l := rfl
    rw [e, SomeFeature.before_iff, SomeFeature.one_iff, ← ih, anyOf_before, anyOf_one]
    cases test (bitsAt observation i) with
    | true => exact ⟨fun _ => Or.inl rfl, fun _ => rfl⟩
    | false =>
      constructor
      · intro h; exact Or.inr h
      · intro h
        rcases h with h | h
        · cases h
        · exact h

theorem anyOf_covers {test : Nat → Bool} (h0 : test 0 = false) {observation l : List Nat}
    (h : coversBelow l observation.length = true) : anyOf test observation l = anyBits test observation := by
  have h1 := covers_spec h0 rfl h
  rw [← anyOf_iff] at h1
  cases ha : anyOf test observation l with
  | true => exact (h1.mp ha).symm
  | false =>
    cases hb : anyBits test observation with
    | true =>
      have h2 := h1.mpr hb
      rw [ha] at h2
      cases h2
    | false => rfl

/-! ### tables -/

theorem Table.freeOfNaN_spec {t : Table} (h : t.freeOfNaN = true) (a b i : Bool) : t.at a i = t.at b i := by
  have h1 := and_split h
  have e1 := eqInt_spec h1.1
  have e2 := eqInt_spec h1.2
  cases a <;> cases b <;> cases i <;> first | rfl | exact e1 | exact e2 | exact e1.symm | exact e2.symm

theorem Table.freeOfInfinite_spec {t : Table} (h : t.freeOfInfinite = true) (n a b : Bool) : t.at n a = t.at n b := by
  have h1 := and_split h
  have e1 := eqInt_spec h1.1
  have e2 := eqInt_spec h1.2
  cases a <;> cases b <;> cases n <;> first | rfl | exact e1 | exact e2 | exact e1.symm | exact e2.symm

theorem joined_spec {free free' : Bool} {l m r : List Nat} (h : joined free free' l m = some r) :
    (free = true ∨ r = l) ∧ (free' = true ∨ r = m) := by
  unfold joined at h
  cases free' with
  | true => exact ⟨Or.inr (Option.some.inj h).symm, Or.inl rfl⟩
  | false =>
    cases hf : free || eqNats l m with
    | false => rw [hf] at h; cases h
    | true =>
      rw [hf] at h
      have e : m = r := Option.some.inj h
      rcases or_split hf with h1 | h1
      · exact ⟨Or.inl h1, Or.inr e.symm⟩
      · exact ⟨Or.inr (by rw [eqNats_spec h1]; exact e.symm), Or.inr e.symm⟩

theorem Table.joinedNaNs_spec {observation : List Nat} {s t : Table} {l : List Nat} (h : s.joinedNaNs t = some l) (i : Bool) :
    s.at (anyOf f32IsNaN observation s.nans) i = s.at (anyOf f32IsNaN observation l) i ∧
    t.at (anyOf f32IsNaN observation t.nans) i = t.at (anyOf f32IsNaN observation l) i := by
  have h1 := joined_spec h
  refine ⟨?_, ?_⟩
  · rcases h1.1 with h2 | h2
    · exact Table.freeOfNaN_spec h2 _ _ _
    · rw [h2]
  · rcases h1.2 with h2 | h2
    · exact Table.freeOfNaN_spec h2 _ _ _
    · rw [h2]

theorem Table.joinedInfinities_spec {observation : List Nat} {s t : Table} {l : List Nat}
    (h : s.joinedInfinities t = some l) (n : Bool) :
    s.at n (anyOf f32IsInfinite observation s.infinities) = s.at n (anyOf f32IsInfinite observation l) ∧
    t.at n (anyOf f32IsInfinite observation t.infinities) = t.at n (anyOf f32IsInfinite observation l) := by
  have h1 := joined_spec h
  refine ⟨?_, ?_⟩
  · rcases h1.1 with h2 | h2
    · exact Table.freeOfInfinite_spec h2 _ _ _
    · rw [h2]
  · rcases h1.2 with h2 | h2
    · exact Table.freeOfInfinite_spec h2 _ _ _
    · rw [h2]

theorem withList_spec {l : Option (List Nat)} {f : List Nat → Option Tabled} {k : Tabled} (h : withList l f = some k) :
    ∃ m, l = some m ∧ f m = some k := by
  cases l with
  | none => cases h
  | some m => exact ⟨m, rfl, h⟩

theorem onlyTable_spec {test : Bool} {t : Table} {k : Tabled} (h : onlyTable test t = some k) : test = true ∧ k = .table t := by
  cases test with
  | true => exact ⟨rfl, (Option.some.inj h).symm⟩
  | false => cases h

theorem Table.map_means {observation : List Nat} {t : Table} {z : Int} (f : Int → Int) (h : t.Means observation z) :
    (t.map f).Means observation (f z) := by
  unfold Table.Means at h ⊢
  rw [h]
  show f (t.at _ _) = (t.map f).at (anyOf f32IsNaN observation t.nans) (anyOf f32IsInfinite observation t.infinities)
  cases anyOf f32IsNaN observation t.nans <;> cases anyOf f32IsInfinite observation t.infinities <;> rfl

/-- Two tables over the lists that do for both. -/
theorem Table.together {observation : List Nat} {s t : Table} {y z : Int} (hy : s.Means observation y)
    (hz : t.Means observation z) {l m : List Nat} (hl : s.joinedNaNs t = some l) (hm : s.joinedInfinities t = some m) :
    y = s.at (anyOf f32IsNaN observation l) (anyOf f32IsInfinite observation m) ∧
    z = t.at (anyOf f32IsNaN observation l) (anyOf f32IsInfinite observation m) := by
  unfold Table.Means at hy hz
  have h1 := Table.joinedNaNs_spec (observation := observation) hl
  have h2 := Table.joinedInfinities_spec (observation := observation) hm
  refine ⟨?_, ?_⟩
  · rw [hy, (h1 _).1, (h2 _).1]
  · rw [hz, (h1 _).2, (h2 _).2]

theorem Table.plus_means {observation : List Nat} {s t : Table} {y z : Int} (hy : s.Means observation y)
    (hz : t.Means observation z) {k : Tabled} (h : s.plus t = some k) : Tabled.Means observation (some k) (y + z) := by
  obtain ⟨l, hl, h1⟩ := withList_spec h
  obtain ⟨m, hm, h2⟩ := withList_spec h1
  have e := Table.together hy hz hl hm
  rw [← Option.some.inj h2, e.1, e.2]
  show _ = Table.at _ (anyOf f32IsNaN observation l) (anyOf f32IsInfinite observation m)
  cases anyOf f32IsNaN observation l <;> cases anyOf f32IsInfinite observation m <;> rfl

theorem Table.trimmed_means {observation : List Nat} {t : Table} {z : Int} (h : t.Means observation z) :
    t.trimmed.Means observation z := by
  cases t with
  | mk nans infinities neither infinite nan both =>
    cases infinities with
    | nil =>
      unfold Table.Means at h ⊢
      rw [h]
      show Table.at _ (anyOf f32IsNaN observation nans) false = Table.at _ (anyOf f32IsNaN observation nans) false
      cases anyOf f32IsNaN observation nans <;> rfl
    | cons _ _ => exact h

theorem Table.same_spec {observation : List Nat} {s t : Table} {y z : Int} (hy : s.Means observation y)
    (hz : t.Means observation z) (h : s.same t = true) : y = z := by
  unfold Table.same at h
  cases hl : s.joinedNaNs t with
  | none => rw [hl] at h; cases h
  | some l =>
    cases hm : s.joinedInfinities t with
    | none => rw [hl, hm] at h; cases h
    | some m =>
      rw [hl, hm] at h
      have e := Table.together hy hz hl hm
      have h1 := and_split (a := eqInt s.neither t.neither && eqInt s.infinite t.infinite) h
      have h2 := and_split h1.1
      have h3 := and_split h1.2
      rw [e.1, e.2]
      cases anyOf f32IsNaN observation l <;> cases anyOf f32IsInfinite observation m
      · exact eqInt_spec h2.1
      · exact eqInt_spec h2.2
      · exact eqInt_spec h3.1
      · exact eqInt_spec h3.2

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

/-! ### conditions -/

theorem Table.fact_spec {observation : List Nat} {test : Int → Bool} {t : Table} {z : Int} (hz : t.Means observation z)
    {fact : Fact} (h : t.fact test = some fact) : test z = fact.holds observation := by
  have four : ∀ n i, test (t.at n i) = match n, i with
      | false, false => test t.neither
      | false, true => test t.infinite
      | true, false => test t.nan
      | true, true => test t.both := by
    intro n i
    cases n <;> cases i <;> rfl
  unfold Table.Means at hz
  rw [hz, four]
  revert h
  unfold Table.fact
  cases test t.neither <;> cases test t.infinite <;> cases test t.nan <;> cases test t.both <;> intro h <;> cases h <;>
    cases hn : anyOf f32IsNaN observation t.nans <;> cases hi : anyOf f32IsInfinite observation t.infinities <;>
      first
      | rfl
      | (show _ = anyOf f32IsNaN observation t.nans; rw [hn])
      | (show _ = !anyOf f32IsNaN observation t.nans; rw [hn]; rfl)
      | (show _ = anyOf f32IsInfinite observation t.infinities; rw [hi])
      | (show _ = !anyOf f32IsInfinite observation t.infinities; rw [hi]; rfl)

theorem leInt_zero_iff (z : Int) : leInt 0 z = true ↔ 0 ≤ z := by
  constructor
  · intro h
    exact leInt_spec h
  · intro h
    cases z with
    | ofNat n =>
      show Nat.ble 0 n = true
      exact Nat.ble_eq_true_of_le (Nat.zero_le n)
    | negSucc n =>
      have := negSucc_eq n
      omega

theorem eqInt_zero_iff (z : Int) : eqInt 0 z = true ↔ z = 0 := by
  constructor
  · intro h
    exact (eqInt_spec h).symm
  · intro h
    rw [h]
    rfl

theorem Tabled.isNatural_spec {observation : List Nat} {a : Option Tabled} {z : Int} (hz : Tabled.Means observation a z)
    {fact : Fact} (h : Tabled.isNatural a = some fact) : 0 ≤ z ↔ fact.holds observation = true := by
  unfold Tabled.isNatural at h
  split at h
  · rw [← Table.fact_spec hz h, leInt_zero_iff]
  · rename_i i k
    cases hk : eqInt k (-2139095041) with
    | false => rw [hk] at h; cases h
    | true =>
      rw [hk] at h
      have e := eqInt_spec hk
      have hz1 : z = ((bitsAt observation i % 2147483648 : Nat) : Int) + k := hz
      rw [← Option.some.inj h]
      show _ ↔ anyOf f32IsNaN observation [i] = true
      rw [anyOf_one, f32IsNaN_iff, hz1, e]
      omega
  · cases h

theorem Tabled.isZero_spec {observation : List Nat} {a : Option Tabled} {z : Int} (hz : Tabled.Means observation a z)
    {fact : Fact} (h : Tabled.isZero a = some fact) : z = 0 ↔ fact.holds observation = true := by
  unfold Tabled.isZero at h
  split at h
  · rw [← Table.fact_spec hz h, eqInt_zero_iff]
  · rename_i i k
    cases hk : eqInt k (-2139095040) with
    | false => rw [hk] at h; cases h
    | true =>
      rw [hk] at h
      have e := eqInt_spec hk
      have hz1 : z = ((bitsAt observation i % 2147483648 : Nat) : Int) + k := hz
      rw [← Option.some.inj h]
      show _ ↔ anyOf f32IsInfinite observation [i] = true
      rw [anyOf_one, f32IsInfinite_iff, hz1, e]
      omega
  · cases h

/-! ### numbers -/

theorem Tabled.map_means {observation : List Nat} {a : Option Tabled} {z : Int} (f : Int → Int)
    (hz : Tabled.Means observation a z) : Tabled.Means observation (Tabled.map f a) (f z) := by
  cases a with
  | none => trivial
  | some k =>
    cases k with
    | table t => exact Table.map_means f hz
    | pattern _ _ => trivial
    | whenInfinite i t => exact fun hi => Table.map_means f (hz hi)

theorem Tabled.wrapped_means {observation : List Nat} {a : Option Tabled} {z : Int} {f : Int → Int}
    (hf : ∀ n : Nat, n < 2147483648 → f (n : Int) = (n : Int)) (hz : Tabled.Means observation a z) :
    Tabled.Means observation (Tabled.wrapped f a) (f z) := by
  cases a with
  | none => trivial
  | some k =>
    cases k with
    | table t => exact Table.map_means f hz
    | whenInfinite i t => exact fun hi => Table.map_means f (hz hi)
    | pattern i k =>
      show Tabled.Means observation (match eqInt k 0 with
        | true => some (Tabled.pattern i k)
        | false => none) (f z)
      cases hk : eqInt k 0 with
      | false => trivial
      | true =>
        have e := eqInt_spec hk
        have hz1 : z = ((bitsAt observation i % 2147483648 : Nat) : Int) + k := hz
        show f z = ((bitsAt observation i % 2147483648 : Nat) : Int) + k
        rw [hz1, e, Int.add_zero]
        exact hf _ (Nat.mod_lt _ (by decide))

theorem Tabled.plus_means {observation : List Nat} {a b : Option Tabled} {y z : Int} (hy : Tabled.Means observation a y)
    (hz : Tabled.Means observation b z) : Tabled.Means observation (Tabled.plus a b) (y + z) := by
  unfold Tabled.plus
  split
  · rename_i s t
    cases h : s.plus t with
    | none => trivial
    | some k => exact Table.plus_means hy hz h
  · rename_i i k t
    cases h : t.freeOfNaN && t.freeOfInfinite with
    | false => trivial
    | true =>
      have h1 := and_split h
      have e1 := Table.freeOfNaN_spec h1.1 (anyOf f32IsNaN observation t.nans) false (anyOf f32IsInfinite observation t.infinities)
      have e2 := Table.freeOfInfinite_spec h1.2 false (anyOf f32IsInfinite observation t.infinities) false
      have hz1 : z = t.at (anyOf f32IsNaN observation t.nans) (anyOf f32IsInfinite observation t.infinities) := hz
      have e3 : t.at false false = t.neither := rfl
      have hy1 : y = ((bitsAt observation i % 2147483648 : Nat) : Int) + k := hy
      show y + z = ((bitsAt observation i % 2147483648 : Nat) : Int) + (k + t.neither)
      rw [hz1, e1, e2, e3, hy1]
      omega
  · trivial

theorem chosenOf_iff {p : Prop} [Decidable p] {test : Bool} (h : p ↔ test = true) (y z : Int) :
    (if p then y else z) = chosenOf test y z := by
  cases test with
  | true => exact if_pos (h.mpr rfl)
  | false => exact if_neg (fun hp => by cases h.mp hp)

theorem Flags.tabled_means (observation : List Nat) (f : Flags) : Tabled.Means observation f.tabled (f.eval observation) := by
  induction f with
  | const k =>
    show k = Table.at ⟨[], [], k, k, k, k⟩ false false
    rfl
  | low _ => trivial
  | zeros _ => trivial
  | ite _ _ _ _ _ => trivial
  | magnitude i =>
    show ((bitsAt observation i % 2147483648 : Nat) : Int) = ((bitsAt observation i % 2147483648 : Nat) : Int) + 0
    omega
  | floor f k ih =>
    show Tabled.Means observation (Tabled.map (fun z => shr z k) f.tabled) (asr (f.eval observation) k)
    rw [← shr_eq]
    exact Tabled.map_means (fun z => shr z k) ih
  | add f g ihf ihg => exact Tabled.plus_means ihf ihg
  | mul f k ih => exact Tabled.map_means (fun z => z * k) ih
  | cut f bits ih => exact Tabled.map_means (unsignedBits bits) ih
  | signed f ih =>
    refine Tabled.wrapped_means (f := signedBits 32) ?_ ih
    intro n hn
    have p : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
    have q : half 32 = 2147483648 := by decide
    unfold signedBits
    rw [p, q]
    omega
  | unsigned f ih =>
    refine Tabled.wrapped_means (f := unsignedBits 32) ?_ ih
    intro n hn
    have p : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
    unfold unsignedBits
    rw [p]
    omega
  | ifZero c f g ihc ihf ihg =>
    show Tabled.Means observation (choose (Tabled.isZero c.tabled) f.tabled g.tabled)
      (if c.eval observation = 0 then f.eval observation else g.eval observation)
    cases hf : Tabled.isZero c.tabled with
    | none => trivial
    | some fact =>
      rw [chosenOf_iff (Tabled.isZero_spec ihc hf)]
      cases hk : choose (some fact) f.tabled g.tabled with
      | none => trivial
      | some k => exact choose_means ihf ihg hk
  | ifNatural c f g ihc ihf ihg =>
    show Tabled.Means observation (choose (Tabled.isNatural c.tabled) f.tabled g.tabled)
      (if 0 ≤ c.eval observation then f.eval observation else g.eval observation)
    cases hf : Tabled.isNatural c.tabled with
    | none => trivial
    | some fact =>
      rw [chosenOf_iff (Tabled.isNatural_spec ihc hf)]
      cases hk : choose (some fact) f.tabled g.tabled with
      | none => trivial
      | some k => exact choose_means ihf ihg hk

/-- A number with the right table, over all features, is the fault flags. -/
theorem Flags.byTable_spec {n : Nat} {observation : List Nat} (hn : observation.length = n) {f : Flags}
    (h : f.byTable n = true) : f.eval observation = referenceFaults observation := by
  have hm := Flags.tabled_means observation f
  unfold Flags.byTable at h
  split at h
  · rename_i t ht
    rw [ht] at hm
    rw [← hn] at h
    have h1 := and_split h
    have h2 := and_split h1.1
    have h3 := and_split h1.2
    have h4 := and_split h3.1
    have h5 := and_split h3.2
    have hm1 : f.eval observation =
      t.at (anyOf f32IsNaN observation t.nans) (anyOf f32IsInfinite observation t.infinities) := hm
    rw [hm1, anyOf_covers (by decide) h2.1, anyOf_covers (by decide) h2.2]
    unfold referenceFaults
    cases anyBits f32IsNaN observation <;> cases anyBits f32IsInfinite observation
    · exact eqInt_spec h4.1
    · exact eqInt_spec h4.2
    · exact eqInt_spec h5.1
    · exact eqInt_spec h5.2
  · cases h

end TinyVerify.ObjectCode
