import TinyVerify.SoftmaxLut.Spec
/-!
# dequantize: the arg max is taken on the int32 accumulators

Obligation: `dequantize.arg_max`. The float32 logits are not defined here.
-/
namespace TinyVerify

/-- The index of the largest element, the first among equals; 0 of an empty list. -/
def argMax : List Int → Nat
  | [] => 0
  | _ :: [] => 0
  | z :: y :: ys => if z < maximum (y :: ys) then argMax (y :: ys) + 1 else 0

def mapInt (f : Int → Int) : List Int → List Int
  | [] => []
  | z :: zs => f z :: mapInt f zs

end TinyVerify
