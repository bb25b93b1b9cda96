import TinyVerify.ObjectCode.Integers
/-!
# What is known of accumulators is right

Where one of them is the first of the largest. `KnownWords.lean` has what is computed from them.
-/
namespace TinyVerify.ObjectCode

theorem signedBits_32 {z : Int} (h : Int32 z) : signedBits 32 z = z := by
  have e : half 32 = 2147483648 := by decide
  have e2 : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  have h1 := h.1
  have h2 := h.2
  unfold signedBits
  rw [e, e2]
  omega

theorem apply_spec {f : Int → Int} {z : Option Int} {v : Int} (h : apply f z = some v) : ∃ w, z = some w ∧ f w = v := by
  cases z with
  | none => cases h
  | some w => exact ⟨w, rfl, Option.some.inj h⟩

theorem nth_mem (zs : List Int) : ∀ i, i < zs.length → nth zs i ∈ zs := by
  induction zs with
  | nil => intro i hi; have : (([] : List Int).length) = 0 := rfl; omega
  | cons z zs ih =>
    intro i hi
    cases i with
    | zero => exact .head _
    | succ i => exact .tail _ (ih i (by have : (z :: zs).length = zs.length + 1 := rfl; omega))

theorem length_mapInt (f : Int → Int) (zs : List Int) : (mapInt f zs).length = zs.length := by
  induction zs with
  | nil => rfl
  | cons z zs ih =>
    show (mapInt f zs).length + 1 = zs.length + 1
    rw [ih]

/-! ### accumulators -/

def Rank.Holds (top : Int) : Rank → Int → Prop
  | largest, z => z = top
  | less, z => z < top
  | atMost, z => z ≤ top

theorem Rank.Holds.le {top z : Int} {r : Rank} (h : r.Holds top z) : z ≤ top := by
  cases r with
  | largest => exact Int.le_of_eq h
  | less => exact Int.le_of_lt h
  | atMost => exact h

theorem Rank.either_left {top z : Int} (r s : Rank) (h : r.Holds top z) : (r.either s).Holds top z := by
  have l := h.le
  cases r <;> cases s <;> first | exact h | exact l

theorem Rank.either_right {top z : Int} (r s : Rank) (h : s.Holds top z) : (r.either s).Holds top z := by
  have l := h.le
  cases r <;> cases s <;> first | exact h | exact l

theorem Rank.max_spec {top y z : Int} {r s : Rank} (hy : r.Holds top y) (hz : s.Holds top z) :
    (r.max s).Holds top (Max.max y z) := by
  have ly := hy.le
  have lz := hz.le
  have atMost : Max.max y z ≤ top := by omega
  cases r with
  | largest =>
    have e : y = top := hy
    show Max.max y z = top
    omega
  | less =>
    have e : y < top := hy
    cases s with
    | largest =>
      have e : z = top := hz
      show Max.max y z = top
      omega
    | less =>
      have e : z < top := hz
      show Max.max y z < top
      omega
    | atMost => exact atMost
  | atMost =>
    cases s with
    | largest =>
      have e : z = top := hz
      show Max.max y z = top
      omega
    | less => exact atMost
    | atMost => exact atMost

theorem someTruth_spec {test truth t : Bool} (h : someTruth test truth = some t) : test = true ∧ t = truth := by
  cases test with
  | true => exact ⟨rfl, (Option.some.inj h).symm⟩
  | false => cases h

theorem leInt_iff (a b : Int) : leInt a b = true ↔ a ≤ b := by
  constructor
  · exact leInt_spec
  · intro h
    cases e : leInt a b with
    | true => rfl
    | false =>
      have h1 := leInt_false e
      have h2 : a = b := Int.le_antisymm h h1
      rw [h2] at e
      cases b with
      | ofNat n =>
        have e1 : Nat.ble n n = false := e
        rw [Nat.ble_eq_true_of_le (Nat.le_refl n)] at e1
        cases e1
      | negSucc n =>
        have e1 : Nat.ble n n = false := e
        rw [Nat.ble_eq_true_of_le (Nat.le_refl n)] at e1
        cases e1

theorem Rank.compare_spec {top y z k : Int} {r s : Rank} (hy : r.Holds top y) (hz : s.Holds top z) {t : Bool}
    (h : r.compare k s = some t) : t = true ↔ 0 ≤ y - z + k := by
  have ly := hy.le
  have lz := hz.le
  have no : ¬ false = true := fun e => by cases e
  cases r with
  | largest =>
    have e : y = top := hy
    cases s with
    | largest =>
      have e2 : z = top := hz
      rw [← Option.some.inj h, leInt_iff]
      omega
    | less =>
      have e2 : z < top := hz
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      exact ⟨fun _ => by omega, fun _ => h1.2⟩
    | atMost =>
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      exact ⟨fun _ => by omega, fun _ => h1.2⟩
  | less =>
    cases s with
    | largest =>
      have e : y < top := hy
      have e2 : z = top := hz
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      rw [h1.2]
      exact ⟨fun f => absurd f no, fun _ => by omega⟩
    | less => cases h
    | atMost => cases h
  | atMost =>
    cases s with
    | largest =>
      have e2 : z = top := hz
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      rw [h1.2]
      exact ⟨fun f => absurd f no, fun _ => by omega⟩
    | less => cases h
    | atMost => cases h

end TinyVerify.ObjectCode
