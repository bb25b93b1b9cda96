import TinyVerify.Basic.Lists
import TinyVerify.QuantizeF32.Spec
import TinyVerify.SoftmaxLut.Spec
/-!
# dequantize: an int32 accumulator to a float32 logit, and the arg max on the accumulators

Logits are bit patterns, as in `QuantizeF32/Spec.lean`. Obligations: `dequantize.finite`, `dequantize.arg_max`.
-/
namespace TinyVerify

/-- The pattern of an infinity; every finite number's is below it. -/
def f32Infinity : Nat := 0x7f800000

/-- The pattern of the float32 nearest to `value * 2^-(149 + below)`, ties to even: the leading 24
digits are kept. What would be subnormal is flushed to zero, as MVE does; an overflow is an infinity.
`value` is 0 or has at least 24 digits. The pattern is `exponent * 2^23 + fraction`, and a carry out
of the fraction is the next exponent. -/
def f32Nearest (value below : Nat) : Nat :=
  let drop := bitLength value - 24
  let pattern := drop * 8388608 + roundEven value drop
  if pattern < (below + 1) * 8388608 then 0 else min (pattern - below * 8388608) f32Infinity

/-- The pattern of `float32 acc * scale` without its sign, for a pattern `scale` of a positive number: two roundings. -/
def dequantizeMagnitude (acc : Int) (scale : Nat) : Nat :=
  let a := f32Nearest (acc.natAbs * 2 ^ 149) 0
  f32Nearest (f32Significand a * f32Significand scale * 2 ^ (f32Scale a + f32Scale scale)) 149

/-- The pattern of the logit. -/
def dequantize (acc : Int) (scale : Nat) : Nat :=
  if acc < 0 then 2147483648 + dequantizeMagnitude acc scale else dequantizeMagnitude acc scale

/-- For every int32 accumulator and each scale the logit is finite: neither an infinity nor a NaN. -/
def LogitsFinite (scales : List Nat) : Prop :=
  ∀ scale ∈ scales, ∀ acc, Int32 acc → f32Exponent (dequantize acc scale) < 255

/-- Scales below `2^92` cannot overflow. -/
def logitsFiniteOk (scales : List Nat) : Bool := all (fun scale => Nat.ble (f32Exponent scale) 218) scales

/-- The index of the largest element, the first among equals; 0 of an empty list. -/
def argMax : List Int → Nat
  | [] => 0
  | _ :: [] => 0
  | z :: y :: ys => if z < maximum (y :: ys) then argMax (y :: ys) + 1 else 0

def mapInt (f : Int → Int) : List Int → List Int
  | [] => []
  | z :: zs => f z :: mapInt f zs

end TinyVerify
