import TinyVerify.Basic.Int
/-!
# relu on int8 codes: the code of 0.0 is the zero point

Obligation: `relu.fused_clamp`. In a hidden layer it is fused into requantize as the lower clamp.
-/
namespace TinyVerify

def relu (q zeroPoint : Int) : Int := max q zeroPoint

end TinyVerify
