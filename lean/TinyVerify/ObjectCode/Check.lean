import TinyVerify.ObjectCode.Spec
/-!
# object code: the program that compares a recorded run with a policy

Each expression is brought into the form `clamp(floor((mul * base + const) / 2^shift), lo, hi)`, where `base` is one
value of the layer before or a weighted sum of all. Wrap-arounds disappear where `lo` and `hi` show that they do
nothing. What must be equal has then the same form. `Forms.lean`, `Order.lean` and `Thm.lean` show that this is right.
-/
namespace TinyVerify.ObjectCode

/-! ### integers as the kernel computes them quickly: one case distinction, then an operation on naturals -/

/-- `asr` -/
def shr (z : Int) (k : Nat) : Int :=
  match z with
  | .ofNat n => .ofNat (Nat.div n (Nat.pow 2 k))
  | .negSucc n => .negSucc (Nat.div n (Nat.pow 2 k))

/-- `a ≤ b` -/
def leInt (a b : Int) : Bool :=
  match a, b with
  | .ofNat m, .ofNat n => Nat.ble m n
  | .ofNat _, .negSucc _ => false
  | .negSucc _, .ofNat _ => true
  | .negSucc m, .negSucc n => Nat.ble n m

/-- `a = b` -/
def eqInt (a b : Int) : Bool :=
  match a, b with
  | .ofNat m, .ofNat n => Nat.beq m n
  | .negSucc m, .negSucc n => Nat.beq m n
  | _, _ => false

def power (k : Nat) : Int := .ofNat (Nat.pow 2 k)

/-! ### normal forms

The kernel computes with naturals natively and not with integers. So a form holds `z` as the natural `z + offset`. -/

/-- `2^127` -/
def offset : Nat := 0x80000000000000000000000000000000

/-- The one number that an expression depends on. -/
inductive Base where
  | value (i : Nat)
  | dot (n weights : Nat)

def Base.expr : Base → Expr
  | value i => .value i
  | dot n weights => .dot n weights

/-- `clamp(floor((mul * base + const) / 2^shift), lo, hi)`; `const`, `lo`, `hi` are `offset` larger than they mean. -/
structure Form where
  base : Base
  mul : Nat
  const : Nat
  shift : Nat
  lo : Nat
  hi : Nat

/-- What the values of the layer before are: words, or int8 codes. -/
inductive Values where
  | int32
  | int8

/-- `f` where `test` holds. -/
def onlyIf (test : Bool) (f : Option Form) : Option Form :=
  match test with
  | true => f
  | false => none

def andThen (f : Option Form) (g : Form → Option Form) : Option Form :=
  match f with
  | some h => g h
  | none => none

/-- A form whose numbers are computed; none where a subtraction may have ended at 0. -/
def checked (base : Base) (mul const shift lo hi : Nat) : Option Form :=
  withNat const fun const => withNat lo fun lo => withNat hi fun hi =>
    onlyIf (Nat.ble 1 const && (Nat.ble 1 lo && Nat.ble 1 hi)) (some ⟨base, mul, const, shift, lo, hi⟩)

/-- `n + k * p`, right where it is at least 1. -/
def plus (n : Nat) (k : Int) (p : Nat) : Nat :=
  match k with
  | .ofNat m => Nat.add n (Nat.mul m p)
  | .negSucc m => Nat.sub n (Nat.mul (Nat.succ m) p)

/-- `m` times what `n` means. -/
def scaled (n m : Nat) : Nat := Nat.sub (Nat.add (Nat.mul n m) offset) (Nat.mul offset m)

/-- What `n` means, shifted right by `k ≤ 127`. -/
def down (n k : Nat) : Nat :=
  Nat.sub (Nat.add (Nat.div n (Nat.pow 2 k)) offset) (Nat.div offset (Nat.pow 2 k))

def larger (a b : Nat) : Nat :=
  match Nat.ble a b with
  | true => b
  | false => a

def smaller (a b : Nat) : Nat :=
  match Nat.ble a b with
  | true => a
  | false => b

