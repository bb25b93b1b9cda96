import TinyVerify.Agreement.Regions
import TinyVerify.Certified.Fast
/-!
# The check of a leaf: on each of its sides the action beats every other one in both networks

One plan serves all actions: outputs `2 r` and `2 r + 1` are pair `r = triangle j + i` of the actions `i < j`, the int8
accumulator of `j` less that of `i`, and the same of the float32 logits; `high` limits it where `i` wins, `low` its negative
where `j` does. What a leaf needs of the hidden units is computed once for all pairs and sides.
-/
namespace TinyVerify

/-- 0 + 1 + ... + (n - 1) -/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + n

/-! ### on packed numbers -/

/-- Columns of the pair `first < second`, reversed lanes: slopes and constants with `lift` added, and what the residual needs. -/
structure PairColumns where
  first : Nat
  second : Nat
  code : List Nat
  codeBase : Nat
  codeUp : Nat
  codeDown : Nat
  codeRound : Nat
  codeTwice : Nat
  codeHigh : Int
  codeLow : Int
  float : List Nat
  floatBase : Nat
  floatUp : Nat
  floatDown : Nat
  floatHigh : Int
  floatLow : Int

namespace Columns

/-- Sums of products with each column, computed once. -/
def withDots (c : Columns) (p : Nat) : List Nat → (List Nat → Bool) → Bool
  | [], g => g []
  | q :: qs, g => withNat (c.dot p q) fun s => c.withDots p qs fun ss => g (s :: ss)

end Columns

/-- `dot - lifted`, or its negative. -/
def turned (down : Bool) (dot lifted : Nat) : Int :=
  match down with
  | false => Int.subNatNat dot lifted
  | true => Int.subNatNat lifted dot

/-- `up z lo hi` -/
def upNat : Int → Nat → Nat → Int
  | .ofNat z, _, h => Int.ofNat (z * h)
  | .negSucc z, l, _ => Int.negOfNat ((z + 1) * l)

/-- The largest value of `sum (slope_i + nu a_i) z_i` on a box, and `acc`. -/
def spread (down : Bool) (lifted nu : Nat) : List Nat → List Int → List Nat → List Nat → Int → Int
  | s :: ss, a :: as, l :: ls, h :: hs, acc => spread down lifted nu ss as ls hs (acc + upNat (turned down s lifted + nu * a) l h)
  | s :: ss, [], l :: ls, h :: hs, acc => spread down lifted nu ss [] ls hs (acc + upNat (turned down s lifted) l h)
  | _, _, _, _, acc => acc

/-- `c . n` in units of observations: `c_i inv_i`, and what the offsets may add. -/
def scaled : List Axis → List Int → List Int
  | a :: as, c :: cs => c * a.inv :: scaled as cs
  | _, _ => []

def moved : List Axis → List Int → Int
  | a :: as, c :: cs => up (-c) a.low (a.low + 2 * a.err) + moved as cs
  | _, _ => 0

namespace PairColumns

/-- On the half the pair's order is that of `down`: in both networks the other action lies below. -/
def below (q : PairColumns) (c : Columns) (p : Pairing) (lo hi xl xh codes floats : List Nat)
    (lifted codeBase floatBase above higher codeRest : Nat) (h : Half) (nu : Nat × Nat) (down : Bool) : Bool :=
  leqInt (p.rho * (spread down lifted nu.1 codes h.c lo hi (turned down codeBase lifted) + nu.1 * -h.limit) +
      ((c.dot above (cond down q.codeDown q.codeUp) + codeRest : Nat) : Int)) (cond down q.codeLow q.codeHigh) &&
    leqInt (spread down lifted nu.2 floats (scaled p.axes h.c) xl xh (turned down floatBase lifted) +
      nu.2 * (moved p.axes h.c + -(p.rho * h.limit)) + (c.dot higher (cond down q.floatDown q.floatUp) : Nat))
      (cond down q.floatLow q.floatHigh)

/-- Whether the half's action is one of the pair. -/
def concerns (q : PairColumns) (h : Half) : Bool := Nat.beq h.action q.first || Nat.beq h.action q.second

/-- A half whose action is one of the pair has that action on top. -/
def halvesOk (q : PairColumns) (c : Columns) (p : Pairing) (r : Nat) (lo hi xl xh codes floats : List Nat)
    (lifted codeBase floatBase above higher codeRest : Nat) : List Half → Bool
  | [] => true
  | h :: hs => ((!q.concerns h || q.below c p lo hi xl xh codes floats lifted codeBase floatBase above higher codeRest h
      (entry (0, 0) h.multipliers r) (Nat.beq h.action q.second)) &&
    q.halvesOk c p r lo hi xl xh codes floats lifted codeBase floatBase above higher codeRest hs)

