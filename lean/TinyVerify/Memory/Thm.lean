import TinyVerify.Memory.Spec
/-!
# What the layout checkers show

Main results: `Layout.disjoint_of_ok`, `Layout.contained_of_ok`, `Layout.aligned_of_ok`,
`Access.sized_of_ok`.
-/
namespace TinyVerify

theorem apart_of_ok {a b : Span} (h : apartOk a b = true) : Apart a b := by
  intro address hh
  unfold Span.Holds at hh
  rcases or_split h with h1 | h1
  · have h2 := Nat.le_of_ble_eq_true h1
    omega
  · have h2 := Nat.le_of_ble_eq_true h1
    omega

theorem inside_of_ok {a b : Span} (h : insideOk a b = true) : Inside a b := by
  have h1 := Nat.le_of_ble_eq_true (and_split h).1
  have h2 := Nat.le_of_ble_eq_true (and_split h).2
  intro address hh
  unfold Span.Holds at hh ⊢
  omega

theorem pairwiseApart_of_ok {parts : List Span} (h : pairwiseOk parts = true) : PairwiseApart parts := by
  induction parts with
  | nil => exact True.intro
  | cons s ss ih =>
    have h' := and_split (a := all (apartOk s) ss) (b := pairwiseOk ss) h
    exact ⟨fun t ht => apart_of_ok (all_spec h'.1 t ht), ih h'.2⟩

theorem member_of_ok {s : Span} {parts : List Span} (h : memberOk s parts = true) : s ∈ parts := by
  induction parts with
  | nil => contradiction
  | cons t ts ih =>
    rcases or_split (a := sameSpan s t) (b := memberOk s ts) h with h1 | h1
    · have h2 : s.offset = t.offset := Nat.eq_of_beq_eq_true (and_split h1).1
      have h3 : s.size = t.size := Nat.eq_of_beq_eq_true (and_split h1).2
      have e : s = t := by
        cases s
        cases t
        simp only at h2 h3
        rw [h2, h3]
      rw [e]
      exact .head _
    · exact .tail _ (ih h1)

theorem Layout.disjoint_of_ok (l : Layout) (h : l.disjointOk = true) : l.Disjoint :=
  ⟨pairwiseApart_of_ok (and_split h).1, pairwiseApart_of_ok (and_split h).2⟩

theorem Layout.contained_of_ok (l : Layout) (h : l.containedOk = true) : l.Contained := by
  have h' := and_split h
  refine ⟨?_, fun r hr => inside_of_ok (all_spec h'.2 r hr)⟩
  intro p hp
  have h1 := and_split (all_spec h'.1 p hp)
  exact ⟨inside_of_ok h1.1, member_of_ok h1.2⟩

theorem Layout.aligned_of_ok (l : Layout) (h : l.alignedOk = true) : l.Aligned := by
  intro p hp
  exact Nat.dvd_of_mod_eq_zero (Nat.eq_of_beq_eq_true (all_spec h p hp))

theorem Access.sized_of_ok {a : Access} (h : a.ok = true) : a.Sized := by
  intro j i hj hi
  have h1 := Nat.le_of_ble_eq_true h
  have h2 : j * a.rowStride ≤ (a.rows - 1) * a.rowStride := Nat.mul_le_mul (by omega) Nat.le.refl
  have h3 : i * a.columnStride ≤ (a.columns - 1) * a.columnStride := Nat.mul_le_mul (by omega) Nat.le.refl
  omega

end TinyVerify
