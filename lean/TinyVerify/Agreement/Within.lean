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

/-- Accumulators with one code of the mean, and between which float32 means, in units of `2^-20`, the actions are close. -/
structure MeanCode where
  first : Int
  last : Int
  low : Int
  high : Int

/-- What holds on a leaf: accumulators from `first` to `last`, whose codes stand in `take` rows of the table after `skip`; the
accumulator times `unit` at most `above` below and `below` above the float32 mean, in units of `2^-20`. `error` and `code` with
their columns: limits from which this follows. -/
structure Band where
  first : Int
  last : Int
  skip : Nat
  take : Nat
  above : Int
  below : Int
  error : Output
  code : Output
  outs : List OutColumns

def noBand : Band := ⟨0, 0, 0, 0, 0, 0, noOutput, noOutput, []⟩

/-- The rows follow one another from `first` to `last`. -/
def covers (first last : Int) : List MeanCode → Bool
  | [] => leqInt (last + 1) first
  | r :: rs => leqInt r.first first && covers (r.last + 1) last rs

namespace MeanCode

/-- The int8 program's action. -/
def action (r : MeanCode) (g : Gaussian) (scale : Nat) : Int :=
  f32Value (dequantize (Gaussian.entry g.tanh (clamp (requantize g.mode r.first g.mean) (-128) 127 + 128)) scale)

/-- The code of the mean is the same from first to last, and tanh keeps to what it says. -/
def ok (r : MeanCode) (g : Gaussian) (scale : Nat) (bound tolerance : Int) : Bool :=
  decide (requantize g.mode r.last g.mean = requantize g.mode r.first g.mean) &&
    (tanhAtMostOk (boundUnit * r.high) (1048576 * (r.action g scale + tolerance) - bound) (1048576 * bound) &&
      tanhAtMostOk (-(boundUnit * r.low)) (1048576 * (tolerance - r.action g scale) - bound) (1048576 * bound))

/-- A mean that is as near to `unit` times an accumulator of the row as the band says lies where the row wants it. -/
def fits (r : MeanCode) (unit above below : Int) : Bool :=
  leqInt (r.last * unit + boundUnit * above) (boundUnit * r.high) && leqInt (boundUnit * r.low) (r.first * unit - boundUnit * below)

end MeanCode

/-- What decides a leaf. -/
structure ActionJudge where
  plan : Plan
  columns : Columns
  unit : Int
  table : List MeanCode
  bands : List Band

namespace ActionJudge

/-- The check of a leaf: the limits of its band hold. -/
def test (j : ActionJudge) : List Half → Cell → Bool
  | [a], cell => Nat.ble (a.action + 1) j.bands.length &&
    withUnits j.columns j.plan.pairing cell fun xl xh slope lifted above apart live over =>
      outsOk j.columns j.plan.pairing.axes xl xh slope lifted above apart live over (entry noBand j.bands a.action).outs
  | _, _ => false

def bandOk (j : ActionJudge) (box : List Interval) (l : Hidden) (hidden : List FloatRow) (last : Dense) (row : Row) (r : FloatRow)
    (b : Band) : Bool :=
  let p := j.plan
  let w := last.weights row
  let terms : Int := (p.pairing.units.length : Int) + 1
  let rest := 2 * (p.errorUnit b.error * b.error.sumError)
  let k2 := 2 * p.constant b.error l w row.bias r.bias j.unit
  all (fun b => b) [
    j.columns.outsMatch p.pairing 0 b.outs [b.error, b.code],
    covers b.first b.last ((j.table.drop b.skip).take b.take),
    all (fun m => m.fits j.unit b.above b.below) ((j.table.drop b.skip).take b.take),
    Plan.weightsOk b.error 0 p.pairing.units w r.weights,
    Nat.ble 1 b.error.a2, Nat.ble 1 b.error.den, leqInt 0 j.unit,
    decide ((b.error.den : Int) * (b.error.a1 * (p.scale * (p.pairing.rho * p.theta))) = p.errorUnit b.error * f32One * j.unit),
    leqInt (4 * terms) 16777216, p.sumErrorOk box hidden b.error.sumError r,
    leqInt (p.scale * (b.error.den * b.error.high) + k2 + rest) (2 * (p.errorUnit b.error * f32One * (boundUnit * b.below))),
    leqInt (p.scale * (b.error.den * b.error.low) - k2 + rest) (2 * (p.errorUnit b.error * f32One * (boundUnit * b.above))),
    decide (b.code.a1 = 1), Nat.beq b.code.a2 0, Nat.beq b.code.den 1,
    Plan.weightsOk b.code 1 p.pairing.units w w,
    leqInt (b.code.high + 1) (2 * (p.pairing.rho * p.theta * (b.last + 1 - Plan.accBase l w row.bias))),
    leqInt (b.code.low + 1) (2 * (p.pairing.rho * p.theta * (Plan.accBase l w row.bias - b.first + 1)))]

/-- The plan is about this policy, this float32 network and this box, and the bands say what they should. -/
def bandsOk (j : ActionJudge) (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) : Bool :=
  j.plan.framesOk net input f box &&
  match net.hidden, net.last.rows, f.last with
  | [l], row :: _, r :: _ => all (j.bandOk box l f.hidden net.last row r) j.bands
  | _, _, _ => false

/-- The table is about this policy's head. -/
def tableOk (j : ActionJudge) (head : Head) (scale : Nat) (bound tolerance : Int) : Bool :=
  match head with
  | .continuous g => (leqInt 1 bound && (leqInt 0 g.mean.multiplier && decide (requantize g.mode 0 g.noise = 0))) &&
    all (fun m => m.ok g scale bound tolerance) j.table
  | .discrete _ => false

/-- The columns of the hidden units; outputs have theirs in the bands. -/
def columnsOk (j : ActionJudge) : Bool := j.columns.ok { j.plan with outputs := [] }

end ActionJudge

end TinyVerify
