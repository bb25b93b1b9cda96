import TinyVerify.Policy.Spec
/-!
# object code: what a recorded run makes of an observation

The int32 that each float32 pattern is converted to, and the fault flags. The first half of what a recorded run means;
`Spec.lean` has the rest, and what the theorem says. Vector code multiplies and converts as the vector unit does, whose
subnormal numbers are zero. Scalar code multiplies with FPSCR as after reset, replaces a NaN, clamps, and rounds by adding
and taking away `1.5 * 2^23`. Obligation: `kernel.object_code`.

Not said here: that these are the instructions' operations (the symbolic run).
-/
namespace TinyVerify.ObjectCode

/-! ### words -/

/-- The low `bits` bits of `z` as a two's complement number: what an 8, 16, 32 or 64 bit lane holds. -/
def signedBits (bits : Nat) (z : Int) : Int :=
  (z + half bits) % ((2 ^ bits : Nat) : Int) - half bits

/-- The low `bits` bits of `z` as an unsigned number. -/
def unsignedBits (bits : Nat) (z : Int) : Int := z % ((2 ^ bits : Nat) : Int)

/-! ### the float border of vector code -/

/-- The significand of an operand: a subnormal one counts as zero. -/
def flushed (bits : Nat) : Nat := if f32Exponent bits = 0 then 0 else f32Significand bits

/-- One vector multiplication of finite magnitudes, then to the nearest integer, ties to even. The product is
zero where it is below `2^-126` before it is rounded. -/
def vectorProduct (bits factor : Nat) : Nat :=
  if flushed bits * flushed factor * 2 ^ (f32Scale bits + f32Scale factor) < 2 ^ 172 then 0
  else productToInt (flushed bits) (f32Scale bits) (flushed factor) (f32Scale factor)

/-- What a vector multiplication by a positive normal `factor` and a vector conversion to int32 give together:
saturating, 0 for a NaN. -/
def converted (bits factor : Nat) : Int :=
  if f32IsNaN bits = true then 0
  else if f32IsInfinite bits = true then (if f32Negative bits = true then -2147483648 else 2147483647)
  else
    let n : Int := (vectorProduct bits factor : Nat)
    TinyVerify.clamp (if f32Negative bits = true then -n else n) (-2147483648) 2147483647

/-! ### the float border of scalar code

A float that is no NaN is its value in units of `2^-149`. What is `2^128` or more, in either direction, is an infinity. -/

/-- 1.0 -/
def one : Int := ((2 ^ 149 : Nat) : Int)

/-- `2^128` -/
def infinite : Int := ((2 ^ 277 : Nat) : Int)

def withSign (negative : Bool) (magnitude : Nat) : Int :=
  match negative with
  | true => -(magnitude : Int)
  | false => (magnitude : Int)

/-- One multiplication of finite magnitudes, to nearest, ties to even; subnormal numbers are kept. -/
def scalarProduct (bits factor : Nat) : Nat :=
  let exact := f32Significand bits * f32Significand factor
  let exponent := f32Scale bits + f32Scale factor
  let drop := max (bitLength exact - 24) (149 - exponent)
  roundEven exact drop * 2 ^ (exponent + drop - 149)

/-- The float nearest to `z`, ties to even: its 24 leading digits. -/
def nearest (z : Int) : Int :=
  let drop := bitLength z.natAbs - 24
  withSign (decide (z < 0)) (roundEven z.natAbs drop * 2 ^ drop)

/-- A float computed from one observation. Comparisons with a NaN fail; `k` is a float that is an integer. -/
inductive Scalar where
  /-- The observation times a positive normal factor. -/
  | product (factor : Nat)
  /-- 0 where `e` is a NaN. -/
  | orZero (e : Scalar)
  /-- 0 where the observation is a NaN. -/
  | orZeroInput (e : Scalar)
  /-- `if e < k then k else e` -/
  | atLeast (e : Scalar) (k : Int)
  /-- `if e > k then k else e` -/
  | atMost (e : Scalar) (k : Int)
  /-- The sum, rounded. -/
  | add (e : Scalar) (k : Int)

