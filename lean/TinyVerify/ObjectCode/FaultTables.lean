import TinyVerify.ObjectCode.FaultChoices
/-!
# A table of fault flags is right for every pattern

Main result: `Flags.byTable_spec`.
-/
namespace TinyVerify.ObjectCode

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
