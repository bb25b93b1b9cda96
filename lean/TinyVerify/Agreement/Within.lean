import TinyVerify.Agreement.Sides
import TinyVerify.Sample.Spec
import TinyVerify.Tanh.Spec
/-!
# On how many cells of codes the actions of a continuous policy are close

The int8 program's deterministic action is a function of the code of the mean, and so of an int32 accumulator; the float32 policy's
is `bound tanh y`, for a float32 mean `y`. A row of a table names the accumulators of one code, and between which `y` the two
actions are close. On a leaf of the tree the accumulator lies between two limits, and `y` is near its product with `unit`; a band
names such limits, and the rows in question. The limits are those of `Cell.errorHigh`, of two outputs: the mean of the int8 program
less that of the float32 network, and the accumulator alone.
Obligation: `policy.action_agreement` of continuous policies.
-/
namespace TinyVerify

/-! ### the claim -/

/-- The int8 program's action without noise, in units of `2^-149`: an entry of the table, times a float32 scale. -/
def deterministicAction (head : Head) (scale : Nat) (accs : List Int) : Int :=
  match head with
  | .continuous g => f32Value (dequantize (g.actionFor (nth accs 0) (nth accs 1) 0) scale)
  | .discrete _ => 0

/-- Whatever float32 arithmetic makes of the observation, tanh included (`TanhAction`): the actions differ by at most `tolerance`. -/
def ActsWithin (net : Network) (input : List Feature) (head : Head) (scale : Nat) (f : FloatNetwork) (bound tolerance : Int)
    (bits : List Nat) : Prop :=
  ∀ y, f.Computes (f32Values bits) y → ∀ action, TanhAction bound (nth y 0) action →
    -tolerance ≤ deterministicAction head scale (net.run (ObjectCode.quantizeAll input bits)) - action ∧
    deterministicAction head scale (net.run (ObjectCode.quantizeAll input bits)) - action ≤ tolerance

/-- On at least `cells` of the `whole` cells of `root` the actions differ by at most `tolerance`; the float32 policy's are those of
`bound tanh`; all three are in units of `2^-149`. -/
def WithinOn (net : Network) (input : List Feature) (head : Head) (scale : Nat) (f : FloatNetwork) (bound tolerance : Int)
    (box : List Interval) (root : Cell) (cells whole : Nat) : Prop :=
  HoldsOn (ActsWithin net input head scale f bound tolerance) input box root cells whole

/-! ### tables -/

/-- Accumulators with one code of the mean, counted from `-2^31`, and between which float32 means, in units of `2^-20`, the actions
are close; such a mean may lie `above` above and `below` below any of the accumulators times `unit`. -/
structure MeanCode where
  first : Nat
  last : Nat
  low : Int
  high : Int
  above : Nat
  below : Nat

/-- An accumulator. -/
def accAt (n : Nat) : Int := n - 2147483648

/-- An output's limits on a leaf, `high - less` and `low - more`, less the constant part of the residual. -/
structure Limits where
  less : Nat
  high : Nat
  more : Nat
  low : Nat

/-- What holds on a leaf: accumulators from `first` to `last`, whose codes stand in `take` rows of the table after `skip`; the
accumulator times `unit` at most `above` below and `below` above the float32 mean, in units of `2^-20`. `error` and `code`:
limits from which this follows. -/
structure Band where
  first : Nat
  last : Nat
  skip : Nat
  take : Nat
  above : Nat
  below : Nat
  error : Limits
  code : Limits

def noLimits : Limits := ⟨0, 0, 0, 0⟩

def noBand : Band := ⟨0, 0, 0, 0, 0, 0, noLimits, noLimits⟩

namespace Limits

/-- An output's columns with other limits. -/
def columns (l : Limits) (o : OutColumns) : OutColumns := { o with less := l.less, high := l.high, more := l.more, low := l.low }

/-- The same of the output, whose own limits are those of columns `o`. -/
def output (l : Limits) (o : OutColumns) (out : Output) : Output :=
  { out with high := l.high - l.less + (out.high - (o.high - o.less)), low := l.low - l.more + (out.low - (o.low - o.more)) }

end Limits

/-- The rows follow one another from `first` to `last`. -/
def covers (first last : Nat) : List MeanCode → Bool
  | [] => Nat.ble (last + 1) first
  | r :: rs => Nat.ble r.first first && covers (r.last + 1) last rs

/-- `g (dequantize acc scale)`, with each step computed once. -/
def withDequantized (acc : Int) (scale : Nat) (g : Nat → Bool) : Bool :=
  withNat (f32Nearest (acc.natAbs * 2 ^ 149) 0) fun a =>
  withNat (f32Nearest (f32Significand a * f32Significand scale * 2 ^ (f32Scale a + f32Scale scale)) 149) fun m =>
  withNat (if acc < 0 then 2147483648 + m else m) g

namespace MeanCode

/-- The entry of the table for the first accumulator. -/
def code (r : MeanCode) (g : Gaussian) : Int :=
  Gaussian.entry g.tanh (clamp (requantize g.mode (accAt r.first) g.mean) (-128) 127 + 128)

