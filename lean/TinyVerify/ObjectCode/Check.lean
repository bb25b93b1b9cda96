import TinyVerify.ObjectCode.Combination
import TinyVerify.ObjectCode.FaultTable
import TinyVerify.ObjectCode.Known
/-!
# object code: the program that compares a recorded run with a policy

Expressions are tidied and brought into their normal form (`Form.lean`); what must be equal has then the same form.
`Tidy.lean`, `Layers.lean`, `Selections.lean`, `Logits.lean`, `Faults.lean`, `Distributions.lean` and `Thm.lean` show that
this is right.
-/
namespace TinyVerify.ObjectCode

/-! ### two steps before: shifts of unsigned words, and conditions that are asked twice -/

/-- Whether two expressions are written in the same way. -/
def Expr.same : Expr → Expr → Bool
  | value i, value j => Nat.beq i j
  | dot n w, dot m v => Nat.beq n m && Nat.beq w v
  | const a, const b => eqInt a b
  | add e k, add f l => e.same f && eqInt k l
  | mul e k, mul f l => e.same f && eqInt k l
  | floor e k, floor f l => e.same f && Nat.beq k l
  | signed e k, signed f l => e.same f && Nat.beq k l
  | unsigned e k, unsigned f l => e.same f && Nat.beq k l
  | clamp e lo hi, clamp f l h => e.same f && (eqInt lo l && eqInt hi h)
  | max e k, max f l => e.same f && eqInt k l
  | min e k, min f l => e.same f && eqInt k l
  | join a b, join c d => a.same c && b.same d
  | carry a b k, carry c d l => a.same c && (b.same d && eqInt k l)
  | plus a b, plus c d => a.same c && b.same d
  | _, _ => false

/-- A choice by `c * m + k ≥ 0` where that is known to hold (`truth`), or not to hold. -/
def given (c : Expr) (m k : Int) (truth : Bool) : Expr → Expr
  | .select d n l a b =>
    match c.same d && (eqInt m n && eqInt k l) with
    | true =>
      match truth with
      | true => a
      | false => b
    | false => .select d n l a b
  | .signed e bits => .signed (given c m k truth e) bits
  | e => e

/-- Without wrap-arounds that keep the low `bits` bits. -/
def Expr.loose (bits : Nat) : Expr → Expr
  | signed d width =>
    match Nat.ble bits width with
    | true => d.loose bits
    | false => signed d width
  | unsigned d width =>
    match Nat.ble bits width with
    | true => d.loose bits
    | false => unsigned d width
  | e => e

/-- The low `bits` bits of a number that is shifted as an unsigned word: those of the number shifted with its sign; of a
sum, without earlier wrap-arounds. -/
def Expr.cut (e : Expr) (bits : Nat) : Expr :=
  match e with
  | .floor (.unsigned d width) k =>
    match Nat.ble (Nat.add k bits) width with
    | true => .signed (.floor d k) bits
    | false => .signed (.floor (.unsigned d width) k) bits
  | .add d k => .signed (.add (d.loose bits) k) bits
  | e => .signed e bits

/-- A shift left and a shift right by as much: the sign of a narrower word is extended. -/
def Expr.extend (e : Expr) (k : Nat) : Expr :=
  match e with
  | .signed (.mul d m) width =>
    match eqInt m (power k) && Nat.ble (Nat.add k 1) width with
    | true => .signed d (Nat.sub width k)
    | false => .floor (.signed (.mul d m) width) k
  | .signed (.add (.mul d m) c) width =>
    match eqInt m (power k) && (eqInt c (shr c k * power k) && Nat.ble (Nat.add k 1) width) with
    | true => .signed (.add d (shr c k)) (Nat.sub width k)
    | false => .floor (.signed (.add (.mul d m) c) width) k
  | e => .floor e k

def Expr.tidy : Expr → Expr
  | add e k => add e.tidy k
  | mul e k => mul e.tidy k
  | floor e k => e.tidy.extend k
  | signed e bits => e.tidy.cut bits
  | unsigned e bits => unsigned e.tidy bits
  | clamp e lo hi => clamp e.tidy lo hi
  | max e k => max e.tidy k
  | min e k => min e.tidy k
  | select c m k a b => select c.tidy m k (given c.tidy m k true a.tidy) (given c.tidy m k false b.tidy)
  | join low high => join low.tidy high.tidy
  | carry e low k => carry e.tidy low.tidy k
  | plus a b => plus a.tidy b.tidy
  | e => e

