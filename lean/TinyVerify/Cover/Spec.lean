import TinyVerify.Linear.Spec
/-!
# A tree of cuts that covers a box of input codes

A search cuts the box until a leaf can be decided; the tree itself proves that nothing is left out.
Leaves are checked by linear bounds, or, where a leaf is one cell, by evaluating the network.
Obligation: `policy.action_agreement`.
-/
namespace TinyVerify

inductive Cover where
  /-- On the whole leaf the network takes this action, by linear bounds. -/
  | linear (action : Nat)
  /-- The leaf is a single cell; the network takes this action there. -/
  | cell (action : Nat)
  /-- Nothing is claimed. -/
  | undecided
  /-- Inputs with `x[axis] ≤ cut`, and the others. -/
  | split (axis : Nat) (cut : Int) (below above : Cover)

/-- `box` with `x[axis] ≤ cut`. -/
def boxBelow (cut : Int) : Nat → List Interval → List Interval
  | _, [] => []
  | 0, i :: is => ⟨i.lo, min i.hi cut⟩ :: is
  | n + 1, i :: is => i :: boxBelow cut n is

/-- `box` with `cut < x[axis]`. -/
def boxAbove (cut : Int) : Nat → List Interval → List Interval
  | _, [] => []
  | 0, i :: is => ⟨max i.lo (cut + 1), i.hi⟩ :: is
  | n + 1, i :: is => i :: boxAbove cut n is

/-- What the tree says about one input: an action, or nothing. -/
def Cover.verdict (x : List Int) : Cover → Option Nat
  | .linear action => some action
  | .cell action => some action
  | .undecided => none
  | .split axis cut below above => if nth x axis ≤ cut then below.verdict x else above.verdict x

/-- The lower corner of a box. -/
def corner : List Interval → List Int
  | [] => []
  | i :: is => i.lo :: corner is

/-- Each interval holds one value only. -/
def isCell (box : List Interval) : Bool := all (fun i : Interval => decide (i.hi ≤ i.lo)) box

/-- Number of inputs in a box. -/
def volume : List Interval → Nat
  | [] => 1
  | i :: is => Int.toNat (i.hi - i.lo + 1) * volume is

/-- Number of inputs on which the tree decides nothing. -/
def Cover.undecidedVolume (box : List Interval) : Cover → Nat
  | .linear _ => 0
  | .cell _ => 0
  | .undecided => volume box
  | .split axis cut below above =>
    below.undecidedVolume (boxBelow cut axis box) + above.undecidedVolume (boxAbove cut axis box)

/-- Number of inputs for which the tree names an action. -/
def Cover.decidedVolume (box : List Interval) : Cover → Nat
  | .linear _ => volume box
  | .cell _ => volume box
  | .undecided => 0
  | .split axis cut below above =>
    below.decidedVolume (boxBelow cut axis box) + above.decidedVolume (boxAbove cut axis box)

/-- Every axis that the tree cuts is one of the box. -/
def Cover.axesBelow (count : Nat) : Cover → Prop
  | .split axis _ below above => axis < count ∧ below.axesBelow count ∧ above.axesBelow count
  | _ => True

/-- Every leaf that claims an action passes its check. -/
def Cover.ok (net : Network) (grid : Int) (box : List Interval) : Cover → Bool
  | .linear action => net.linearActionOk grid box action
  | .cell action => isCell box && Nat.beq (argMax (net.run (corner box))) action
  | .undecided => true
  | .split axis cut below above =>
    below.ok net grid (boxBelow cut axis box) && above.ok net grid (boxAbove cut axis box)

end TinyVerify
