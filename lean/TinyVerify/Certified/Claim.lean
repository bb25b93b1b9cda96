import TinyVerify.Certified.Spec
import TinyVerify.ObjectCode.Spec
import TinyVerify.Basic.Land
/-!
# The claim about logits, and what links it to the integers of `Spec.lean`

`LogitsWithin` is what a user wants to know. `Plan.linked` compares a plan (a `Pairing` with the units it is counted in)
with the policy's rows and the float32 patterns: each of its numbers is a multiple of theirs, and each of its errors
covers what requantize, float32 arithmetic and `quantize_f32` may do. Obligation: `policy.logit_error`.
-/
namespace TinyVerify

/-- The values of finite patterns. -/
def f32Values : List Nat → List Int
  | [] => []
  | b :: bs => f32Value b :: f32Values bs

/-- float32 logits of accumulators. -/
def LogitsOf : List Int → List Nat → List Int → Prop
  | acc :: accs, scale :: scales, z :: zs => LogitOf acc (f32Value scale) z ∧ LogitsOf accs scales zs
  | [], [], [] => True
  | _, _, _ => False

/-- `2^-20` in units of `2^-149`: in this unit bounds are stated. -/
def boundUnit : Int := ((2 ^ 129 : Nat) : Int)

def Within : List Nat → List Int → List Int → Prop
  | b :: bs, z :: zs, y :: ys => (-(boundUnit * b) ≤ z - y ∧ z - y ≤ boundUnit * b) ∧ Within bs zs ys
  | [], [], [] => True
  | _, _, _ => False

/-- For every observation of the box (in units of `2^-149`), whatever float32 arithmetic makes of it in both networks:
each int8 logit is within its bound (in units of `2^-20`) of the float32 logit. -/
def LogitsWithin (net : Network) (input : List Feature) (scales : List Nat) (f : FloatNetwork) (box : List Interval)
    (bounds : List Nat) : Prop :=
  ∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
    ∀ y, f.Computes (f32Values bits) y → ∀ z, LogitsOf (net.run (ObjectCode.quantizeAll input bits)) scales z →
      Within bounds z y

/-! ### checkers -/

/-- An output: `s = a1 w`, `den v = a2 V`; what float32 arithmetic adds in either network; and the limits that each box
must meet for the bound to hold. -/
structure Output where
  a1 : Int
  a2 : Nat
  den : Nat
  sumError : Int
  accError : Int
  logitError : Int
  high : Int
  low : Int
  bound : Nat

/-- `fine * coarse` is a unit of a box's integers; `theta` that of hidden codes, `phi` of float32 hidden values; `start`
shifts the observations so that they are not negative. -/
structure Plan where
  pairing : Pairing
  fine : Nat
  coarse : Nat
  theta : Nat
  phi : Nat
  start : List Nat
  root : Cell
  outputs : List Output

/-- `2^298` -/
def codeUnit : Int := ((2 ^ 298 : Nat) : Int)

/-- What the two roundings of `quantize_f32` may add: half a code, and `2^-126`-ish. -/
def codeError : Int := ((2 ^ 172 + 2 ^ 321 : Nat) : Int)

def leqInt (a b : Int) : Bool := decide (a ≤ b)

def sameInts : List Int → List Int → Bool
  | [], [] => true
  | a :: as, b :: bs => decide (a = b) && sameInts as bs
  | _, _ => false

namespace Plan

def scale (p : Plan) : Int := (p.fine : Int) * p.coarse

def startAt (p : Plan) (i : Nat) : Int := (entry 0 p.start i : Nat)

def feature (input : List Feature) (i : Nat) : Feature := entry ⟨0, 0⟩ input i

def range (box : List Interval) (i : Nat) : Interval := entry ⟨0, 0⟩ box i

/-- The largest absolute value of observation `i`. -/
def reach (box : List Interval) (i : Nat) : Int := max (-(range box i).lo) (range box i).hi

def axisOk (p : Plan) (input : List Feature) (box : List Interval) (i : Nat) : Bool :=
  let f := feature input i
  let inv := f32Value f.invScale
  let err := p.scale * (p.pairing.axis i).err
  all (fun b => b) [
    !f32Negative f.invScale, Nat.ble 1 (p.pairing.axis i).inv, leqInt (-128) f.zeroPoint, leqInt f.zeroPoint 127,
    decide ((p.fine : Int) * (p.pairing.axis i).inv = inv),
    decide (((p.pairing.axis i).inv : Int) * p.startAt i = 255 * p.pairing.rho + (p.pairing.axis i).low + (p.pairing.axis i).err),
    leqInt (reach box i * inv + codeError) (16777216 * err),
    leqInt ((range box i).hi * inv) (codeUnit * (127 - f.zeroPoint) + err),
    leqInt (codeUnit * (-128 - f.zeroPoint) - err) ((range box i).lo * inv),
    leqInt ((range box i).hi * inv + err + 1) (codeUnit * (p.root.high i - 254)),
    leqInt (codeUnit * (p.root.low i - 256)) ((range box i).lo * inv - err - 1)]