/-- The code of the mean is the same from first to last, and tanh keeps to what the row says. -/
def ok (r : MeanCode) (g : Gaussian) (scale : Nat) (bound tolerance unit : Int) : Bool :=
  decide (requantize g.mode (accAt r.last) g.mean = requantize g.mode (accAt r.first) g.mean) && (withInt (r.code g) fun code =>
    withDequantized code scale fun bits => withInt (f32Value bits) fun own =>
    tanhAtMostOk (boundUnit * r.high) (1048576 * (own + tolerance) - bound) (1048576 * bound) &&
      (tanhAtMostOk (-(boundUnit * r.low)) (1048576 * (tolerance - own) - bound) (1048576 * bound) &&
      (leqInt (accAt r.last * unit + boundUnit * r.above) (boundUnit * r.high) &&
      leqInt (boundUnit * r.low) (accAt r.first * unit - boundUnit * r.below))))

/-- A mean that is as near to `unit` times an accumulator of the row as the band says lies where the row wants it. -/
def fits (r : MeanCode) (above below : Nat) : Bool := Nat.ble above r.above && Nat.ble below r.below

end MeanCode

/-- What decides a leaf: the plan of two outputs and its columns. `base`: the accumulator where all hidden codes are least;
`bias`: that of the float32 mean; `step`: the unit in which the mean's error is counted. -/
structure ActionJudge where
  plan : Plan
  columns : Columns
  error : OutColumns
  code : OutColumns
  unit : Int
  base : Int
  bias : Int
  step : Int
  table : List MeanCode
  bands : List Band

namespace ActionJudge

def errorOutput (j : ActionJudge) : Output := entry noOutput j.plan.outputs 0
def codeOutput (j : ActionJudge) : Output := entry noOutput j.plan.outputs 1

/-- The check of a leaf: the limits of its band hold. -/
def test (j : ActionJudge) : List Half → Cell → Bool
  | [a], cell => Nat.ble (a.action + 1) j.bands.length &&
    withUnits j.columns j.plan.pairing cell fun xl xh slope lifted above apart live over =>
      outsOk j.columns j.plan.pairing.axes xl xh slope lifted above apart live over
        [(entry noBand j.bands a.action).error.columns j.error, (entry noBand j.bands a.action).code.columns j.code]
  | _, _ => false

/-- The two outputs are the mean's, of both networks and of the int8 program alone. -/
def meanOk (j : ActionJudge) (box : List Interval) (l : Hidden) (hidden : List FloatRow) (last : Dense) (row : Row) (r : FloatRow) :
    Bool :=
  let p := j.plan
  let w := last.weights row
  let terms : Int := (p.pairing.units.length : Int) + 1
  TinyVerify.all (fun b => b) [
    j.columns.outOk p.pairing 0 j.error j.errorOutput, j.columns.outOk p.pairing 1 j.code j.codeOutput,
    decide (Plan.accBase l w row.bias = j.base), decide (r.bias = j.bias), decide (p.errorUnit j.errorOutput = j.step),
    Plan.weightsOk j.errorOutput 0 p.pairing.units w r.weights,
    Nat.ble 1 j.errorOutput.a2, Nat.ble 1 j.errorOutput.den, leqInt 0 j.unit,
    decide ((j.errorOutput.den : Int) * (j.errorOutput.a1 * (p.scale * (p.pairing.rho * p.theta))) = j.step * f32One * j.unit),
    leqInt (4 * terms) 16777216, p.sumErrorOk box hidden j.errorOutput.sumError r,
    decide (j.codeOutput.a1 = 1), Nat.beq j.codeOutput.a2 0, Nat.beq j.codeOutput.den 1,
    Plan.weightsOk j.codeOutput 1 p.pairing.units w w]

/-- What the band says follows from its limits, and its codes allow it. -/
def bandOk (j : ActionJudge) (b : Band) : Bool :=
  let p := j.plan
  let out := j.errorOutput
  let error := b.error.output j.error out
  let code := b.code.output j.code j.codeOutput
  TinyVerify.all (fun b => b) [
    covers b.first b.last ((j.table.drop b.skip).take b.take),
    TinyVerify.all (fun m => m.fits b.above b.below) ((j.table.drop b.skip).take b.take),
    leqInt (p.scale * (out.den * error.high) + 2 * (j.step * f32One * (j.unit * j.base - j.bias)) + 2 * (j.step * out.sumError))
      (2 * (j.step * f32One * (boundUnit * b.below))),
    leqInt (p.scale * (out.den * error.low) - 2 * (j.step * f32One * (j.unit * j.base - j.bias)) + 2 * (j.step * out.sumError))
      (2 * (j.step * f32One * (boundUnit * b.above))),
    leqInt (code.high + 1) (2 * (p.pairing.rho * p.theta * (accAt b.last + 1 - j.base))),
    leqInt (code.low + 1) (2 * (p.pairing.rho * p.theta * (j.base - accAt b.first + 1)))]

/-- The plan is about this policy, this float32 network and this box, and the bands say what they should. -/
def bandsOk (j : ActionJudge) (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) : Bool :=
  j.plan.framesOk net input f box && (TinyVerify.all j.bandOk j.bands &&
  match net.hidden, net.last.rows, f.last with
  | [l], row :: _, r :: _ => j.meanOk box l f.hidden net.last row r
  | _, _, _ => false)

/-- The table is about this policy's head. -/
def tableOk (j : ActionJudge) (head : Head) (scale : Nat) (bound tolerance : Int) : Bool :=
  match head with
  | .continuous g => (leqInt 1 bound && (leqInt 0 g.mean.multiplier && decide (requantize g.mode 0 g.noise = 0))) &&
    TinyVerify.all (fun m => m.ok g scale bound tolerance j.unit) j.table
  | .discrete _ => false

/-- The columns of the hidden units; outputs have theirs in the bands. -/
def columnsOk (j : ActionJudge) : Bool := j.columns.ok { j.plan with outputs := [] }

end ActionJudge

end TinyVerify
