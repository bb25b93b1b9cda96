import TinyVerify.Policy.Spec
/-!
# object code: what one run of `tv_infer` computes, and when it is the policy

The symbolic run of the linked ELF is recorded operation by operation and printed as a `Program`: for every
layer the expression that ends as each of its values. `Program.accumulators` and `Program.result` say what
the expressions mean, on unbounded integers with every wrap-around of a register written out. The checker
`Program.ok` compares them with a policy. Obligation: `kernel.object_code`.

Not said here: that the expressions are what the instructions compute (the symbolic run), the fault flags,
the float32 logits, softmax weights and probabilities.
-/
namespace TinyVerify.ObjectCode

/-- The low `bits` bits of `z` as a two's complement number: what an 8, 16, 32 or 64 bit lane holds. -/
def signedBits (bits : Nat) (z : Int) : Int :=
  (z + half bits) % ((2 ^ bits : Nat) : Int) - half bits

/-- The low `bits` bits of `z` as an unsigned number. -/
def unsignedBits (bits : Nat) (z : Int) : Int := z % ((2 ^ bits : Nat) : Int)

/-- An integer computed from the values of the layer before. -/
inductive Expr where
  /-- Value `i` of the layer before. -/
  | value (i : Nat)
  /-- The sum of all `n` values of the layer before, each times an int8; packed like a row of weights. -/
  | dot (n weights : Nat)
  | const (k : Int)
  | add (e : Expr) (k : Int)
  | mul (e : Expr) (k : Int)
  /-- Division by `2^k`, rounded down: an arithmetic shift right. -/
  | floor (e : Expr) (k : Nat)
  | signed (e : Expr) (bits : Nat)
  | unsigned (e : Expr) (bits : Nat)
  | clamp (e : Expr) (lo hi : Int)
  | max (e : Expr) (k : Int)
  | min (e : Expr) (k : Int)
  /-- `if c * m + k ≥ 0 then a else b` -/
  | select (c : Expr) (m k : Int) (a b : Expr)
  /-- Two 32-bit registers as one signed 64-bit number. -/
  | join (low high : Expr)
  /-- `e` plus the carry out of the low 32 bits of `low + k`. -/
  | carry (e low : Expr) (k : Int)

def Expr.eval (x : List Int) : Expr → Int
  | value i => nth x i
  | dot n weights => sum (products (unpack n weights) x)
  | const k => k
  | add e k => e.eval x + k
  | mul e k => e.eval x * k
  | floor e k => asr (e.eval x) k
  | signed e bits => signedBits bits (e.eval x)
  | unsigned e bits => unsignedBits bits (e.eval x)
  | clamp e lo hi => TinyVerify.clamp (e.eval x) lo hi
  | max e k => Max.max (e.eval x) k
  | min e k => Min.min (e.eval x) k
  | select c m k a b => if 0 ≤ c.eval x * m + k then a.eval x else b.eval x
  | join low high => signedBits 64 (unsignedBits 32 (low.eval x) + high.eval x * 4294967296)
  | carry e low k => e.eval x + asr (unsignedBits 32 (low.eval x) + k) 32

def evalAll (x : List Int) : List Expr → List Int
  | [] => []
  | e :: es => e.eval x :: evalAll x es

/-- One layer after the other. -/
def runLayers : List (List Expr) → List Int → List Int
  | [], x => x
  | layer :: layers, x => runLayers layers (evalAll x layer)

/-! ### the head: comparisons of accumulators, or a table -/

/-- One of the accumulators, chosen by comparing them. -/
inductive Pick where
  | acc (i : Nat)
  | signed (p : Pick) (bits : Nat)
  /-- `if a - b + k ≥ 0 then p else q` -/
  | ite (a b : Pick) (k : Int) (p q : Pick)

def Pick.eval (x : List Int) : Pick → Int
  | acc i => nth x i
  | signed p bits => signedBits bits (p.eval x)
  | ite a b k p q => if 0 ≤ a.eval x - b.eval x + k then p.eval x else q.eval x

/-- A number chosen by comparing accumulators. -/
inductive Choice where
  | const (n : Int)
  | affine (c : Choice) (m k : Int)
  | signed (c : Choice) (bits : Nat)
  | unsigned (c : Choice) (bits : Nat)
  | ite (a b : Pick) (k : Int) (c d : Choice)

def Choice.eval (x : List Int) : Choice → Int
  | const n => n
  | affine c m k => c.eval x * m + k
  | signed c bits => signedBits bits (c.eval x)
  | unsigned c bits => unsignedBits bits (c.eval x)
  | ite a b k c d => if 0 ≤ a.eval x - b.eval x + k then c.eval x else d.eval x

/-- How the action is computed from the accumulators. -/
inductive Last where
  /-- An index. -/
  | index (c : Choice)
  /-- The signed byte of a table of 256 at an index. -/
  | table (index : Expr) (table : Nat)

def Last.eval (x : List Int) : Last → Int
  | index c => c.eval x
  | table e packed => nth (unpack 256 packed) (Int.toNat (e.eval x))

/-! ### the float border -/

/-- A float32 pattern times another, to the nearest float32, then to the nearest int32: ties to even,
saturating, 0 for a NaN. What a vector multiplication and a vector conversion give together. -/
def converted (bits factor : Nat) : Int :=
  if f32IsNaN bits = true then 0
  else if f32IsInfinite bits = true then (if f32Negative bits = true then -2147483648 else 2147483647)
  else
    let n : Int := (productToInt (f32Significand bits) (f32Scale bits) (f32Significand factor) (f32Scale factor) : Nat)
    TinyVerify.clamp (if f32Negative bits = true then -n else n) (-2147483648) 2147483647

def convertAll : List Nat → List Nat → List Int
  | factor :: factors, bits :: rest => converted bits factor :: convertAll factors rest
  | _, _ => []