/-- The pair on a leaf. -/
def ok (q : PairColumns) (c : Columns) (p : Pairing) (r : Nat) (lo hi xl xh : List Nat) (slope lifted above apart live over : Nat)
    (halves : List Half) : Bool :=
  all (fun h => !q.concerns h) halves ||
    c.withDots slope q.code fun codes => withNat (c.dot slope q.codeBase) fun codeBase =>
    withNat (c.dot live q.codeRound + c.dot over q.codeTwice) fun codeRest =>
    c.withDots slope q.float fun floats => withNat (c.dot slope q.floatBase) fun floatBase =>
    withNat (above + apart) fun higher =>
    q.halvesOk c p r lo hi xl xh codes floats lifted codeBase floatBase above higher codeRest halves

end PairColumns

def pairsOk (c : Columns) (p : Pairing) (lo hi xl xh : List Nat) (slope lifted above apart live over : Nat) (halves : List Half) :
    Nat → List PairColumns → Bool
  | _, [] => true
  | r, q :: qs => q.ok c p r lo hi xl xh slope lifted above apart live over halves &&
    pairsOk c p lo hi xl xh slope lifted above apart live over halves (r + 1) qs

/-- What decides a leaf: the plan, its columns, and those of all pairs of `actions` actions. -/
structure Judge where
  plan : Plan
  columns : Columns
  pairs : List PairColumns
  actions : Nat

/-- The check of a leaf. -/
def Judge.test (j : Judge) (halves : List Half) (cell : Cell) : Bool :=
  all (fun h => Nat.ble (h.action + 1) j.actions) halves &&
    withUnits j.columns j.plan.pairing cell fun xl xh slope lifted above apart live over =>
      pairsOk j.columns j.plan.pairing cell.lo cell.hi xl xh slope lifted above apart live over halves 0 j.pairs

/-! ### what plan and columns must be -/

def noOutput : Output := ⟨0, 0, 0, 0, 0, 0, 0, 0, 0⟩

def noPair : PairColumns := ⟨0, 0, [], 0, 0, 0, 0, 0, 0, 0, [], 0, 0, 0, 0, 0⟩

namespace PairColumns

/-- The columns of the pair `first < second` are those of outputs `k` and `k + 1`. -/
def holds (q : PairColumns) (c : Columns) (p : Plan) (first second k : Nat) : Bool :=
  let b := (c.base : Int)
  let us := p.pairing.units
  let lift := (c.lift : Int)
  let code := entry noOutput p.outputs k
  let float := entry noOutput p.outputs (k + 1)
  TinyVerify.all (fun x => x) [
    Nat.beq q.first first, Nat.beq q.second second,
    Nat.beq q.code.length p.pairing.dim, Nat.beq q.float.length p.pairing.dim,
    Columns.holdsAllReversed b us (fun i u => Pairing.eValue k i u + lift) 0 q.code,
    Columns.holdsAllReversed b us (fun i u => p.pairing.xValue (k + 1) i u + lift) 0 q.float,
    allBelow (fun i => Columns.bounded us (fun u => Pairing.eValue k i u + lift) (2 * lift)) p.pairing.dim,
    allBelow (fun i => Columns.bounded us (fun u => p.pairing.xValue (k + 1) i u + lift) (2 * lift)) p.pairing.dim,
    Columns.holdsReversed b us q.codeBase (fun u => nth u.s k * (u.m * u.acc0) + lift),
    Columns.bounded us (fun u => nth u.s k * (u.m * u.acc0) + lift) (2 * lift),
    Columns.holdsReversed b us q.floatBase (fun u => p.pairing.cValue (k + 1) u + lift),
    Columns.bounded us (fun u => p.pairing.cValue (k + 1) u + lift) (2 * lift),
    Columns.holdsReversed b us q.codeUp (fun u => max (1 * (nth u.s k - nth u.v k)) 0),
    Columns.bounded us (fun u => max (1 * (nth u.s k - nth u.v k)) 0) c.changeMax,
    Columns.holdsReversed b us q.codeDown (fun u => max (-1 * (nth u.s k - nth u.v k)) 0),
    Columns.bounded us (fun u => max (-1 * (nth u.s k - nth u.v k)) 0) c.changeMax,
    Columns.holdsReversed b us q.floatUp (fun u => max (1 * (nth u.s (k + 1) - nth u.v (k + 1))) 0),
    Columns.bounded us (fun u => max (1 * (nth u.s (k + 1) - nth u.v (k + 1))) 0) c.changeMax,
    Columns.holdsReversed b us q.floatDown (fun u => max (-1 * (nth u.s (k + 1) - nth u.v (k + 1))) 0),
    Columns.bounded us (fun u => max (-1 * (nth u.s (k + 1) - nth u.v (k + 1))) 0) c.changeMax,
    Columns.holdsReversed b us q.codeRound (fun u => 2 * ((nth u.s k).natAbs * u.rounding)),
    Columns.bounded us (fun u => 2 * ((nth u.s k).natAbs * u.rounding)) c.roundMax,
    Columns.holdsReversed b us q.codeTwice (fun u => 2 * ((nth u.s k).natAbs : Int)),
    Columns.bounded us (fun u => 2 * ((nth u.s k).natAbs : Int)) c.twiceMax,
    leqInt q.codeHigh code.high, leqInt q.codeLow code.low,
    leqInt (q.floatHigh + sumOver (fun u => 2 * ((nth u.v (k + 1)).natAbs * u.floating)) us) float.high,
    leqInt (q.floatLow + sumOver (fun u => 2 * ((nth u.v (k + 1)).natAbs * u.floating)) us) float.low]

