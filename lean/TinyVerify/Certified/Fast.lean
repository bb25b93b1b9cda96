import TinyVerify.Certified.Claim
import TinyVerify.Certified.LaneProducts
/-!
# The check of a box on packed numbers

All hidden units stand side by side in one number, `TinyVerify.lanes`. A box then takes a few hundred operations on big
numbers, whatever the number of units. `FastThm.lean` shows that the answer is that of `Plan.cellOk`.
-/
namespace TinyVerify

/-- An output's columns: one lane a unit, reversed, `lift` added to those that may be negative; and its limits, less the
constant part of the residual: `high - less` and `low - more`, which may be negative. -/
structure OutColumns where
  x : List Nat
  e : List Nat
  c : Nat
  changeUp : Nat
  changeDown : Nat
  size : Nat
  round : Nat
  twice : Nat
  less : Nat
  high : Nat
  more : Nat
  low : Nat

/-- A plan's columns: one lane of `bits + 1` bits a unit. `half` is a lane's top bit; `shift` the width of all lanes but one.
`tPlus`, `tMinus` and so on: positive and negative parts of the slopes, one column an input. `tMax` and so on bound lanes. -/
structure Columns where
  bits : Nat
  half : Nat
  base : Nat
  shift : Nat
  halves : Nat
  ones : Nat
  onesReversed : Nat
  cap : Nat
  tHigh : Nat
  tLow : Nat
  dHigh : Nat
  dLow : Nat
  tPlus : List Nat
  tMinus : List Nat
  dPlus : List Nat
  dMinus : List Nat
  lift : Nat
  tMax : Nat
  dMax : Nat
  changeMax : Nat
  sizeMax : Nat
  roundMax : Nat
  twiceMax : Nat
  outs : List OutColumns

/-- `acc + sum p z` -/
def addUp : Nat → List Nat → List Nat → Nat
  | acc, p :: ps, z :: zs => addUp (acc + z * p) ps zs
  | acc, _, _ => acc

def difference' (a b : Nat) : Nat := (a - b) + (b - a)

namespace Columns

/-- Positive lanes, zero where a lane is negative. -/
def positives (c : Columns) (a : Nat) : Nat := withNat a fun a => select c.half (topBits c.half c.halves a) a

/-- The larger lanes, `half` above zero as `a` and `b` are. -/
def larger (c : Columns) (a b : Nat) : Nat := b + c.positives (a + c.halves - b)

/-- The lanes of `mask` where `a` is not negative, if `sides`; else none. -/
def chosen (c : Columns) (sides : Bool) (mask a : Nat) : Nat :=
  match sides with
  | true => select c.half mask (topBits c.half c.halves a + c.halves)
  | false => 0

def dot (c : Columns) (p q : Nat) : Nat := TinyVerify.dot c.base c.shift p q

end Columns

/-- No code of the box is above 510, and no input's range is empty. -/
def boxOk : Nat → List Nat → List Nat → Bool
  | 0, [], [] => true
  | d + 1, l :: ls, h :: hs => (Nat.ble l h && Nat.ble h 510) && boxOk d ls hs
  | _, _, _ => false

/-- The observations of a box. -/
def withX (rho : Nat) : List Axis → List Nat → List Nat → (List Nat → List Nat → Bool) → Bool
  | a :: as, l :: ls, h :: hs, g =>
    withNat ((rho * l + a.low) / a.inv) fun xl =>
    withNat ((rho * h + a.low + 2 * a.err) / a.inv + 1) fun xh =>
    withX rho as ls hs fun xls xhs => g (xl :: xls) (xh :: xhs)
  | _, _, _, g => g [] []

