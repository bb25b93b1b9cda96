import TinyVerify.ObjectCode.FaultTable
import TinyVerify.ObjectCode.Features
import TinyVerify.ObjectCode.Integers
/-!
# Lists of features, and what a table of fault flags says

`FaultChoices.lean` and `FaultTables.lean` show that the table of a number is right.
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

end TinyVerify.ObjectCode
