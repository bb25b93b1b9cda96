import TinyVerify.Bounds.Spec
/-!
# Linear bounds on a network with one hidden layer, over a box

Each hidden value is bounded from below or above by a line in its accumulator; the lines are
substituted into a combination of the outputs, which leaves one linear form in the inputs. Lines may
come from anywhere: `upperOk` and `lowerOk` check them at the two ends of the accumulator's interval.
Obligations: `policy.action_agreement`, `policy.logit_error`.
-/
namespace TinyVerify

/-- `slope * acc + offset`, in units of `1 / grid`. -/
structure Line where
  slope : Int
  offset : Int

def Line.at (l : Line) (acc : Int) : Int := l.slope * acc + l.offset

/-- `2 * unit` times the upper and the lower real line around requantize before its clamp. -/
def upperReal (p : RequantizeParams) (acc : Int) : Int :=
  2 * (acc * p.multiplier) + 2 * (unit p.shift * p.zeroPoint) + (unit p.shift + 2147483648)

def lowerReal (p : RequantizeParams) (acc : Int) : Int :=
  2 * (acc * p.multiplier) + 2 * (unit p.shift * p.zeroPoint) - (unit p.shift + 2147483648)

/-- At `acc` the line lies above the clamp's lower end and above the upper real line. -/
def aboveAt (grid : Int) (p : RequantizeParams) (l : Line) (acc : Int) : Bool :=
  decide (grid * p.lo ≤ l.at acc) && decide (grid * upperReal p acc ≤ 2 * unit p.shift * l.at acc)

/-- At `acc` the line lies below the clamp's upper end and below the lower real line. -/
def belowAt (grid : Int) (p : RequantizeParams) (l : Line) (acc : Int) : Bool :=
  decide (l.at acc ≤ grid * p.hi) && decide (2 * unit p.shift * l.at acc ≤ grid * lowerReal p acc)

/-- The line lies above requantize on the interval. -/
def upperOk (mode : Rounding) (grid : Int) (p : RequantizeParams) (i : Interval) (l : Line) : Bool :=
  (aboveAt grid p l i.lo && aboveAt grid p l i.hi) ||
    (decide (l.slope = 0) && decide (grid * requantize mode i.hi p ≤ l.offset))

/-- The line lies below requantize on the interval. -/
def lowerOk (mode : Rounding) (grid : Int) (p : RequantizeParams) (i : Interval) (l : Line) : Bool :=
  (belowAt grid p l i.lo && belowAt grid p l i.hi) ||
    (decide (l.slope = 0) && decide (l.offset ≤ grid * requantize mode i.lo p))

/-! ### a rule that finds lines: nothing rests on it -/

def ceilDiv (a b : Int) : Int := -((-a) / b)

def chooseUpper (mode : Rounding) (grid : Int) (p : RequantizeParams) (i : Interval) : Line :=
  let d := 2 * unit p.shift
  let a := max (d * p.lo) (upperReal p i.lo)
  let b := max (d * p.lo) (upperReal p i.hi)
  if a = b then ⟨0, grid * requantize mode i.hi p⟩
  else if d * p.hi < upperReal p i.lo then ⟨0, grid * requantize mode i.hi p⟩
  else
    let slope := grid * (b - a) / (d * (i.hi - i.lo))
    ⟨slope, max (ceilDiv (grid * a) d - slope * i.lo) (ceilDiv (grid * b) d - slope * i.hi)⟩

def chooseLower (mode : Rounding) (grid : Int) (p : RequantizeParams) (i : Interval) : Line :=
  let d := 2 * unit p.shift
  if d * p.hi < lowerReal p i.hi then ⟨0, grid * requantize mode i.lo p⟩
  else if lowerReal p i.lo + lowerReal p i.hi < 2 * (d * p.lo) then ⟨0, grid * requantize mode i.lo p⟩
  else
    let slope := grid * (2 * p.multiplier) / d
    ⟨slope, min (grid * lowerReal p i.lo / d - slope * i.lo) (grid * lowerReal p i.hi / d - slope * i.hi)⟩