/-! ### a recorded run -/

structure Program where
  /-- What each observation is multiplied by, as a float32 pattern. -/
  factors : List Nat
  /-- The int8 codes, from the converted observations. -/
  codes : List Expr
  hidden : List (List Expr)
  /-- The accumulators. -/
  last : List Expr
  action : Last

/-- The accumulators that the run leaves, for observations given as float32 patterns. -/
def Program.accumulators (run : Program) (observation : List Nat) : List Int :=
  evalAll (runLayers run.hidden (evalAll (convertAll run.factors observation) run.codes)) run.last

/-- The discrete action, or the code of the continuous one. -/
def Program.result (run : Program) (observation : List Nat) : Int :=
  run.action.eval (run.accumulators observation)

/-! ### the reference -/

def quantizeAll : List Feature → List Nat → List Int
  | f :: fs, bits :: rest => quantizeF32 bits f.invScale f.zeroPoint :: quantizeAll fs rest
  | _, _ => []

/-- The accumulators that the policy defines. -/
def referenceAccumulators (p : Policy) (observation : List Nat) : List Int :=
  p.network.run (quantizeAll p.input observation)

/-- The action that the head defines: the arg max, or the code of the action without noise. -/
def actionOf (head : Head) (accs : List Int) : Int :=
  match head with
  | .discrete _ => (argMax accs : Nat)
  | .continuous g => g.actionFor (nth accs 0) (nth accs 1) 0

/-- `kernel.object_code`: for all observations, NaN and infinities included, the recorded run leaves the
policy's accumulators and its action. -/
def Program.Computes (run : Program) (p : Policy) : Prop :=
  ∀ observation : List Nat, observation.length = p.input.length →
    run.accumulators observation = referenceAccumulators p observation ∧ run.result observation = actionOf p.head (referenceAccumulators p observation)

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

def Form.addConst (f : Form) (k : Int) : Form :=
  { f with const := f.const + k * ((2 ^ f.shift : Nat) : Int), lo := f.lo + k, hi := f.hi + k }

def Form.shiftRight (f : Form) (k : Nat) : Form :=
  { f with shift := f.shift + k, lo := asr f.lo k, hi := asr f.hi k }

def Form.clamped (f : Form) (lo hi : Int) : Form :=
  { f with lo := TinyVerify.clamp f.lo lo hi, hi := TinyVerify.clamp f.hi lo hi }

/-- `f` where it is `q * 2^bits` away from a number of that width throughout. -/
def Form.moved (f : Form) (bits : Nat) (q : Int) : Form := f.addConst (-(q * ((2 ^ bits : Nat) : Int)))

def Base.same : Base → Base → Bool
  | value i, value j => Nat.beq i j
  | dot n w, dot m v => Nat.beq n m && Nat.beq w v
  | _, _ => false

def Form.same (f g : Form) : Bool :=
  f.base.same g.base && (decide (f.mul = g.mul) && (decide (f.const = g.const) && (Nat.beq f.shift g.shift &&
    (decide (f.lo = g.lo) && decide (f.hi = g.hi)))))

def orElseNone (test : Bool) (f : Form) : Option Form :=
  match test with
  | true => some f
  | false => none

/-- The normal form of a wrap-around that does not happen, or happens equally often everywhere. -/
def Form.signed (f : Form) (bits : Nat) : Option Form :=
  let q := asr (f.lo + half bits) bits
  orElseNone (decide (asr (f.hi + half bits) bits = q)) (f.moved bits q)

def Form.unsigned (f : Form) (bits : Nat) : Option Form :=
  let q := asr f.lo bits
  orElseNone (decide (asr f.hi bits = q)) (f.moved bits q)

def Form.times (f : Form) (k : Int) : Option Form :=
  orElseNone (Nat.beq f.shift 0 && decide (0 ≤ k)) { f with mul := f.mul * k, const := f.const * k, lo := f.lo * k, hi := f.hi * k }

def andThen (f : Option Form) (g : Form → Option Form) : Option Form :=
  match f with
  | some h => g h
  | none => none

def Form.atLeast (f : Form) (k : Int) : Form := { f with lo := Max.max f.lo k, hi := Max.max f.hi k }

def Form.atMost (f : Form) (k : Int) : Form := { f with lo := Min.min f.lo k, hi := Min.min f.hi k }

/-- `if c + k ≥ 0 then a else b` as the larger or the smaller of `c` and a constant. -/
def Form.select (c : Form) (k : Int) (a b : Form) : Option Form :=
  match a.same c with
  | true => orElseNone (decide (b.lo = b.hi) && (decide (b.lo = -k) || decide (b.lo = -k - 1))) (c.atLeast b.lo)
  | false => orElseNone (b.same c && (decide (a.lo = a.hi) && (decide (a.lo = -k) || decide (a.lo = -k - 1)))) (c.atMost a.lo)

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
  | clamp e lo hi => andThen (e.form v) fun f => orElseNone (decide (lo ≤ hi)) (f.clamped lo hi)
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

/-- Whether two expressions have one and the same normal form. -/
def Expr.agrees (v : Values) (a b : Expr) : Bool :=
  match a.form v, b.form v with
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

def Choice.at (x : List Int) : Choice → Int
  | const n => n
  | affine c m k => c.at x * m + k
  | signed c bits => signedBits bits (c.at x)
  | unsigned c bits => unsignedBits bits (c.at x)
  | ite a b k c d => if 0 ≤ nth x (a.at x) - nth x (b.at x) + k then c.at x else d.at x

def Choice.ok (n : Nat) : Choice → Bool
  | const _ => true
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
  c.ok n && all (fun ranks => decide (c.at ranks = (argMax ranks : Nat))) (tuples n n)

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