/-- Its value; none for a NaN. -/
def Scalar.eval (bits : Nat) : Scalar → Option Int
  | product factor =>
    if f32IsNaN bits = true then none
    else if f32IsInfinite bits = true then some (withSign (f32Negative bits) (2 ^ 277))
    else some (withSign (f32Negative bits) (scalarProduct bits factor))
  | orZero e =>
    match e.eval bits with
    | some z => some z
    | none => some 0
  | orZeroInput e => if f32IsNaN bits = true then some 0 else e.eval bits
  | atLeast e k =>
    match e.eval bits with
    | some z => some (if z < k * one then k * one else z)
    | none => none
  | atMost e k =>
    match e.eval bits with
    | some z => some (if k * one < z then k * one else z)
    | none => none
  | add e k =>
    match e.eval bits with
    | some z => some (if infinite ≤ (z.natAbs : Int) then z else nearest (z + k * one))
    | none => none

/-- A conversion to int32 towards zero: saturating, 0 for a NaN. -/
def truncated (z : Option Int) : Int :=
  match z with
  | some z => TinyVerify.clamp (withSign (decide (z < 0)) (z.natAbs / 2 ^ 149)) (-2147483648) 2147483647
  | none => 0

/-! ### the float border -/

/-- How an observation becomes an int32. -/
inductive Border where
  | vector (factor : Nat)
  | scalar (e : Scalar)

def Border.eval (bits : Nat) : Border → Int
  | vector factor => converted bits factor
  | scalar e => truncated (e.eval bits)

def convertAll : List Border → List Nat → List Int
  | border :: borders, bits :: rest => border.eval bits :: convertAll borders rest
  | _, _ => []

/-! ### fault flags -/

/-- Pattern `i` of the observation, 0 outside. -/
def bitsAt : List Nat → Nat → Nat
  | [], _ => 0
  | bits :: _, 0 => bits
  | _ :: rest, i + 1 => bitsAt rest i

/-- A number computed from the patterns of an observation. -/
inductive Least where
  | const (k : Int)
  /-- The pattern of an infinity less pattern `i` without its sign. -/
  | margin (i : Nat)
  | signed (e : Least)
  | unsigned (e : Least)
  | min (a b : Least)

def Least.eval (observation : List Nat) : Least → Int
  | const k => k
  | margin i => 2139095040 - (bitsAt observation i % 2147483648 : Nat)
  | signed e => signedBits 32 (e.eval observation)
  | unsigned e => unsignedBits 32 (e.eval observation)
  | min a b => Min.min (a.eval observation) (b.eval observation)

/-- A number computed from such numbers. -/
inductive Flags where
  | const (k : Int)
  | low (e : Least)
  /-- The leading zeros of a word. -/
  | zeros (e : Least)
  | floor (f : Flags) (k : Nat)
  | add (f g : Flags)
  | mul (f : Flags) (k : Int)
  | signed (f : Flags)
  | unsigned (f : Flags)
  /-- `if e = 0 then f else g` -/
  | ite (e : Least) (f g : Flags)
  /-- Pattern `i` without its sign. -/
  | magnitude (i : Nat)
  /-- The low bits. -/
  | cut (f : Flags) (bits : Nat)
  /-- `if c = 0 then f else g` -/
  | ifZero (c f g : Flags)
  /-- `if c ≥ 0 then f else g` -/
  | ifNatural (c f g : Flags)

def Flags.eval (observation : List Nat) : Flags → Int
  | const k => k
  | low e => e.eval observation
  | zeros e => 32 - (bitLength (Int.toNat (e.eval observation)) : Nat)
  | floor f k => asr (f.eval observation) k
  | add f g => f.eval observation + g.eval observation
  | mul f k => f.eval observation * k
  | signed f => signedBits 32 (f.eval observation)
  | unsigned f => unsignedBits 32 (f.eval observation)
  | ite e f g => if e.eval observation = 0 then f.eval observation else g.eval observation
  | magnitude i => (bitsAt observation i % 2147483648 : Nat)
  | cut f bits => unsignedBits bits (f.eval observation)
  | ifZero c f g => if c.eval observation = 0 then f.eval observation else g.eval observation
  | ifNatural c f g => if 0 ≤ c.eval observation then f.eval observation else g.eval observation

end TinyVerify.ObjectCode
