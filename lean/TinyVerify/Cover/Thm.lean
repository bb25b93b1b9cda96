import TinyVerify.Cover.Spec
import TinyVerify.Linear.Thm
/-!
# A tree that passes its check tells the network's action

Main results: `Cover.verdict_of_ok`, `Cover.volumes_add` (the tree loses no input and counts none twice).
-/
namespace TinyVerify

theorem inBox_below {cut : Int} {axis : Nat} {box : List Interval} {x : List Int} (h : InBox box x)
    (hc : nth x axis ≤ cut) : InBox (boxBelow cut axis box) x := by
  induction axis generalizing box x with
  | zero =>
    cases box with
    | nil => exact h
    | cons i is =>
      cases x with
      | nil => exact h.elim
      | cons z zs =>
        have hz : z ≤ cut := hc
        have h1 := h.1
        unfold Interval.Holds at h1
        exact ⟨⟨h1.1, show z ≤ min i.hi cut by omega⟩, h.2⟩
  | succ n ih =>
    cases box with
    | nil => exact h
    | cons i is =>
      cases x with
      | nil => exact h.elim
      | cons z zs => exact ⟨h.1, ih h.2 hc⟩

theorem inBox_above {cut : Int} {axis : Nat} {box : List Interval} {x : List Int} (h : InBox box x)
    (hc : ¬ nth x axis ≤ cut) : InBox (boxAbove cut axis box) x := by
  induction axis generalizing box x with
  | zero =>
    cases box with
    | nil => exact h
    | cons i is =>
      cases x with
      | nil => exact h.elim
      | cons z zs =>
        have hz : ¬ z ≤ cut := hc
        have h1 := h.1
        unfold Interval.Holds at h1
        exact ⟨⟨show max i.lo (cut + 1) ≤ z by omega, h1.2⟩, h.2⟩
  | succ n ih =>
    cases box with
    | nil => exact h
    | cons i is =>
      cases x with
      | nil => exact h.elim
      | cons z zs => exact ⟨h.1, ih h.2 hc⟩