def Form.addConst (f : Form) (k : Int) : Option Form :=
  checked f.base f.mul (plus f.const k (Nat.pow 2 f.shift)) f.shift (plus f.lo k 1) (plus f.hi k 1)

def Form.times (f : Form) (k : Int) : Option Form :=
  match k with
  | .ofNat m => onlyIf (Nat.beq f.shift 0)
      (checked f.base (Nat.mul f.mul m) (scaled f.const m) f.shift (scaled f.lo m) (scaled f.hi m))
  | .negSucc _ => none

def Form.shiftRight (f : Form) (k : Nat) : Option Form :=
  onlyIf (Nat.ble k 127) (checked f.base f.mul f.const (Nat.add f.shift k) (down f.lo k) (down f.hi k))

/-- `f` less as many times `2^bits` as the quotient `q` says, which is of a number with its offset. -/
def Form.moved (f : Form) (bits q : Nat) : Option Form :=
  match Nat.beq q (Nat.div offset (Nat.pow 2 bits)) with
  | true => some f
  | false => f.addConst (-(((q : Int) - (Nat.div offset (Nat.pow 2 bits) : Nat)) * power bits))

/-- The normal form of a wrap-around that does not happen, or happens equally often everywhere. -/
def Form.wrapped (f : Form) (more bits : Nat) : Option Form :=
  onlyIf (Nat.ble bits 127) (withNat (Nat.div (Nat.add f.lo more) (Nat.pow 2 bits)) fun q =>
    onlyIf (Nat.beq (Nat.div (Nat.add f.hi more) (Nat.pow 2 bits)) q) (f.moved bits q))

def Form.signed (f : Form) (bits : Nat) : Option Form := f.wrapped (Nat.div (Nat.pow 2 bits) 2) bits

def Form.unsigned (f : Form) (bits : Nat) : Option Form := f.wrapped 0 bits

def Form.atLeast (f : Form) (k : Nat) : Option Form :=
  checked f.base f.mul f.const f.shift (larger f.lo k) (larger f.hi k)

def Form.atMost (f : Form) (k : Nat) : Option Form :=
  checked f.base f.mul f.const f.shift (smaller f.lo k) (smaller f.hi k)

/-- `g` of the natural that stands for `k`. -/
def withConst (k : Int) (g : Nat → Option Form) : Option Form :=
  withNat (plus offset k 1) fun n => onlyIf (Nat.ble 1 n) (g n)

def Form.clamped (f : Form) (lo hi : Int) : Option Form :=
  onlyIf (leInt lo hi) (withConst lo fun l => withConst hi fun h =>
    checked f.base f.mul f.const f.shift (larger l (smaller h f.lo)) (larger l (smaller h f.hi)))

def Base.same : Base → Base → Bool
  | value i, value j => Nat.beq i j
  | dot n w, dot m v => Nat.beq n m && Nat.beq w v
  | _, _ => false

def Form.same (f g : Form) : Bool :=
  f.base.same g.base && (Nat.beq f.mul g.mul && (Nat.beq f.const g.const && (Nat.beq f.shift g.shift &&
    (Nat.beq f.lo g.lo && Nat.beq f.hi g.hi))))

/-- The same with a numerator and a denominator that are `2^k` times as large. -/
def Form.raised (f : Form) (k : Nat) : Option Form :=
  checked f.base (Nat.mul f.mul (Nat.pow 2 k)) (scaled f.const (Nat.pow 2 k)) (Nat.add k f.shift) f.lo f.hi

/-- Equal forms, or `f` has a numerator and a denominator without the powers of two that `g` has: 16-bit lanes
multiply with the upper half of a multiplier whose lower half is zero. -/
def Form.agrees (f g : Form) : Bool :=
  f.same g ||
    match f.raised (Nat.sub g.shift f.shift) with
    | some h => h.same g
    | none => false

