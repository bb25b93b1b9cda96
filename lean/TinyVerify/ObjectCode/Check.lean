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

def isZero (z : Int) : Bool :=
  match z with
  | .ofNat n => Nat.beq n 0
  | .negSucc _ => false

def larger (a b : Int) : Int :=
  match leInt a b with
  | true => b
  | false => a

def smaller (a b : Int) : Int :=
  match leInt a b with
  | true => a
  | false => b

def power (k : Nat) : Int := .ofNat (Nat.pow 2 k)

/-! ### normal forms -/

/-- The one number that an expression depends on. -/
inductive Base where
  | value (i : Nat)
  | dot (n weights : Nat)

def Base.expr : Base → Expr
  | value i => .value i
  | dot n weights => .dot n weights

/-- `clamp(floor((mul * base + const) / 2^shift), lo, hi)`, with `lo ≤ hi` both reached or not. -/
structure Form where
  base : Base
  mul : Int
  const : Int
  shift : Nat
  lo : Int
  hi : Int

/-- What the values of the layer before are: words, or int8 codes. -/
inductive Values where
  | int32
  | int8

/-! `f.evaluated g` is `g f`, with every number of `f` computed once and not wherever `g` uses it. -/

def withNat {α : Type} (n : Nat) (g : Nat → α) : α :=
  match n with
  | 0 => g 0
  | m + 1 => g (Nat.succ m)

def withInt {α : Type} (z : Int) (g : Int → α) : α :=
  match z with
  | .ofNat n => withNat n fun m => g (.ofNat m)
  | .negSucc n => withNat n fun m => g (.negSucc m)

def Form.evaluated {α : Type} (f : Form) (g : Form → α) : α :=
  withInt f.mul fun mul => withInt f.const fun const => withNat f.shift fun shift =>
    withInt f.lo fun lo => withInt f.hi fun hi => g ⟨f.base, mul, const, shift, lo, hi⟩

def Form.addConst (f : Form) (k : Int) : Form :=
  { f with const := Int.add f.const (Int.mul k (power f.shift)), lo := Int.add f.lo k, hi := Int.add f.hi k }

def Form.shiftRight (f : Form) (k : Nat) : Form :=
  { f with shift := Nat.add f.shift k, lo := shr f.lo k, hi := shr f.hi k }

def Form.clamped (f : Form) (lo hi : Int) : Form :=
  { f with lo := larger lo (smaller hi f.lo), hi := larger lo (smaller hi f.hi) }

/-- `f - q * 2^bits` -/
def Form.moved (f : Form) (bits : Nat) (q : Int) : Form :=
  match isZero q with
  | true => f
  | false => f.addConst (-(q * power bits))

def Base.same : Base → Base → Bool
  | value i, value j => Nat.beq i j
  | dot n w, dot m v => Nat.beq n m && Nat.beq w v
  | _, _ => false

def Form.same (f g : Form) : Bool :=
  f.base.same g.base && (eqInt f.mul g.mul && (eqInt f.const g.const && (Nat.beq f.shift g.shift &&
    (eqInt f.lo g.lo && eqInt f.hi g.hi))))

def orElseNone (test : Bool) (f : Form) : Option Form :=
  match test with
  | true => some f
  | false => none

/-- The normal form of a wrap-around that does not happen, or happens equally often everywhere. -/
def Form.signed (f : Form) (bits : Nat) : Option Form :=
  withInt (shr (Int.add f.lo (shr (power bits) 1)) bits) fun q =>
    orElseNone (eqInt (shr (Int.add f.hi (shr (power bits) 1)) bits) q) (f.moved bits q)

def Form.unsigned (f : Form) (bits : Nat) : Option Form :=
  withInt (shr f.lo bits) fun q => orElseNone (eqInt (shr f.hi bits) q) (f.moved bits q)

