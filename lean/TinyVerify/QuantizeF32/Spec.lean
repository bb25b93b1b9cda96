import TinyVerify.Basic.Int
/-!
# quantize_f32: a float32 observation to an int8 code, over bit patterns

A float32 is its pattern, a number below `2^32`: sign, exponent and fraction are digits of it, and
its value is `significand * 2^(scale - 149)`. Nothing here is a machine float. Obligation:
`quantize_f32.defined`.
-/
namespace TinyVerify

def f32Exponent (bits : Nat) : Nat := bits / 8388608 % 256

def f32Fraction (bits : Nat) : Nat := bits % 8388608

def f32Negative (bits : Nat) : Bool := Nat.ble 2147483648 bits

def f32IsNaN (bits : Nat) : Bool := Nat.beq (f32Exponent bits) 255 && Nat.ble 1 (f32Fraction bits)

def f32IsInfinite (bits : Nat) : Bool := Nat.beq (f32Exponent bits) 255 && Nat.beq (f32Fraction bits) 0

/-- The integer significand, with the hidden bit of a normal number. -/
def f32Significand (bits : Nat) : Nat := if f32Exponent bits = 0 then f32Fraction bits else f32Fraction bits + 8388608

/-- The exponent of two above `2^-149`. -/
def f32Scale (bits : Nat) : Nat := if f32Exponent bits = 0 then 0 else f32Exponent bits - 1

/-- `value / 2^k` to nearest, ties to even. -/
def roundEven (value k : Nat) : Nat :=
  let q := value / 2 ^ k
  let rest := value % 2 ^ k
  if 2 ^ k < 2 * rest then q + 1
  else if 2 * rest = 2 ^ k then q + q % 2
  else q

/-- Number of binary digits. -/
def bitLength (value : Nat) : Nat := if value = 0 then 0 else Nat.log2 value + 1

/-- One float32 multiplication of finite magnitudes, round to nearest even, then to the nearest
integer, ties to even. The exact product is `sa * sb * 2^(ea + eb - 298)`; a float32 keeps 24 digits
of it and nothing below `2^-149`. An overflow stays a number of at least `2^128` here. -/
def productToInt (sa ea sb eb : Nat) : Nat :=
  let exact := sa * sb
  let drop := max (bitLength exact - 24) (149 - (ea + eb))
  let kept := roundEven exact drop
  let exponent := ea + eb + drop
  if 298 ≤ exponent then kept * 2 ^ (exponent - 298) else roundEven kept (298 - exponent)

/-- The code of one feature. `invScale` is the pattern of a positive finite float32. -/
def quantizeF32 (bits invScale : Nat) (zeroPoint : Int) : Int :=
  if f32IsNaN bits = true then zeroPoint
  else if f32IsInfinite bits = true then (if f32Negative bits = true then -128 else 127)
  else
    let n : Int := (productToInt (f32Significand bits) (f32Scale bits) (f32Significand invScale) (f32Scale invScale) : Nat)
    clamp (if f32Negative bits = true then -n else n) (-128 - zeroPoint) (127 - zeroPoint) + zeroPoint

/-- What one feature adds to the fault flags: 1 for a NaN, 2 for an infinity. -/
def f32Fault (bits : Nat) : Nat := if f32IsNaN bits = true then 1 else if f32IsInfinite bits = true then 2 else 0

end TinyVerify