/-- Adds an output's affine function up over a box: `p - n` from above, `q - r` from below. -/
def sums (c : Columns) (slope lifted : Nat) (o : OutColumns) :
    List Nat → List Nat → List Nat → List Nat → List Axis → Nat → Nat → Nat → Nat → Bool
  | x :: xs, e :: es, l :: ls, h :: hs, a :: as, p, n, q, r =>
    withNat (c.dot slope x) fun s =>
    withNat (difference' (c.dot slope e) lifted * a.err) fun offset =>
    match Nat.ble lifted s with
    | true =>
      withNat (s - lifted) fun z => withNat (p + (z * h + offset)) fun p => withNat (q + offset) fun q => withNat (r + z * l) fun r =>
      sums c slope lifted o xs es ls hs as p n q r
    | false =>
      withNat (lifted - s) fun z => withNat (p + offset) fun p => withNat (n + z * l) fun n => withNat (q + (z * h + offset)) fun q =>
      sums c slope lifted o xs es ls hs as p n q r
  | [], [], [], [], [], p, n, q, r => Nat.ble p (n + o.high) && Nat.ble q (r + o.low)
  | _, _, _, _, _, _, _, _, _ => false

def outsOk (c : Columns) (axes : List Axis) (xl xh : List Nat) (slope lifted t d live over : Nat) : List OutColumns → Bool
  | [] => true
  | o :: os =>
    (withNat (c.dot d o.size + c.dot live o.round + c.dot over o.twice) fun rest =>
      withNat (c.dot slope o.c) fun constant =>
      sums c slope lifted o o.x o.e xl xh axes (constant + (rest + c.dot t o.changeUp) + o.less) lifted
        (lifted + (rest + c.dot t o.changeDown) + o.more) constant) &&
    outsOk c axes xl xh slope lifted t d live over os

/-- The observations of a box, the units' slopes there, `lift` times their sum, and what the affine functions leave out: `above`,
`apart`, live units, excess. -/
def withUnits (c : Columns) (p : Pairing) (cell : Cell)
    (g : List Nat → List Nat → Nat → Nat → Nat → Nat → Nat → Nat → Bool) : Bool :=
  boxOk p.dim cell.lo cell.hi &&
  withX p.rho p.axes cell.lo cell.hi fun xl xh =>
    withNat (addUp c.tHigh c.tPlus cell.hi - addUp 0 c.tMinus cell.lo) fun tHigh =>
    withNat (addUp c.tLow c.tMinus cell.hi - addUp 0 c.tPlus cell.lo) fun tLow =>
    withNat (addUp c.dHigh c.dPlus xh - addUp 0 c.dMinus xl) fun dHigh =>
    withNat (addUp c.dLow c.dMinus xh - addUp 0 c.dPlus xl) fun dLow =>
    withNat (c.larger tHigh tLow) fun t =>
    withNat (c.larger dHigh dLow) fun d =>
    withNat (topBits c.half c.halves (3 * c.halves - (tLow + d))) fun on =>
    withNat (topBits c.half c.halves (3 * c.halves - (tHigh + d + c.ones))) fun off =>
    withNat (c.ones - (on + off)) fun mixed =>
    withNat (c.chosen p.sides mixed (tHigh + 2 * c.halves - 2 * tLow)) fun mostlyOn =>
    withNat (c.chosen p.sides mixed (tLow + 2 * c.halves - (2 * tHigh + c.ones))) fun mostlyOff =>
    withNat (c.ones + (on + mostlyOn) - (off + mostlyOff)) fun slope =>
    withNat (select c.half (mixed - (mostlyOn + mostlyOff)) t + 2 * (select c.half mostlyOn (c.positives tLow + c.halves) +
      select c.half mostlyOff (c.positives tHigh + c.halves))) fun above =>
    withNat (select c.half mixed d + select c.half (mostlyOn + mostlyOff) d) fun apart =>
    withNat (c.ones - off) fun live =>
    withNat (c.positives (tHigh - c.cap)) fun over =>
    withNat (c.lift * c.dot slope c.onesReversed) fun lifted =>
    g xl xh slope lifted above apart live over

/-- The check of one box. -/
def fastOk (c : Columns) (p : Pairing) (cell : Cell) : Bool :=
  withUnits c p cell fun xl xh slope lifted above apart live over =>
    outsOk c p.axes xl xh slope lifted above apart live over c.outs

/-! ### what the columns must be -/

namespace Pairing

def xValue (p : Pairing) (k i : Nat) (u : Neuron) : Int :=
  nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i

def eValue (k i : Nat) (u : Neuron) : Int := nth u.s k * (u.m * nth u.w i)

def cValue (p : Pairing) (k : Nat) (u : Neuron) : Int := nth u.s k * p.shifted u - nth u.v k * u.gb

/-- The largest observation. -/
def xMost (p : Pairing) (i : Nat) : Int := ((p.rho * 510 + (p.axis i).low + 2 * (p.axis i).err) / (p.axis i).inv + 1 : Nat)

def tBound (p : Pairing) (u : Neuron) : Int :=
  ((p.tBase u).natAbs : Int) + sumTo (fun i => ((p.tCode u i).natAbs : Int) * 510) p.dim

def dBound (p : Pairing) (u : Neuron) : Int :=
  ((p.dBase u).natAbs : Int) + p.dError u + sumTo (fun i => ((p.dSlope u i).natAbs : Int) * p.xMost i) p.dim

end Pairing

namespace Columns

/-- Column `c` holds `f`. -/
def holds (b : Int) (us : List Neuron) (c : Nat) (f : Neuron → Int) : Bool := decide ((c : Int) = lanes b f us)

def holdsReversed (b : Int) (us : List Neuron) (c : Nat) (f : Neuron → Int) : Bool := decide ((c : Int) = reversedFrom b f 0 us)

def holdsAll (b : Int) (us : List Neuron) (f : Nat → Neuron → Int) : Nat → List Nat → Bool
  | _, [] => true
  | i, c :: cs => holds b us c (f i) && holdsAll b us f (i + 1) cs

def holdsAllReversed (b : Int) (us : List Neuron) (f : Nat → Neuron → Int) : Nat → List Nat → Bool
  | _, [] => true
  | i, c :: cs => holdsReversed b us c (f i) && holdsAllReversed b us f (i + 1) cs

/-- `0 ≤ f u ≤ most` for every unit. -/
def bounded (us : List Neuron) (f : Neuron → Int) (most : Int) : Bool := TinyVerify.all (fun u => leqInt 0 (f u) && leqInt (f u) most) us

def outOk (c : Columns) (p : Pairing) (k : Nat) (o : OutColumns) (limits : Output) : Bool :=
  let b := (c.base : Int)
  let us := p.units
  let lift := (c.lift : Int)
  all (fun x => x) [
    Nat.beq o.x.length p.dim, Nat.beq o.e.length p.dim,
    holdsAllReversed b us (fun i u => p.xValue k i u + lift) 0 o.x,
    holdsAllReversed b us (fun i u => Pairing.eValue k i u + lift) 0 o.e,
    holdsReversed b us o.c (fun u => p.cValue k u + lift),
    holdsReversed b us o.changeUp (fun u => max (1 * (nth u.s k - nth u.v k)) 0),
    holdsReversed b us o.size (fun u => ((nth u.v k).natAbs : Int)),
    holdsReversed b us o.round (fun u => 2 * ((nth u.s k).natAbs * u.rounding)),
    holdsReversed b us o.twice (fun u => 2 * ((nth u.s k).natAbs : Int)),
    allBelow (fun i => bounded us (fun u => p.xValue k i u + lift) (2 * lift)) p.dim,
    allBelow (fun i => bounded us (fun u => Pairing.eValue k i u + lift) (2 * lift)) p.dim,
    bounded us (fun u => p.cValue k u + lift) (2 * lift),
    bounded us (fun u => max (1 * (nth u.s k - nth u.v k)) 0) c.changeMax,
    bounded us (fun u => ((nth u.v k).natAbs : Int)) c.sizeMax,
    bounded us (fun u => 2 * ((nth u.s k).natAbs * u.rounding)) c.roundMax,
    bounded us (fun u => 2 * ((nth u.s k).natAbs : Int)) c.twiceMax,
    leqInt (o.high - o.less + sumOver (fun u => 2 * ((nth u.v k).natAbs * u.floating)) us) limits.high,
    leqInt (o.low - o.more + sumOver (fun u => 2 * ((nth u.v k).natAbs * u.floating)) us) limits.low,
    holdsReversed b us o.changeDown (fun u => max (-1 * (nth u.s k - nth u.v k)) 0),
    bounded us (fun u => max (-1 * (nth u.s k - nth u.v k)) 0) c.changeMax]

def outsMatch (c : Columns) (p : Pairing) : Nat → List OutColumns → List Output → Bool
  | k, o :: os, l :: ls => c.outOk p k o l && outsMatch c p (k + 1) os ls
  | _, [], [] => true
  | _, _, _ => false

/-- The columns are those of the plan, and nothing overflows a lane. -/
def ok (c : Columns) (p : Plan) : Bool :=
  let q := p.pairing
  let us := q.units
  let b := (c.base : Int)
  let h := (c.half : Int)
  let n := (us.length : Int)
  all (fun x => x) [
    Nat.beq c.half (2 ^ c.bits), Nat.beq c.base (2 ^ (c.bits + 1)), Nat.beq c.shift ((c.bits + 1) * (us.length - 1)),
    Nat.ble 1 us.length,
    Nat.beq c.tPlus.length q.dim, Nat.beq c.tMinus.length q.dim, Nat.beq c.dPlus.length q.dim, Nat.beq c.dMinus.length q.dim,
    holds b us c.halves (fun _ => h), holds b us c.ones (fun _ => 1), holdsReversed b us c.onesReversed (fun _ => 1),
    holds b us c.cap (fun _ => q.cap),
    holds b us c.tHigh (fun u => q.tBase u + h), holds b us c.tLow (fun u => -q.tBase u + h),
    holds b us c.dHigh (fun u => q.dBase u + q.dError u + h), holds b us c.dLow (fun u => -q.dBase u + q.dError u + h),
    holdsAll b us (fun i u => max (q.tCode u i) 0) 0 c.tPlus, holdsAll b us (fun i u => max (-q.tCode u i) 0) 0 c.tMinus,
    holdsAll b us (fun i u => max (q.dSlope u i) 0) 0 c.dPlus, holdsAll b us (fun i u => max (-q.dSlope u i) 0) 0 c.dMinus,
    bounded us q.tBound c.tMax, bounded us q.dBound c.dMax,
    leqInt 0 q.cap, leqInt q.cap c.tMax, leqInt (4 * c.tMax + 4 * c.dMax + 4) h,
    leqInt (n * (2 * (2 * c.lift)) + 1) b, leqInt (n * (2 * 1) + 1) b,
    leqInt (n * (c.tMax * c.changeMax) + 1) b, leqInt (n * (2 * c.dMax * c.sizeMax) + 1) b,
    leqInt (n * (1 * c.roundMax) + 1) b, leqInt (n * (c.tMax * c.twiceMax) + 1) b,
    c.outsMatch q 0 c.outs p.outputs]

end Columns

end TinyVerify
