import TinyVerify.Network.Spec
import TinyVerify.Dequantize.Spec
/-!
# Bounds on a network over a box of int8 inputs

Interval arithmetic through the layers, the margin between two outputs on a box, and linear
combinations of inequalities (Farkas certificates). Obligations: `action_agreement.*`,
`quantization_error.*`.
-/
namespace TinyVerify

structure Interval where
  lo : Int
  hi : Int

def Interval.Holds (i : Interval) (z : Int) : Prop := i.lo ≤ z ∧ z ≤ i.hi

/-- The same number of values as intervals, each inside its own. -/
def InBox : List Interval → List Int → Prop
  | [], [] => True
  | i :: is, z :: zs => i.Holds z ∧ InBox is zs
  | _, _ => False

def Interval.add (a b : Interval) : Interval := ⟨a.lo + b.lo, a.hi + b.hi⟩

def Interval.scale (w : Int) (i : Interval) : Interval :=
  if 0 ≤ w then ⟨w * i.lo, w * i.hi⟩ else ⟨w * i.hi, w * i.lo⟩

/-- Interval of `start + sum_i w_i x_i`. -/
def accumulateInterval (start : Int) : List Int → List Interval → Interval
  | w :: ws, i :: is => (Interval.scale w i).add (accumulateInterval start ws is)
  | _, _ => ⟨start, start⟩

def evalRowsInterval (d : Dense) (box : List Interval) : List Row → List Interval
  | [] => []
  | r :: rs => accumulateInterval r.bias (d.weights r) box :: evalRowsInterval d box rs

def requantizeInterval (mode : Rounding) (p : RequantizeParams) (i : Interval) : Interval :=
  ⟨requantize mode i.lo p, requantize mode i.hi p⟩

def requantizeAllInterval (mode : Rounding) (l : Hidden) : List Scale → List Interval → List Interval
  | s :: ss, i :: is => requantizeInterval mode (l.params s) i :: requantizeAllInterval mode l ss is
  | _, _ => []

def hiddenIntervals (mode : Rounding) : List Hidden → List Interval → List Interval
  | [], box => box
  | l :: ls, box => hiddenIntervals mode ls (requantizeAllInterval mode l l.scales (evalRowsInterval l.dense box l.dense.rows))

/-- Intervals that hold the outputs for every input of the box. -/
def Network.intervals (net : Network) (box : List Interval) : List Interval :=
  evalRowsInterval net.last (hiddenIntervals net.mode net.hidden box) net.last.rows

/-- Each interval of the first list lies inside its partner of the second. -/
def withinOk : List Interval → List Interval → Bool
  | [], [] => true
  | i :: is, j :: js => decide (j.lo ≤ i.lo) && (decide (i.hi ≤ j.hi) && withinOk is js)
  | _, _ => false

def Network.boundsOk (net : Network) (box claimed : List Interval) : Bool := withinOk (net.intervals box) claimed

/-! ### the margin of one action over the others -/

def subtract : List Int → List Int → List Int
  | a :: as, b :: bs => (a - b) :: subtract as bs
  | _, _ => []

/-- The least value of output `best` minus output `other` on the box of hidden values. -/
def margin (d : Dense) (box : List Interval) (best other : Row) : Int :=
  (accumulateInterval (best.bias - other.bias) (subtract (d.weights best) (d.weights other)) box).lo

/-- The rows before and after position `action` all lie below row `best`. -/
def marginsOk (d : Dense) (box : List Interval) (best : Row) : Nat → List Row → Bool
  | _, [] => true
  | 0, _ :: rs => all (fun r => decide (0 < margin d box best r)) rs
  | n + 1, r :: rs => decide (0 < margin d box best r) && marginsOk d box best n rs

def rowAt : Nat → List Row → Option Row
  | _, [] => none
  | 0, r :: _ => some r
  | n + 1, _ :: rs => rowAt n rs

/-- On the whole box the network takes `action`. -/
def Network.actionOk (net : Network) (box : List Interval) (action : Nat) : Bool :=
  match rowAt action net.last.rows with
  | none => false
  | some best => marginsOk net.last (hiddenIntervals net.mode net.hidden box) best action net.last.rows

/-! ### linear certificates -/

/-- `sum coefficient * value ≤ bound` -/
structure Inequality where
  coefficients : List Int
  bound : Int

def Inequality.Holds (i : Inequality) (values : List Int) : Prop := sum (products i.coefficients values) ≤ i.bound

/-- An inequality and a natural number to multiply it by. -/
structure Weighted where
  multiplier : Nat
  inequality : Inequality

def addScaled (k : Int) : List Int → List Int → List Int
  | a :: as, b :: bs => (k * a + b) :: addScaled k as bs
  | [], bs => bs
  | a :: as, [] => (k * a) :: addScaled k as []

def combine : List Weighted → Inequality
  | [] => ⟨[], 0⟩
  | w :: ws => ⟨addScaled w.multiplier w.inequality.coefficients (combine ws).coefficients,
      w.multiplier * w.inequality.bound + (combine ws).bound⟩

end TinyVerify