/-- Number of float32 summands of a hidden unit. -/
def terms (p : Plan) : Int := (p.pairing.dim : Int) + 1

/-- The largest sum of absolute values of a float32 unit's summands. -/
def floatReach (p : Plan) (box : List Interval) (r : FloatRow) : Int :=
  ((f32One * r.bias).natAbs : Int) + sumTo (fun i => ((nth r.weights i).natAbs : Int) * reach box i) p.pairing.dim

def unitOk (p : Plan) (input : List Feature) (box : List Interval) (l : Hidden) (u : Neuron) (row : Row) (s : Scale)
    (r : FloatRow) : Bool :=
  all (fun b => b) [
    sameInts u.w (l.dense.weights row),
    scaleOk s,
    decide (u.m * unit s.shift = p.theta * s.multiplier),
    decide (u.acc0 = row.bias + sumTo (fun i => nth u.w i * ((feature input i).zeroPoint - 255)) p.pairing.dim),
    allBelow (fun i => decide ((p.fine : Int) * nth u.g i = p.phi * nth r.weights i)) p.pairing.dim,
    decide (p.scale * u.gb = p.phi * (f32One * r.bias) - p.scale * sumTo (fun i => nth u.g i * p.startAt i) p.pairing.dim),
    leqInt (p.pairing.rho * p.theta * (unit s.shift + 2147483648)) (2 * (unit s.shift * u.rounding)),
    Nat.ble r.weights.length p.pairing.dim,
    leqInt (p.phi * (p.terms * p.floatReach box r + 4 * p.terms * f32Tiny)) ((16777216 - p.terms) * (p.scale * u.floating))]

def unitsOk (p : Plan) (input : List Feature) (box : List Interval) (l : Hidden) :
    List Neuron → List Row → List Scale → List FloatRow → Bool
  | u :: us, row :: rows, s :: ss, r :: rs => p.unitOk input box l u row s r && unitsOk p input box l us rows ss rs
  | [], [], [], [] => true
  | _, _, _, _ => false

/-- At least every hidden float32 value, in units of `2^-149`. -/
def hiddenReach (p : Plan) (box : List Interval) (u : Neuron) (r : FloatRow) : Int :=
  (p.phi * p.floatReach box r + p.scale * u.floating) / (p.phi * f32One) + 1

/-- Sums over the hidden units of the absolute weights, times what they are multiplied by. -/
def outReach (p : Plan) (box : List Interval) : List Neuron → List FloatRow → List Int → Int
  | u :: us, r :: rs, w :: ws => (w.natAbs : Int) * p.hiddenReach box u r + outReach p box us rs ws
  | _, _, _ => 0

/-- The weights of output `k` are those of the last layers. -/
def weightsOk (o : Output) (k : Nat) : List Neuron → List Int → List Int → Bool
  | u :: us, w :: ws, v :: vs =>
    (decide (nth u.s k = o.a1 * w) && decide ((o.den : Int) * nth u.v k = o.a2 * v)) && weightsOk o k us ws vs
  | [], [], [] => true
  | _, _, _ => false

/-- The int8 row's constant where hidden codes count from 0, and its largest absolute value. -/
def accBase (l : Hidden) (w : List Int) (bias : Int) : Int := bias + l.zeroPoint * sum w

def accReach (l : Hidden) (w : List Int) (bias : Int) : Int :=
  ((accBase l w bias).natAbs : Int) + (absSum w : Int) * (127 - l.zeroPoint)

/-- A unit of the error of an output. -/
def errorUnit (p : Plan) (o : Output) : Int := o.a2 * p.phi * f32One

def constant (p : Plan) (o : Output) (l : Hidden) (w : List Int) (bias floatBias scale : Int) : Int :=
  p.errorUnit o * f32One * (scale * accBase l w bias - floatBias)

