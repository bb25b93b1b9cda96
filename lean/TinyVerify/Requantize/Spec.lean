import TinyVerify.Basic.Int
/-!
# requantize: int32 accumulator to int8 by a fixed-point multiplier and a rounding shift

The real factor is `multiplier / 2^(31 + shift)`. Obligations: `requantize.half_unit`,
`requantize.monotone`, `requantize.no_overflow`, `requantize.saturation`.
-/
namespace TinyVerify

/-- How the scaled accumulator becomes an integer. -/
inductive Rounding where
  /-- Two roundings, ties towards plus infinity: what MVE's `vqrdmulh` and `vrshl` compute. -/
  | doubleTiesUp
  /-- Two roundings, the second with ties away from zero: TFLM and CMSIS-NN. -/
  | doubleTiesAway
  /-- One rounding, ties towards plus infinity: CMSIS-NN's single rounding. -/
  | singleTiesUp

/-- One channel's parameters. -/
structure RequantizeParams where
  multiplier : Int
  shift : Nat
  zeroPoint : Int
  lo : Int
  hi : Int

/-- What the quantizer may emit. -/
structure RequantizeParams.Valid (p : RequantizeParams) : Prop where
  multiplier : 1073741824 ≤ p.multiplier ∧ p.multiplier < 2147483648
  shift : p.shift ≤ 31
  zeroPoint : Int8 p.zeroPoint
  range : -128 ≤ p.lo ∧ p.lo ≤ p.hi ∧ p.hi ≤ 127

/-- The rounded high half of the doubled product: `(acc * multiplier + 2^30) >> 31`. -/
def highMul (acc multiplier : Int) : Int := asr (acc * multiplier + 1073741824) 31

/-- `h / 2^shift` to nearest, ties towards plus infinity. -/
def shiftTiesUp (h : Int) (shift : Nat) : Int := asr (h + half shift) shift

/-- `h / 2^shift` to nearest, ties away from zero. -/
def shiftTiesAway (h : Int) (shift : Nat) : Int :=
  if 0 ≤ h then asr (h + half shift) shift else -asr (-h + half shift) shift

/-- The accumulator times `multiplier / 2^(31 + shift)`, rounded: the `r` of the definition. -/
def rescale (mode : Rounding) (acc multiplier : Int) (shift : Nat) : Int :=
  match mode with
  | .doubleTiesUp => shiftTiesUp (highMul acc multiplier) shift
  | .doubleTiesAway => shiftTiesAway (highMul acc multiplier) shift
  | .singleTiesUp => asr (acc * multiplier + ((2 ^ (30 + shift) : Nat) : Int)) (31 + shift)

def requantize (mode : Rounding) (acc : Int) (p : RequantizeParams) : Int :=
  clamp (rescale mode acc p.multiplier p.shift + p.zeroPoint) p.lo p.hi

/-- A positive rational number. -/
structure Ratio where
  numerator : Nat
  denominator : Nat

/-- No fixed point of the same shift is nearer to `scale`: `|multiplier / 2^(31 + shift) - scale| ≤ 2^-(32 + shift)`,
cleared of denominators. -/
def RequantizeParams.Nearest (p : RequantizeParams) (scale : Ratio) : Prop :=
  (2 * p.multiplier * scale.denominator - ((scale.numerator * 2 ^ (32 + p.shift) : Nat) : Int)).natAbs ≤ scale.denominator

/-- The parameters belong to the scales, one by one. -/
def NearestAll : List RequantizeParams → List Ratio → Prop
  | [], [] => True
  | p :: ps, r :: rs => p.Nearest r ∧ NearestAll ps rs
  | _, _ => False

def nearestAllOk : List RequantizeParams → List Ratio → Bool
  | [], [] => true
  | p :: ps, r :: rs =>
    Nat.ble (2 * p.multiplier * r.denominator - ((r.numerator * 2 ^ (32 + p.shift) : Nat) : Int)).natAbs r.denominator &&
      nearestAllOk ps rs
  | _, _ => false

/-- The denominator of the real factor. -/
def unit (shift : Nat) : Int := ((2 ^ (31 + shift) : Nat) : Int)

/-- Twice the error of `rescale`, in units of `1 / 2^(31 + shift)`: with the real value
`e = acc * multiplier / 2^(31 + shift)` it is `2 * (r - e) * 2^(31 + shift)`, an integer. -/
def twiceError (mode : Rounding) (acc multiplier : Int) (shift : Nat) : Int :=
  2 * (unit shift * rescale mode acc multiplier shift - acc * multiplier)

/-- `rescale` on a machine: every 64-bit and 32-bit intermediate result wraps. -/
def rescaleMachine (mode : Rounding) (acc multiplier : Int) (shift : Nat) : Int :=
  let product := wrap64 (acc * multiplier)
  match mode with
  | .doubleTiesUp =>
    let h := wrap32 (asr (wrap64 (product + 1073741824)) 31)
    wrap32 (asr (wrap64 (h + half shift)) shift)
  | .doubleTiesAway =>
    let h := wrap32 (asr (wrap64 (product + 1073741824)) 31)
    if 0 ≤ h then wrap32 (asr (wrap64 (h + half shift)) shift)
    else wrap32 (-asr (wrap64 (wrap64 (-h) + half shift)) shift)
  | .singleTiesUp => wrap32 (asr (wrap64 (product + ((2 ^ (30 + shift) : Nat) : Int))) (31 + shift))

/-- `requantize` on a machine: 64-bit products and sums, 32-bit results. -/
def requantizeMachine (mode : Rounding) (acc : Int) (p : RequantizeParams) : Int :=
  clamp (wrap64 (rescaleMachine mode acc p.multiplier p.shift + p.zeroPoint)) p.lo p.hi

end TinyVerify
