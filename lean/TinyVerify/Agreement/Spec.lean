import TinyVerify.Certified.Fast
import TinyVerify.Dequantize.Spec
/-!
# On how many cells of codes an int8 network and its float32 network surely take the same action

A cell is one list of input codes, counted from 255 below the zero points. A tree of cuts names an action on the leaves
that are decided as a whole: there every other action's logit lies strictly below in both networks, so ties play no part.
The leaves' cells are added up as natural numbers; leaves that name no action count for nothing.
Obligation: `policy.action_agreement`.
-/
namespace TinyVerify

/-! ### the claim -/

/-- The cell of codes. -/
def cellOf : List Feature → List Int → List Nat
  | f :: fs, q :: qs => Int.toNat (q - f.zeroPoint + 255) :: cellOf fs qs
  | _, _ => []

/-- On every observation of the cell, whatever float32 arithmetic makes of it: both networks take the same action. -/
def ActsAlike (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) (cell : List Nat) : Prop :=
  ∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
    cellOf input (ObjectCode.quantizeAll input bits) = cell → ∀ y, f.Computes (f32Values bits) y →
      argMax y = argMax (net.run (ObjectCode.quantizeAll input bits))

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

/-- Every observation of the box lies in one of the `whole` cells of `root`, and on at least `cells` of them both
networks take the same action. -/
def AlikeOn (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) (root : Cell)
    (cells whole : Nat) : Prop :=
  (∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
    Between root.lo root.hi (cellOf input (ObjectCode.quantizeAll input bits))) ∧
  countCells (fun _ => true) root.lo root.hi = whole ∧
  ∃ alike : List Nat → Bool, (∀ cell, alike cell = true → ActsAlike net input f box cell) ∧
    cells ≤ countCells alike root.lo root.hi

/-! ### checkers -/

/-- Cuts of a box of codes, with an action where a leaf is decided. -/
inductive Regions where
  | undecided
  | action (a : Nat)
  /-- Codes `n axis ≤ cut`, and the others. -/
  | split (axis cut : Nat) (below above : Regions)

/-- A cut between the ends of an axis, so that the two parts are disjoint and make up the box. -/
def cutOk (axis cut : Nat) (lo hi : List Nat) : Bool :=
  (Nat.ble (axis + 1) lo.length && Nat.ble (axis + 1) hi.length) &&
    (Nat.ble (entry 0 lo axis) (cut + 1) && Nat.ble cut (entry 0 hi axis))

/-- How many cells a box has. -/
def cellsIn : List Nat → List Nat → Nat
  | l :: ls, h :: hs => (h + 1 - l) * cellsIn ls hs
  | _, _ => 1

namespace Regions

/-- `test a` on every leaf that names action `a`. -/
def all (test : Nat → Cell → Bool) (lo hi : List Nat) : Regions → Bool
  | undecided => true
  | action a => test a ⟨lo, hi⟩
  | split axis cut below above => cutOk axis cut lo hi &&
    ((withSet cut axis hi fun hi => below.all test lo hi) &&
      (withNat (cut + 1) fun next => withSet next axis lo fun lo => above.all test lo hi))

/-- How many cells the leaves that name an action have. -/
def cells (lo hi : List Nat) : Regions → Nat
  | undecided => 0
  | action _ => cellsIn lo hi
  | split axis cut below above =>
    below.cells lo (setEntry cut axis hi) + above.cells (setEntry (cut + 1) axis lo) hi

/-- The tree names an action at this cell. -/
def decided (n : Nat → Nat) : Regions → Bool
  | undecided => false
  | action _ => true
  | split axis cut below above => if n axis ≤ cut then below.decided n else above.decided n

end Regions

/-! What a plan must be for action `a` to win. Its outputs stand in pairs, one pair for each other action `b`: the int8
accumulator of `b` less that of `a`, and the same for the float32 logits. `high` is the limit of either. -/

/-- Where the pair of `b` begins. -/
def rank (a b : Nat) : Nat := if b < a then 2 * b else 2 * (b - 1)

def noOutput : Output := ⟨0, 0, 0, 0, 0, 0, 0, 0, 0⟩

namespace Plan

/-- `sumError` bounds what float32 arithmetic adds to a logit, in units of `2^-298`. -/
def sumErrorOk (p : Plan) (box : List Interval) (hidden : List FloatRow) (error : Int) (r : FloatRow) : Bool :=
  let terms : Int := (p.pairing.units.length : Int) + 1
  leqInt (terms * (((f32One * r.bias).natAbs : Int) + p.outReach box p.pairing.units hidden r.weights) + 4 * terms * f32Tiny)
    ((16777216 - terms) * error)

