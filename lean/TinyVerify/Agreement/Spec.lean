import TinyVerify.Certified.Fast
import TinyVerify.Dequantize.Spec
/-!
# On how many cells of codes an int8 network and its float32 network surely take the same action

A cell is one list of input codes, counted from 255 below the zero points. `AlikeOn` is the claim; `Regions.lean` holds the tree
of cuts that a certificate names, `Sides.lean` the check of its leaves.
Obligation: `policy.action_agreement`.
-/
namespace TinyVerify

/-! ### the claim -/

/-- The cell of codes. -/
def cellOf : List Feature → List Int → List Nat
  | f :: fs, q :: qs => Int.toNat (q - f.zeroPoint + 255) :: cellOf fs qs
  | _, _ => []

/-- Whatever float32 arithmetic makes of the observation: both networks take the same action. -/
def ActsAlike (net : Network) (input : List Feature) (f : FloatNetwork) (bits : List Nat) : Prop :=
  ∀ y, f.Computes (f32Values bits) y → argMax y = argMax (net.run (ObjectCode.quantizeAll input bits))

/-- `f start + f (start + 1) + ...`, so many summands. -/
def sumRange (f : Nat → Nat) (start : Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => f start + sumRange f (start + 1) n

/-- How many lists of numbers between `lo` and `hi` pass the test. -/
def countCells (test : List Nat → Bool) : List Nat → List Nat → Nat
  | l :: ls, h :: hs => sumRange (fun v => countCells (fun rest => test (v :: rest)) ls hs) l (h + 1 - l)
  | _, _ => if test [] = true then 1 else 0

/-- Every number lies between its limits. -/
def Between : List Nat → List Nat → List Nat → Prop
  | l :: ls, h :: hs, v :: vs => (l ≤ v ∧ v ≤ h) ∧ Between ls hs vs
  | [], [], [] => True
  | _, _, _ => False

/-- Every observation of the box lies in one of the `whole` cells of `root`, and on at least `cells` of them `good` holds of
every observation of the cell. -/
def HoldsOn (good : List Nat → Prop) (input : List Feature) (box : List Interval) (root : Cell) (cells whole : Nat) : Prop :=
  (∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
    Between root.lo root.hi (cellOf input (ObjectCode.quantizeAll input bits))) ∧
  countCells (fun _ => true) root.lo root.hi = whole ∧
  ∃ chosen : List Nat → Bool, (∀ cell, chosen cell = true → ∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) →
    InBox box (f32Values bits) → cellOf input (ObjectCode.quantizeAll input bits) = cell → good bits) ∧
    cells ≤ countCells chosen root.lo root.hi

/-- On at least `cells` of the `whole` cells of `root` both networks take the same action. -/
def AlikeOn (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) (root : Cell)
    (cells whole : Nat) : Prop := HoldsOn (ActsAlike net input f) input box root cells whole

/-! ### boxes of cells -/

/-- A cut between the ends of an axis, so that the two parts are disjoint and make up the box. -/
def cutOk (axis cut : Nat) (lo hi : List Nat) : Bool :=
  (Nat.ble (axis + 1) lo.length && Nat.ble (axis + 1) hi.length) &&
    (Nat.ble (entry 0 lo axis) (cut + 1) && Nat.ble cut (entry 0 hi axis))

/-- How many cells a box has. -/
def cellsIn : List Nat → List Nat → Nat
  | l :: ls, h :: hs => (h + 1 - l) * cellsIn ls hs
  | _, _ => 1

end TinyVerify