/-- Whether `f` is the constant `k`, or the one below it. -/
def Form.isNear (f : Form) (k : Nat) : Bool :=
  Nat.beq f.lo f.hi && (Nat.beq f.lo k || Nat.beq (Nat.succ f.lo) k)

/-- `if c + k ≥ 0 then a else b` as the larger or the smaller of `c` and a constant. -/
def Form.select (c : Form) (k : Int) (a b : Form) : Option Form :=
  withConst (-k) fun n =>
    match a.same c with
    | true => onlyIf (b.isNear n) (c.atLeast b.lo)
    | false => onlyIf (b.same c && a.isNear n) (c.atMost a.lo)

/-- The normal form of an expression, if it has one. -/
def Expr.form (v : Values) : Expr → Option Form
  | value i =>
    match v with
    | .int32 => checked (.value i) 1 offset 0 (Nat.sub offset 2147483648) (Nat.add offset 2147483647)
    | .int8 => checked (.value i) 1 offset 0 (Nat.sub offset 128) (Nat.add offset 127)
  | dot n weights =>
    match v with
    | .int32 => none
    | .int8 =>
      withNat (Nat.mul 128 (absSumFast n weights)) fun bound =>
        onlyIf (Nat.ble n 16777216 && Nat.ble (Nat.add weights 1) (Nat.pow 256 n))
          (checked (.dot n weights) 1 offset 0 (Nat.sub offset bound) (Nat.add offset bound))
  | const k => withConst k fun n => checked (.value 0) 0 n 0 n n
  | add e k => andThen (e.form v) fun f => f.addConst k
  | mul e k => andThen (e.form v) fun f => f.times k
  | floor e k => andThen (e.form v) fun f => f.shiftRight k
  | signed e bits => andThen (e.form v) fun f => f.signed bits
  | unsigned e bits => andThen (e.form v) fun f => f.unsigned bits
  | clamp e lo hi => andThen (e.form v) fun f => f.clamped lo hi
  | max e k => andThen (e.form v) fun f => withConst k fun n => f.atLeast n
  | min e k => andThen (e.form v) fun f => withConst k fun n => f.atMost n
  | select c m k a b => andThen (c.form v) fun f => andThen (a.form v) fun g => andThen (b.form v) fun h =>
      match eqInt m 1 with
      | true => f.select k g h
      | false => onlyIf (eqInt m (-1)) (f.select (-k - 1) h g)
  | join low high => andThen (low.form v) fun f => andThen (high.form v) fun g =>
      andThen (f.signed 64) fun h => andThen (f.shiftRight 32) fun s => onlyIf (g.same s && h.same f) (some f)
  | carry e low k => andThen (low.form v) fun f => andThen (e.form v) fun g =>
      andThen (f.shiftRight 32) fun s => onlyIf (g.same s) (andThen (f.addConst k) fun h => h.shiftRight 32)

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

/-- The low `bits` bits of a number that is shifted as an unsigned word: those of the number shifted with its sign. -/
def Expr.cut (e : Expr) (bits : Nat) : Expr :=
  match e with
  | .floor (.unsigned d width) k =>
    match Nat.ble (Nat.add k bits) width with
    | true => .signed (.floor d k) bits
    | false => .signed (.floor (.unsigned d width) k) bits
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

def codesOk : List Feature → List Nat → List Expr → Nat → Bool
  | f :: fs, factor :: factors, e :: es, i =>
    (Nat.beq f.invScale factor && factorOk factor) &&
      (e.agrees .int32 (.clamp (.add (.value i) f.zeroPoint) (-128) 127) &&
        ((decide (-128 ≤ f.zeroPoint) && decide (f.zeroPoint ≤ 127)) && codesOk fs factors es (i + 1)))
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

/-- Whether a word holds every value of the expression. -/
def Expr.fitsWord (v : Values) (e : Expr) : Bool :=
  match e.form v with
  | some f => Nat.ble (Nat.sub offset 2147483648) f.lo && Nat.ble f.hi (Nat.add offset 2147483647)
  | none => false