/-! ### the linear form -/

/-- `sum coefficient_i * x_i + constant` -/
structure Form where
  coefficients : List Int
  constant : Int

def Form.value (f : Form) (x : List Int) : Int := f.constant + sum (products f.coefficients x)

/-- The line for a hidden value that enters with this factor: from below for a positive one. -/
def lineFor (mode : Rounding) (grid : Int) (p : RequantizeParams) (i : Interval) (factor : Int) : Line :=
  if 0 ≤ factor then chooseLower mode grid p i else chooseUpper mode grid p i

def lineOk (mode : Rounding) (grid : Int) (p : RequantizeParams) (i : Interval) (factor : Int) : Bool :=
  if 0 ≤ factor then lowerOk mode grid p i (chooseLower mode grid p i)
  else upperOk mode grid p i (chooseUpper mode grid p i)

/-- A linear form below `grid * sum_j factor_j * hidden_j`. -/
def lowerForm (mode : Rounding) (grid : Int) (l : Hidden) (box : List Interval) :
    List Row → List Scale → List Int → Form
  | r :: rs, s :: ss, v :: vs =>
    let rest := lowerForm mode grid l box rs ss vs
    let line := lineFor mode grid (l.params s) (accumulateInterval r.bias (l.dense.weights r) box) v
    ⟨addScaled (v * line.slope) (l.dense.weights r) rest.coefficients,
      v * (line.slope * r.bias + line.offset) + rest.constant⟩
  | _, _, _ => ⟨[], 0⟩

/-- Every line of the form is checked, and every multiplier is positive. -/
def lowerFormOk (mode : Rounding) (grid : Int) (l : Hidden) (box : List Interval) :
    List Row → List Scale → List Int → Bool
  | r :: rs, s :: ss, v :: vs =>
    lineOk mode grid (l.params s) (accumulateInterval r.bias (l.dense.weights r) box) v &&
      lowerFormOk mode grid l box rs ss vs
  | _, _, _ => true

/-- A number that `grid * (sum_j factor_j * hidden_j)` never falls below on the box. -/
def lowerBound (mode : Rounding) (grid : Int) (l : Hidden) (box : List Interval) (factors : List Int) : Int :=
  let f := lowerForm mode grid l box l.dense.rows l.scales factors
  (accumulateInterval f.constant f.coefficients box).lo

def boundOk (mode : Rounding) (grid : Int) (l : Hidden) (box : List Interval) (factors : List Int) : Bool :=
  decide (0 < grid) && lowerFormOk mode grid l box l.dense.rows l.scales factors

/-- Row `best` of the last layer exceeds `other` on the whole box. -/
def exceedsOk (mode : Rounding) (grid : Int) (l : Hidden) (last : Dense) (box : List Interval) (best other : Row) : Bool :=
  boundOk mode grid l box (subtract (last.weights best) (last.weights other)) &&
    decide (0 < lowerBound mode grid l box (subtract (last.weights best) (last.weights other)) + grid * (best.bias - other.bias))

/-- Row `best` exceeds all rows but the one at this position. -/
def exceedsAllOk (mode : Rounding) (grid : Int) (l : Hidden) (last : Dense) (box : List Interval) (best : Row) :
    Nat → List Row → Bool
  | _, [] => true
  | 0, _ :: rs => all (exceedsOk mode grid l last box best) rs
  | n + 1, r :: rs => exceedsOk mode grid l last box best r && exceedsAllOk mode grid l last box best n rs

/-- On the whole box a network with one hidden layer takes `action`. -/
def Network.linearActionOk (net : Network) (grid : Int) (box : List Interval) (action : Nat) : Bool :=
  match net.hidden, rowAt action net.last.rows with
  | l :: [], some best => exceedsAllOk net.mode grid l net.last box best action net.last.rows
  | _, _ => false

end TinyVerify