end PairColumns

namespace Plan

/-- `sumError` bounds what float32 arithmetic adds to a logit, in units of `2^-298`. -/
def sumErrorOk (p : Plan) (box : List Interval) (hidden : List FloatRow) (error : Int) (r : FloatRow) : Bool :=
  let terms : Int := (p.pairing.units.length : Int) + 1
  leqInt (terms * (((f32One * r.bias).natAbs : Int) + p.outReach box p.pairing.units hidden r.weights) + 4 * terms * f32Tiny)
    ((16777216 - terms) * error)

/-- Where `high` holds, output `b` lies below output `a`; where `low` does, above. -/
def orderOk (p : Plan) (box : List Interval) (l : Hidden) (hidden : List FloatRow) (last : Dense) (ra rb : Row)
    (fa fb : FloatRow) (k : Nat) : Bool :=
  let code := entry noOutput p.outputs k
  let float := entry noOutput p.outputs (k + 1)
  let wa := last.weights ra
  let wb := last.weights rb
  let terms : Int := (p.pairing.units.length : Int) + 1
  let base := accBase l wb rb.bias - accBase l wa ra.bias
  let bias := f32One * (fb.bias - fa.bias)
  TinyVerify.all (fun b => b) [
    Nat.beq wa.length wb.length, Nat.beq fa.weights.length fb.weights.length,
    decide (code.a1 = 1), Nat.beq code.a2 0, Nat.beq code.den 1,
    weightsOk code k p.pairing.units (subtract wb wa) wa,
    leqInt (2 * (p.pairing.rho * p.theta * base) + code.high + 1) 0,
    leqInt (2 * (p.pairing.rho * p.theta * -base) + code.low + 1) 0,
    decide (float.a1 = 0), Nat.beq float.a2 1, Nat.ble 1 float.den,
    weightsOk float (k + 1) p.pairing.units wa (subtract fa.weights fb.weights),
    leqInt (4 * terms) 16777216,
    p.sumErrorOk box hidden float.sumError fa, p.sumErrorOk box hidden float.sumError fb,
    leqInt (2 * (p.phi * f32One * (bias + 2 * float.sumError)) + p.scale * (float.den * float.high) + 1) 0,
    leqInt (2 * (p.phi * f32One * (-bias + 2 * float.sumError)) + p.scale * (float.den * float.low) + 1) 0]

def rowOf (rows : List Row) (j : Nat) : Row := entry ⟨0, 0⟩ rows j
def floatRowOf (rows : List FloatRow) (j : Nat) : FloatRow := entry ⟨0, []⟩ rows j

/-- The plan is about this policy's inputs and hidden units, this float32 network and this box. -/
def framesOk (p : Plan) (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) : Bool :=
  match net.hidden with
  | [l] =>
    TinyVerify.all (fun b => b) [
      Nat.ble 1 p.fine, Nat.ble 1 p.coarse, Nat.ble 1 p.theta, Nat.ble 1 p.phi, Nat.ble 1 p.pairing.rho,
      decide (p.scale * p.pairing.rho = codeUnit), decide (p.pairing.cap = p.pairing.rho * p.theta * (127 - l.zeroPoint)),
      Nat.beq input.length p.pairing.dim, Nat.beq box.length p.pairing.dim, leqInt (4 * p.terms) 16777216,
      leqInt l.zeroPoint 127, Nat.beq p.root.lo.length p.pairing.dim, Nat.beq p.root.hi.length p.pairing.dim,
      allBelow (p.axisOk input box) p.pairing.dim,
      p.unitsOk input box l p.pairing.units l.dense.rows l.scales f.hidden]
  | _ => false

/-- And it orders every two of `actions` actions. -/
def ordersOk (p : Plan) (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) (actions : Nat) : Bool :=
  p.framesOk net input f box &&
  match net.hidden with
  | [l] =>
    TinyVerify.all (fun b => b) [
      Nat.beq net.last.rows.length actions, Nat.beq f.last.length actions,
      allBelow (fun j => allBelow (fun i => withNat (2 * (triangle j + i)) fun k => p.orderOk box l f.hidden net.last
        (rowOf net.last.rows i) (rowOf net.last.rows j) (floatRowOf f.last i) (floatRowOf f.last j) k) j) actions]
  | _ => false

end Plan

namespace Judge

/-- The columns of the hidden units, with room for sums over units of `above + apart`; outputs have theirs in `pairs`. -/
def columnsOk (j : Judge) : Bool :=
  j.columns.ok { j.plan with outputs := [] } &&
    leqInt ((j.plan.pairing.units.length : Int) * ((j.columns.tMax + 2 * j.columns.dMax) * j.columns.changeMax) + 1) j.columns.base

def pairsHold (j : Judge) : Bool :=
  allBelow (fun b => allBelow (fun a => withNat (2 * (triangle b + a)) fun k =>
    (entry noPair j.pairs (triangle b + a)).holds j.columns j.plan a b k) b) j.actions

end Judge

end TinyVerify