/-- The only input of a cell is its corner. -/
theorem corner_of_cell {box : List Interval} {x : List Int} (h : InBox box x) (hc : isCell box = true) : x = corner box := by
  induction box generalizing x with
  | nil =>
    cases x with
    | nil => rfl
    | cons _ _ => exact h.elim
  | cons i is ih =>
    cases x with
    | nil => exact h.elim
    | cons z zs =>
      have h' := and_split (a := decide (i.hi ≤ i.lo)) (b := isCell is) hc
      have h1 : i.hi ≤ i.lo := of_decide_eq_true h'.1
      have h2 := h.1
      unfold Interval.Holds at h2
      have hz : z = i.lo := by omega
      have e : corner (i :: is) = i.lo :: corner is := rfl
      rw [e, ih h.2 h'.2, hz]

/-- Wherever the tree names an action, the network takes it. -/
theorem Cover.verdict_of_ok (net : Network) (hr : net.requantizeOk = true) {grid : Int} {box : List Interval} {c : Cover}
    (h : c.ok net grid box = true) : ∀ x, InBox box x → ∀ action, c.verdict x = some action → argMax (net.run x) = action := by
  induction c generalizing box with
  | linear a =>
    intro x hx action hv
    have e : a = action := by injection hv
    rw [← e]
    exact net.linearAction_of_ok hr h x hx
  | cell a =>
    intro x hx action hv
    have e : a = action := by injection hv
    have h' := and_split h
    rw [← e, corner_of_cell hx h'.1]
    exact Nat.eq_of_beq_eq_true h'.2
  | undecided => intro x _ action hv; contradiction
  | split axis cut below above ihb iha =>
    intro x hx action hv
    have h' := and_split (a := below.ok net grid (boxBelow cut axis box)) (b := above.ok net grid (boxAbove cut axis box)) h
    by_cases hc : nth x axis ≤ cut
    · have e : (Cover.split axis cut below above).verdict x = below.verdict x := if_pos hc
      rw [e] at hv
      exact ihb h'.1 x (inBox_below hx hc) action hv
    · have e : (Cover.split axis cut below above).verdict x = above.verdict x := if_neg hc
      rw [e] at hv
      exact iha h'.2 x (inBox_above hx hc) action hv

/-! ### volumes -/

theorem length_boxBelow (cut : Int) (axis : Nat) (box : List Interval) : (boxBelow cut axis box).length = box.length := by
  induction box generalizing axis with
  | nil => cases axis <;> rfl
  | cons i is ih =>
    cases axis with
    | zero => rfl
    | succ n => exact congrArg (· + 1) (ih n)

theorem length_boxAbove (cut : Int) (axis : Nat) (box : List Interval) : (boxAbove cut axis box).length = box.length := by
  induction box generalizing axis with
  | nil => cases axis <;> rfl
  | cons i is ih =>
    cases axis with
    | zero => rfl
    | succ n => exact congrArg (· + 1) (ih n)

theorem volume_split (cut : Int) {axis : Nat} {box : List Interval} (ha : axis < box.length) :
    volume (boxBelow cut axis box) + volume (boxAbove cut axis box) = volume box := by
  induction box generalizing axis with
  | nil => have e : ([] : List Interval).length = 0 := rfl; omega
  | cons i is ih =>
    have e : (i :: is).length = is.length + 1 := rfl
    cases axis with
    | zero =>
      have e1 : volume (boxBelow cut 0 (i :: is)) = Int.toNat (min i.hi cut - i.lo + 1) * volume is := rfl
      have e2 : volume (boxAbove cut 0 (i :: is)) = Int.toNat (i.hi - max i.lo (cut + 1) + 1) * volume is := rfl
      have e3 : volume (i :: is) = Int.toNat (i.hi - i.lo + 1) * volume is := rfl
      have e4 : Int.toNat (min i.hi cut - i.lo + 1) + Int.toNat (i.hi - max i.lo (cut + 1) + 1) =
        Int.toNat (i.hi - i.lo + 1) := by omega
      rw [e1, e2, e3, ← Nat.add_mul, e4]
    | succ n =>
      have e1 : volume (boxBelow cut (n + 1) (i :: is)) = Int.toNat (i.hi - i.lo + 1) * volume (boxBelow cut n is) := rfl
      have e2 : volume (boxAbove cut (n + 1) (i :: is)) = Int.toNat (i.hi - i.lo + 1) * volume (boxAbove cut n is) := rfl
      have e3 : volume (i :: is) = Int.toNat (i.hi - i.lo + 1) * volume is := rfl
      rw [e1, e2, e3, ← Nat.mul_add, ih (by omega)]

/-- Decided and undecided inputs are all inputs: no leaf is lost, none counted twice. -/
theorem Cover.volumes_add {c : Cover} {box : List Interval} (h : c.axesBelow box.length) :
    c.decidedVolume box + c.undecidedVolume box = volume box := by
  induction c generalizing box with
  | linear _ => exact Nat.add_zero _
  | cell _ => exact Nat.add_zero _
  | undecided => exact Nat.zero_add _
  | split axis cut below above ihb iha =>
    have hb := ihb (box := boxBelow cut axis box) (by rw [length_boxBelow]; exact h.2.1)
    have ha := iha (box := boxAbove cut axis box) (by rw [length_boxAbove]; exact h.2.2)
    have hs := volume_split cut h.1
    have e1 : (Cover.split axis cut below above).decidedVolume box =
      below.decidedVolume (boxBelow cut axis box) + above.decidedVolume (boxAbove cut axis box) := rfl
    have e2 : (Cover.split axis cut below above).undecidedVolume box =
      below.undecidedVolume (boxBelow cut axis box) + above.undecidedVolume (boxAbove cut axis box) := rfl
    omega

end TinyVerify
