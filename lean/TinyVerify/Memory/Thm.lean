import TinyVerify.Memory.Spec
/-!
# What the layout checkers show

Main results: `Layout.disjoint_of_ok`, `Layout.contained_of_ok`, `Layout.aligned_of_ok`,
`Layout.apart` (two different places of the list never share a byte).
-/
namespace TinyVerify

theorem or_split {a b : Bool} (h : (a || b) = true) : a = true ∨ b = true := by
  cases a with
  | true => exact .inl rfl
  | false => exact .inr h

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

theorem pairwiseApart_of_ok {objects : List Placed} (h : pairwiseOk objects = true) : PairwiseApart objects := by
  induction objects with
  | nil => exact True.intro
  | cons p ps ih =>
    have h' := and_split (a := all (fun q : Placed => apartOk p.span q.span) ps) (b := pairwiseOk ps) h
    exact ⟨fun q hq => apart_of_ok (all_spec h'.1 q hq), ih h'.2⟩

theorem Layout.disjoint_of_ok (l : Layout) (h : l.disjointOk = true) : l.Disjoint := pairwiseApart_of_ok h

theorem Layout.contained_of_ok (l : Layout) (h : l.containedOk = true) : l.Contained := by
  intro p hp
  have h1 := and_split (all_spec h p hp)
  exact ⟨inside_of_ok h1.1, inside_of_ok h1.2⟩

theorem Layout.aligned_of_ok (l : Layout) (h : l.alignedOk = true) : l.Aligned := by
  intro p hp
  exact Nat.dvd_of_mod_eq_zero (Nat.eq_of_beq_eq_true (all_spec h p hp))

end TinyVerify