/-- Whether `a`, when tidied, has the normal form of `b`. -/
def Expr.agrees (v : Values) (a b : Expr) : Bool :=
  match a.tidy.form v, b.form v with
  | some f, some g => f.agrees g
  | _, _ => false

/-! ### the reference as expressions -/

/-- `requantize`, step by step; rounding with ties away from zero has no such form. -/
def requantizeExpr (mode : Rounding) (e : Expr) (p : RequantizeParams) : Option Expr :=
  match mode with
  | .doubleTiesUp =>
    some (.clamp (.add (.floor (.add (.floor (.add (.mul e p.multiplier) 1073741824) 31) (half p.shift)) p.shift) p.zeroPoint) p.lo p.hi)
  | .singleTiesUp =>
    some (.clamp (.add (.floor (.add (.mul e p.multiplier) ((2 ^ (30 + p.shift) : Nat) : Int)) (31 + p.shift)) p.zeroPoint) p.lo p.hi)
  | .doubleTiesAway => none

def agreesSome (v : Values) (e : Expr) : Option Expr → Bool
  | some r => e.agrees v r
  | none => false

def Dense.expr (d : Dense) (r : Row) : Expr := .add (.dot d.inputs r.packed) r.bias

/-- A positive normal float32 below `2^74`: by no such factor has a subnormal observation another code than 0. -/
def factorOk (factor : Nat) : Bool :=
  Nat.ble factor 2147483647 && (Nat.ble 1 (f32Exponent factor) && Nat.ble (f32Exponent factor) 200)

/-- The product with `factor`, where the observation is no NaN. -/
def Scalar.isProduct (factor : Nat) : Scalar → Bool
  | product f => Nat.beq f factor
  | _ => false

/-- The same, and 0 for a NaN. -/
def Scalar.isClean (factor : Nat) : Scalar → Bool
  | orZero e => e.isProduct factor || e.isClean factor
  | orZeroInput e => e.isProduct factor || e.isClean factor
  | _ => false

/-- The same, clamped, and rounded: floats in `[2^23, 2^24)` are integers. -/
def Scalar.isRounded (factor : Nat) (lo hi : Int) : Scalar → Bool
  | add (add (atMost (atLeast e l) h) m) n =>
    e.isClean factor && ((eqInt l lo && eqInt h hi) && (eqInt m 12582912 && eqInt n (-12582912)))
  | _ => false

/-- The expression where value `i` is known to lie between `lo` and `hi`. -/
def Expr.within (i : Nat) (lo hi : Int) : Expr → Expr
  | value j =>
    match Nat.beq j i with
    | true => clamp (value j) lo hi
    | false => value j
  | add e k => add (e.within i lo hi) k
  | mul e k => mul (e.within i lo hi) k
  | signed e bits => signed (e.within i lo hi) bits
  | unsigned e bits => unsigned (e.within i lo hi) bits
  | clamp e l h => clamp (e.within i lo hi) l h
  | e => e

def Expr.isCode (e : Expr) (i : Nat) (zeroPoint : Int) : Bool :=
  e.agrees .int32 (.clamp (.add (.value i) zeroPoint) (-128) 127)

/-- Whether the expression of the converted observation `i` is its code. -/
def Border.ok (f : Feature) (e : Expr) (i : Nat) : Border → Bool
  | vector factor => (Nat.beq f.invScale factor && factorOk factor) && e.isCode i f.zeroPoint
  | scalar s => (s.isRounded f.invScale (-128 - f.zeroPoint) (127 - f.zeroPoint) && factorOk f.invScale) &&
      (e.within i (-128 - f.zeroPoint) (127 - f.zeroPoint)).isCode i f.zeroPoint

def codesOk : List Feature → List Border → List Expr → Nat → Bool
  | f :: fs, b :: bs, e :: es, i =>
    b.ok f e i && ((decide (-128 ≤ f.zeroPoint) && decide (f.zeroPoint ≤ 127)) && codesOk fs bs es (i + 1))
  | [], [], [], _ => true
  | _, _, _, _ => false

def hiddenOk (mode : Rounding) (l : Hidden) : List Scale → List Row → List Expr → Bool
  | s :: ss, r :: rs, e :: es =>
    agreesSome .int8 e (requantizeExpr mode (Dense.expr l.dense r) (l.params s)) && hiddenOk mode l ss rs es
  | [], [], [] => true
  | _, _, _ => false

