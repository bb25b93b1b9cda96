import TinyVerify.ObjectCode.Spec
/-!
# object code: the normal form of an expression

Each expression is brought into the form `clamp(floor((mul * base + const) / 2^shift), lo, hi)`, where `base` is one
value of the layer before or a weighted sum of all. Wrap-arounds disappear where `lo` and `hi` show that they do
nothing. `FormSteps.lean`, `Readings.lean` and `Forms.lean` show that this is right.
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

/-- Whether both are one and the same constant. -/
def Form.areConst (f g : Form) : Bool := Nat.beq f.lo f.hi && (Nat.beq g.lo g.hi && Nat.beq f.lo g.lo)

/-- Equal forms, or equal constants, or `f` has a numerator and a denominator without the powers of two that `g` has: 16-bit lanes
multiply with the upper half of a multiplier whose lower half is zero. -/
def Form.agrees (f g : Form) : Bool :=
  (f.same g || f.areConst g) ||
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

/-! ### words of 64-bit numbers

Scalar code shifts a 64-bit number by two registers: bits of the low word, and bits of the high word shifted left, are put
together to a word. So an expression may be known as a part of a form, and not as one. -/

/-- What is known of a number `z`, by a form `f`. -/
inductive Reading where
  /-- `z = f` -/
  | whole (f : Form)
  /-- `z` and `f` have the same low 32 bits. -/
  | congruent (f : Form)
  /-- `z` is the low 32 bits of `f`, as an unsigned number, shifted right by `k`. -/
  | low (f : Form) (k : Nat)
  /-- `z = f * m` -/
  | product (f : Form) (m : Nat)
  /-- `z` is the low 32 bits of `f * m`, as an unsigned number. -/
  | upper (f : Form) (m : Nat)

def asWhole (f : Option Form) : Option Reading :=
  match f with
  | some g => some (.whole g)
  | none => none

def asCongruent (f : Option Form) : Option Reading :=
  match f with
  | some g => some (.congruent g)
  | none => none

/-- `r` where `test` holds. -/
def readIf (test : Bool) (r : Option Reading) : Option Reading :=
  match test with
  | true => r
  | false => none

def andRead (r : Option Reading) (g : Reading → Option Reading) : Option Reading :=
  match r with
  | some s => g s
  | none => none

/-- The form that the number is. -/
def Reading.form (r : Option Reading) : Option Form :=
  match r with
  | some (whole f) => some f
  | _ => none

/-- A form with the same low 32 bits. -/
def Reading.word (r : Option Reading) : Option Form :=
  match r with
  | some (whole f) => some f
  | some (congruent f) => some f
  | some (low f 0) => some f
  | _ => none

def Reading.add (r : Reading) (k : Int) : Option Reading :=
  match r with
  | whole f => asWhole (f.addConst k)
  | congruent f => asCongruent (f.addConst k)
  | low f 0 => asCongruent (f.addConst k)
  | _ => none

def Reading.mul (r : Reading) (k : Int) : Option Reading :=
  match r with
  | whole f =>
    match f.times k with
    | some g => some (whole g)
    | none =>
      match k with
      | .ofNat m => some (product f m)
      | .negSucc _ => none
  | _ => none

def Reading.floor (r : Reading) (k : Nat) : Option Reading :=
  match r with
  | whole f => asWhole (f.shiftRight k)
  | low f j => some (low f (Nat.add j k))
  | _ => none

def Reading.signed (r : Reading) (bits : Nat) : Option Reading :=
  match r with
  | whole f => asWhole (f.signed bits)
  | congruent f => readIf (Nat.beq bits 32) (asWhole (f.signed 32))
  | low f 0 => readIf (Nat.beq bits 32) (asWhole (f.signed 32))
  | _ => none