def lastOk (d : Dense) : List Row → List Expr → Bool
  | r :: rs, e :: es => e.agrees .int8 (Dense.expr d r) && (e.fitsWord .int8 && lastOk d rs es)
  | [], [] => true
  | _, _ => false

/-! ### the head -/

/-- The accumulator that is picked where `x` holds any numbers in the same order. -/
def Pick.at (x : List Int) : Pick → Nat
  | acc i => i
  | signed p _ => p.at x
  | ite a b k p q => if 0 ≤ nth x (a.at x) - nth x (b.at x) + k then p.at x else q.at x

/-- Nothing but comparisons `a ≥ b` and `a > b`, among the first `n` accumulators. -/
def Pick.ok (n : Nat) : Pick → Bool
  | acc i => Nat.ble (i + 1) n
  | signed p bits => Nat.beq bits 32 && p.ok n
  | ite a b k p q => (decide (k = 0) || decide (k = -1)) && (a.ok n && (b.ok n && (p.ok n && q.ok n)))

def apply (f : Int → Int) (z : Option Int) : Option Int :=
  match z with
  | some v => some (f v)
  | none => none

/-- The number that is chosen where `x` holds any numbers in the same order; none where it is an accumulator. -/
def Choice.at (x : List Int) : Choice → Option Int
  | const n => some n
  | pick _ => none
  | affine c m k => apply (fun z => z * m + k) (c.at x)
  | signed c bits => apply (signedBits bits) (c.at x)
  | unsigned c bits => apply (unsignedBits bits) (c.at x)
  | ite a b k c d => if 0 ≤ nth x (a.at x) - nth x (b.at x) + k then c.at x else d.at x

def isInt (n : Int) (z : Option Int) : Bool :=
  match z with
  | some v => eqInt v n
  | none => false

def Choice.ok (n : Nat) : Choice → Bool
  | const _ => true
  | pick _ => true
  | affine c _ _ => c.ok n
  | signed c _ => c.ok n
  | unsigned c _ => c.ok n
  | ite a b k c d => (decide (k = 0) || decide (k = -1)) && (a.ok n && (b.ok n && (c.ok n && d.ok n)))

/-- Every element of `heads` before every list of `tails`. -/
def prefixed (tails : List (List Int)) : List Int → List (List Int)
  | [] => []
  | z :: zs => before (List.map (fun t => z :: t) tails) (prefixed tails zs)

/-- `0, 1, ..., n - 1`, in some order. -/
def below : Nat → List Int
  | 0 => []
  | n + 1 => (n : Int) :: below n

/-- All lists of `n` numbers in `[0, m)`. -/
def tuples (m : Nat) : Nat → List (List Int)
  | 0 => [[]]
  | n + 1 => prefixed (tuples m n) (below m)

/-- The choice is the arg max for every order that `n` numbers can have. -/
def Choice.isArgMax (n : Nat) (c : Choice) : Bool :=
  c.ok n && all (fun ranks => isInt (argMax ranks : Nat) (c.at ranks)) (tuples n n)

def tanhIndexExpr (g : Gaussian) (noise : Int) : Option Expr :=
  match requantizeExpr g.mode (.value 0) g.mean with
  | some e => some (.add (.clamp (.add e noise) (-128) 127) 128)
  | none => none

def Last.ok (n : Nat) : Last → Head → Bool
  | index c, .discrete _ => c.isArgMax n
  | table e packed, .continuous g =>
    agreesSome .int32 e (tanhIndexExpr g (requantize g.mode 0 g.noise)) && Nat.beq packed g.tanh
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
  codesOk p.input run.factors run.codes 0 &&
    (layersOk p.network.mode p.network.hidden run.hidden &&
      ((lastOk p.network.last p.network.last.rows run.last && run.action.ok p.network.last.rows.length p.head) &&
        ((Nat.beq logitScales.length p.network.last.rows.length && logitsOk logitScales run.logits 0) &&
          factorsOk actionScales run.actionFactors)))

end TinyVerify.ObjectCode