def layersOk (mode : Rounding) : List Hidden → List (List Expr) → Bool
  | l :: ls, es :: rest =>
    (decide (-128 ≤ l.zeroPoint) && decide (l.zeroPoint ≤ 127)) &&
      (hiddenOk mode l l.scales l.dense.rows es && layersOk mode ls rest)
  | [], [] => true
  | _, _ => false

/-- Whether every value of the expression lies in `[-limit, limit)`. -/
def Expr.fits (v : Values) (limit : Nat) (e : Expr) : Bool :=
  match e.form v with
  | some f => Nat.ble limit offset && (Nat.ble (Nat.sub offset limit) f.lo && Nat.ble (Nat.add f.hi 1) (Nat.add offset limit))
  | none => false

/-- Whether the expressions are the accumulators, which lie in `[-limit, limit)`. -/
def lastOk (d : Dense) (limit : Nat) : List Row → List Expr → Bool
  | r :: rs, e :: es => e.agrees .int8 (Dense.expr d r) && (e.fits .int8 limit && lastOk d limit rs es)
  | [], [] => true
  | _, _ => false

/-! ### the head -/

def tanhIndexExpr (g : Gaussian) (noise : Int) : Option Expr :=
  match requantizeExpr g.mode (.value 0) g.mean with
  | some e => some (.add (.clamp (.add e noise) (-128) 127) 128)
  | none => none

def Last.ok (n : Nat) : Last → Head → Bool
  | index s, .discrete _ => s.isArgMax n
  | table e packed, .continuous g =>
    agreesSome .int32 e (tanhIndexExpr g (requantize g.mode 0 g.noise)) && Nat.beq packed g.tanh
  | _, _ => false

def weightIndexExpr (h : Softmax) (i : Nat) : Option Expr :=
  match requantizeExpr h.mode (.value i) h.params with
  | some e => some (.add e 128)
  | none => none

/-- Whether the expressions are the indices of the weights, for the differences from `i` to `n`. -/
def indicesOk (h : Softmax) (n : Nat) : List Expr → Nat → Bool
  | e :: es, i => agreesSome .int32 e (weightIndexExpr h i) && indicesOk h n es (i + 1)
  | [], i => Nat.beq i n

/-- Whether no entry of a packed table is negative: the upper bits of all bytes are set. -/
def notNegative (table : Nat) : Bool := Nat.beq (Nat.land table (128 * onesFast 256)) (128 * onesFast 256)

/-- The accumulators lie in `[-2^30, 2^30)`, so that their differences are words. -/
def Distribution.ok (d : Distribution) (h : Softmax) (last : Dense) (n : Nat) : Bool :=
  (d.largest.isLargest n && lastOk last 1073741824 last.rows d.subtracted) &&
    ((indicesOk h n d.indices 0 && (Nat.beq d.table h.exp && notNegative h.exp)) &&
      (wordsOk n 127 d.weights 0 && (quotientsOk n 127 d.quotients 0 && wordsOk n 32768 d.probabilities 0)))

def distributionOk (last : Dense) (n : Nat) : Option Distribution → Head → Bool
  | some d, .discrete h => d.ok h last n
  | none, .continuous _ => true
  | _, _ => false

/-- Each logit is its accumulator, converted and scaled. -/
def logitsOk : List Nat → List Scaled → Nat → Bool
  | scale :: scales, s :: ss, i =>
    (Nat.beq s.factor scale && factorOk scale) && (s.value.agrees .int32 (.value i) && logitsOk scales ss (i + 1))
  | [], [], _ => true
  | _, _, _ => false

def factorsOk : List Nat → List Nat → Bool
  | scale :: scales, factor :: factors => (Nat.beq factor scale && factorOk scale) && factorsOk scales factors
  | [], [] => true
  | _, _ => false

/-- Whether the recorded run is shown to compute the policy. -/
def Program.ok (run : Program) (p : Policy) (logitScales actionScales : List Nat) : Bool :=
  codesOk p.input run.borders run.codes 0 &&
    (layersOk p.network.mode p.network.hidden run.hidden &&
      ((lastOk p.network.last 2147483648 p.network.last.rows run.last && run.action.ok p.network.last.rows.length p.head) &&
        (((Nat.beq logitScales.length p.network.last.rows.length && logitsOk logitScales run.logits 0) &&
          (factorsOk actionScales run.actionFactors &&
            distributionOk p.network.last p.network.last.rows.length run.distribution p.head)) &&
          (run.faults.ok p.input.length && run.returned.ok p.input.length))))

end TinyVerify.ObjectCode