def Form.times (f : Form) (k : Int) : Option Form :=
  orElseNone (Nat.beq f.shift 0 && leInt 0 k)
    { f with mul := Int.mul f.mul k, const := Int.mul f.const k, lo := Int.mul f.lo k, hi := Int.mul f.hi k }

def andThen (f : Option Form) (g : Form → Option Form) : Option Form :=
  match f with
  | some h => h.evaluated g
  | none => none

def Form.atLeast (f : Form) (k : Int) : Form := { f with lo := larger f.lo k, hi := larger f.hi k }

def Form.atMost (f : Form) (k : Int) : Form := { f with lo := smaller f.lo k, hi := smaller f.hi k }

/-- `if c + k ≥ 0 then a else b` as the larger or the smaller of `c` and a constant. -/
def Form.select (c : Form) (k : Int) (a b : Form) : Option Form :=
  match a.same c with
  | true => orElseNone (eqInt b.lo b.hi && (eqInt b.lo (-k) || eqInt b.lo (-k - 1))) (c.atLeast b.lo)
  | false => orElseNone (b.same c && (eqInt a.lo a.hi && (eqInt a.lo (-k) || eqInt a.lo (-k - 1)))) (c.atMost a.lo)

/-- The normal form of an expression, if it has one. -/
def Expr.form (v : Values) : Expr → Option Form
  | value i =>
    match v with
    | .int32 => some ⟨.value i, 1, 0, 0, -2147483648, 2147483647⟩
    | .int8 => some ⟨.value i, 1, 0, 0, -128, 127⟩
  | dot n weights =>
    match v with
    | .int32 => none
    | .int8 =>
      let bound : Int := (128 * absSumFast n weights : Nat)
      orElseNone (Nat.ble n 16777216 && Nat.ble (weights + 1) (Nat.pow 256 n)) ⟨.dot n weights, 1, 0, 0, -bound, bound⟩
  | const k => some ⟨.value 0, 0, k, 0, k, k⟩
  | add e k => andThen (e.form v) fun f => some (f.addConst k)
  | mul e k => andThen (e.form v) fun f => f.times k
  | floor e k => andThen (e.form v) fun f => some (f.shiftRight k)
  | signed e bits => andThen (e.form v) fun f => f.signed bits
  | unsigned e bits => andThen (e.form v) fun f => f.unsigned bits
  | clamp e lo hi => andThen (e.form v) fun f => orElseNone (leInt lo hi) (f.clamped lo hi)
  | max e k => andThen (e.form v) fun f => some (f.atLeast k)
  | min e k => andThen (e.form v) fun f => some (f.atMost k)
  | select c m k a b => andThen (c.form v) fun f => andThen (a.form v) fun g => andThen (b.form v) fun h =>
      match decide (m = 1) with
      | true => f.select k g h
      | false => andThen (f.select (-k - 1) h g) fun r => orElseNone (decide (m = -1)) r
  | join low high => andThen (low.form v) fun f => andThen (high.form v) fun g =>
      andThen (f.signed 64) fun h => orElseNone (g.same (f.shiftRight 32) && h.same f) f
  | carry e low k => andThen (low.form v) fun f => andThen (e.form v) fun g =>
      orElseNone (g.same (f.shiftRight 32)) ((f.addConst k).shiftRight 32)

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
  | some f, some g => f.same g
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

def codesOk : List Feature → List Nat → List Expr → Nat → Bool
  | f :: fs, factor :: factors, e :: es, i =>
    Nat.beq f.invScale factor &&
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
  | some f => decide (-2147483648 ≤ f.lo) && decide (f.hi ≤ 2147483647)
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

/-- Whether the recorded run is shown to compute the policy. -/
def Program.ok (run : Program) (p : Policy) : Bool :=
  codesOk p.input run.factors run.codes 0 &&
    (layersOk p.network.mode p.network.hidden run.hidden &&
      (lastOk p.network.last p.network.last.rows run.last && run.action.ok p.network.last.rows.length p.head))

end TinyVerify.ObjectCode