def Reading.unsigned (r : Reading) (bits : Nat) : Option Reading :=
  match r with
  | whole f =>
    match f.unsigned bits with
    | some g => some (whole g)
    | none => readIf (Nat.beq bits 32) (some (low f 0))
  | congruent f => readIf (Nat.beq bits 32) (some (low f 0))
  | low f k => readIf (Nat.beq bits 32) (some (low f k))
  | product f m => readIf (Nat.beq bits 32) (some (upper f m))
  | upper f m => readIf (Nat.beq bits 32) (some (upper f m))

/-- The low bits of a word that a shift right by `k` leaves, and above them as many of the word above. -/
def Form.recombined (f : Form) (k : Nat) (g : Form) (m : Nat) : Option Reading :=
  readIf (Nat.ble k 32 && Nat.beq m (Nat.pow 2 (Nat.sub 32 k)))
    (match f.shiftRight 32, f.shiftRight k with
    | some s, some t => readIf (g.same s) (some (.low t 0))
    | _, _ => none)

def Reading.plus (r s : Reading) : Option Reading :=
  match r, s with
  | low f k, upper g m => f.recombined k g m
  | upper g m, low f k => f.recombined k g m
  | _, _ => none

/-- What is known of an expression. -/
def Expr.reading (v : Values) : Expr → Option Reading
  | value i =>
    match v with
    | .int32 => asWhole (checked (.value i) 1 offset 0 (Nat.sub offset 2147483648) (Nat.add offset 2147483647))
    | .int8 => asWhole (checked (.value i) 1 offset 0 (Nat.sub offset 128) (Nat.add offset 127))
  | dot n weights =>
    match v with
    | .int32 => none
    | .int8 =>
      asWhole (withNat (Nat.mul 128 (absSumFast n weights)) fun bound =>
        onlyIf (Nat.ble n 16777216 && Nat.ble (Nat.add weights 1) (Nat.pow 256 n))
          (checked (.dot n weights) 1 offset 0 (Nat.sub offset bound) (Nat.add offset bound)))
  | const k => asWhole (withConst k fun n => checked (.value 0) 0 n 0 n n)
  | add e k => andRead (e.reading v) fun r => r.add k
  | mul e k => andRead (e.reading v) fun r => r.mul k
  | floor e k => andRead (e.reading v) fun r => r.floor k
  | signed e bits => andRead (e.reading v) fun r => r.signed bits
  | unsigned e bits => andRead (e.reading v) fun r => r.unsigned bits
  | clamp e lo hi => asWhole (andThen (Reading.form (e.reading v)) fun f => f.clamped lo hi)
  | max e k => asWhole (andThen (Reading.form (e.reading v)) fun f => withConst k fun n => f.atLeast n)
  | min e k => asWhole (andThen (Reading.form (e.reading v)) fun f => withConst k fun n => f.atMost n)
  | select c m k a b => asWhole (andThen (Reading.form (c.reading v)) fun f =>
      andThen (Reading.form (a.reading v)) fun g => andThen (Reading.form (b.reading v)) fun h =>
        match eqInt m 1 with
        | true => f.select k g h
        | false => onlyIf (eqInt m (-1)) (f.select (-k - 1) h g))
  | join low high => asWhole (andThen (Reading.form (low.reading v)) fun f =>
      andThen (Reading.form (high.reading v)) fun g =>
        andThen (f.signed 64) fun h => andThen (f.shiftRight 32) fun s => onlyIf (g.same s && h.same f) (some f))
  | carry e low k => asWhole (andThen (Reading.word (low.reading v)) fun f => andThen (Reading.form (e.reading v)) fun g =>
      andThen (f.shiftRight 32) fun s => onlyIf (g.same s) (andThen (f.addConst k) fun h => h.shiftRight 32))
  | plus a b => andRead (a.reading v) fun r => andRead (b.reading v) fun s => r.plus s

/-- The normal form of an expression, if it has one. -/
def Expr.form (v : Values) (e : Expr) : Option Form := Reading.form (e.reading v)

end TinyVerify.ObjectCode