def outputOk (p : Plan) (box : List Interval) (l : Hidden) (hidden : List FloatRow) (last : Dense) (o : Output) (k : Nat)
    (row : Row) (r : FloatRow) (pattern : Nat) : Bool :=
  let w := last.weights row
  let scale := f32Value pattern
  let terms : Int := (p.pairing.units.length : Int) + 1
  let rest := 2 * (p.errorUnit o * (o.sumError + o.logitError))
  let k2 := 2 * p.constant o l w row.bias r.bias scale
  all (fun b => b) [
    weightsOk o k p.pairing.units w r.weights,
    Nat.ble 1 o.a2, Nat.ble 1 o.den, leqInt 0 scale,
    decide ((o.den : Int) * (o.a1 * (p.scale * (p.pairing.rho * p.theta))) = p.errorUnit o * f32One * scale),
    leqInt (4 * terms) 16777216,
    leqInt (terms * (((f32One * r.bias).natAbs : Int) + p.outReach box p.pairing.units hidden r.weights) + 4 * terms * f32Tiny)
      ((16777216 - terms) * o.sumError),
    leqInt (f32One * (f32One * accReach l w row.bias) + f32Tiny) (16777216 * (f32One * o.accError)),
    leqInt ((f32One * accReach l w row.bias + o.accError) * scale + f32Tiny) (16777216 * (o.logitError - o.accError * scale)),
    leqInt (p.scale * (o.den * o.high) + k2 + rest) (2 * (p.errorUnit o * f32One * (boundUnit * o.bound))),
    leqInt (p.scale * (o.den * o.low) - k2 + rest) (2 * (p.errorUnit o * f32One * (boundUnit * o.bound)))]

def outputsOk (p : Plan) (box : List Interval) (l : Hidden) (hidden : List FloatRow) (last : Dense) :
    Nat → List Output → List Row → List FloatRow → List Nat → Bool
  | k, o :: os, row :: rows, r :: rs, pattern :: patterns =>
    p.outputOk box l hidden last o k row r pattern && outputsOk p box l hidden last (k + 1) os rows rs patterns
  | _, [], [], [], [] => true
  | _, _, _, _, _ => false

/-- The plan is about this policy, this float32 network and this box. -/
def linked (p : Plan) (net : Network) (input : List Feature) (scales : List Nat) (f : FloatNetwork) (box : List Interval) :
    Bool :=
  match net.hidden with
  | [l] =>
    all (fun b => b) [
      Nat.ble 1 p.fine, Nat.ble 1 p.coarse, Nat.ble 1 p.theta, Nat.ble 1 p.phi, Nat.ble 1 p.pairing.rho,
      decide (p.scale * p.pairing.rho = codeUnit), decide (p.pairing.cap = p.pairing.rho * p.theta * (127 - l.zeroPoint)),
      Nat.beq input.length p.pairing.dim, Nat.beq box.length p.pairing.dim, leqInt (4 * p.terms) 16777216,
      leqInt (-128) l.zeroPoint, leqInt l.zeroPoint 127,
      allBelow (p.axisOk input box) p.pairing.dim,
      p.unitsOk input box l p.pairing.units l.dense.rows l.scales f.hidden,
      p.outputsOk box l f.hidden net.last 0 p.outputs net.last.rows f.last scales,
      Nat.ble p.pairing.dim p.root.lo.length, Nat.ble p.pairing.dim p.root.hi.length]
  | _ => false

/-- Every box meets the limits. -/
def cellOk (p : Plan) (c : Cell) : Nat → List Output → Bool
  | _, [] => true
  | k, o :: os => (leqInt (c.errorHigh p.pairing k) o.high && leqInt (c.errorLow p.pairing k) o.low) && cellOk p c (k + 1) os

end Plan

/-- Cuts of a box of codes. -/
inductive Cuts where
  | leaf
  /-- Codes `n axis ≤ cut`, and the others. -/
  | split (axis cut : Nat) (below above : Cuts)

def setEntry (n : Nat) : Nat → List Nat → List Nat
  | _, [] => []
  | 0, _ :: ms => n :: ms
  | i + 1, m :: ms => m :: setEntry n i ms

/-- `g (setEntry n i ms)`, with the list computed once. -/
def withSet (n : Nat) : Nat → List Nat → (List Nat → Bool) → Bool
  | _, [], g => g []
  | 0, _ :: ms, g => g (n :: ms)
  | i + 1, m :: ms, g => withSet n i ms fun ns => g (m :: ns)

/-- `test` on every leaf. -/
def Cuts.all (test : Cell → Bool) (c : Cell) : Cuts → Bool
  | .leaf => test c
  | .split axis cut below above =>
    (withSet cut axis c.hi fun hi => below.all test ⟨c.lo, hi⟩) &&
      (withNat (cut + 1) fun next => withSet next axis c.lo fun lo => above.all test ⟨lo, c.hi⟩)

def Plan.bounds : List Output → List Nat
  | [] => []
  | o :: os => o.bound :: bounds os

end TinyVerify