/-- Where both limits hold, output `b` lies below output `a`. -/
def beatsOk (p : Plan) (box : List Interval) (l : Hidden) (hidden : List FloatRow) (last : Dense) (ra rb : Row)
    (fa fb : FloatRow) (k : Nat) : Bool :=
  let code := entry noOutput p.outputs k
  let float := entry noOutput p.outputs (k + 1)
  let wa := last.weights ra
  let wb := last.weights rb
  let terms : Int := (p.pairing.units.length : Int) + 1
  TinyVerify.all (fun b => b) [
    Nat.ble (k + 2) p.outputs.length, Nat.beq wa.length wb.length, Nat.beq fa.weights.length fb.weights.length,
    decide (code.a1 = 1), Nat.beq code.a2 0, Nat.beq code.den 1,
    weightsOk code k p.pairing.units (subtract wb wa) wa,
    leqInt (2 * (p.pairing.rho * p.theta * (accBase l wb rb.bias - accBase l wa ra.bias)) + code.high + 1) 0,
    decide (float.a1 = 0), Nat.beq float.a2 1, Nat.ble 1 float.den,
    weightsOk float (k + 1) p.pairing.units wa (subtract fa.weights fb.weights),
    leqInt (4 * terms) 16777216,
    p.sumErrorOk box hidden float.sumError fa, p.sumErrorOk box hidden float.sumError fb,
    leqInt (2 * (p.phi * f32One * (f32One * (fb.bias - fa.bias) + 2 * float.sumError)) + p.scale * (float.den * float.high) + 1) 0]

def rowOf (rows : List Row) (j : Nat) : Row := entry ⟨0, 0⟩ rows j
def floatRowOf (rows : List FloatRow) (j : Nat) : FloatRow := entry ⟨0, []⟩ rows j

/-- The plan is about this policy, this float32 network and this box, and its limits make action `a` win. -/
def winsOk (p : Plan) (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) (a : Nat) : Bool :=
  match net.hidden with
  | [l] =>
    TinyVerify.all (fun b => b) [
      Nat.ble 1 p.fine, Nat.ble 1 p.coarse, Nat.ble 1 p.theta, Nat.ble 1 p.phi, Nat.ble 1 p.pairing.rho,
      decide (p.scale * p.pairing.rho = codeUnit), decide (p.pairing.cap = p.pairing.rho * p.theta * (127 - l.zeroPoint)),
      Nat.beq input.length p.pairing.dim, Nat.beq box.length p.pairing.dim, leqInt (4 * p.terms) 16777216,
      leqInt l.zeroPoint 127, Nat.beq p.root.lo.length p.pairing.dim, Nat.beq p.root.hi.length p.pairing.dim,
      allBelow (p.axisOk input box) p.pairing.dim,
      p.unitsOk input box l p.pairing.units l.dense.rows l.scales f.hidden,
      Nat.ble (a + 1) net.last.rows.length, Nat.beq f.last.length net.last.rows.length,
      allBelow (fun b => Nat.beq b a || p.beatsOk box l f.hidden net.last (rowOf net.last.rows a) (rowOf net.last.rows b)
        (floatRowOf f.last a) (floatRowOf f.last b) (rank a b)) net.last.rows.length]
  | _ => false

end Plan

/-- A plan and its packed columns. -/
structure Winner where
  plan : Plan
  columns : Columns

/-- The check of a leaf that names action `a`: that of the winner at this place. -/
def winnerTest : List Winner → Nat → Cell → Bool
  | [], _, _ => false
  | w :: _, 0, c => fastOk w.columns w.plan.pairing c
  | _ :: ws, a + 1, c => winnerTest ws a c

def winnersOk (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) (root : Cell) :
    Nat → List Winner → Bool
  | _, [] => true
  | a, w :: ws => ((w.plan.winsOk net input f box a && w.columns.ok w.plan) &&
      (sameNats w.plan.root.lo root.lo && sameNats w.plan.root.hi root.hi)) && winnersOk net input f box root (a + 1) ws
where
  sameNats : List Nat → List Nat → Bool
    | [], [] => true
    | a :: as, b :: bs => Nat.beq a b && sameNats as bs
    | _, _ => false

end TinyVerify
