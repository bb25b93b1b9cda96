import TinyVerify.Certified.Claim
import TinyVerify.Series.Spec
/-!
# Bounds of tanh of a float32 value

`TanhAtMost` (`Series/Spec.lean`) for `y` in units of `2^-149`, as float32 values are; tanh is odd.
Obligation: `policy.action_agreement` of continuous policies.
-/
namespace TinyVerify

/-- One, in units of `2^-149`. -/
def tanhUnit : Nat := 2 ^ 149

/-- `action` is within `2^-20 bound` of `bound tanh y`, which is what float32 arithmetic may make of it. -/
def TanhAction (bound y action : Int) : Prop :=
  TanhAtMost tanhUnit y (1048576 * action + bound) (1048576 * bound) ∧
  TanhAtMost tanhUnit (-y) (bound - 1048576 * action) (1048576 * bound)

/-- How many blocks of eight summands a check takes. -/
def tanhBlocks : Nat := 4

/-- `g z`, with the integer computed once. -/
def withInt (z : Int) (g : Int → Bool) : Bool :=
  match z with
  | .ofNat n => withNat n fun m => g (.ofNat m)
  | .negSucc n => withNat n fun m => g (.negSucc m)

/-- One sum, and for `y ≥ 0` what all later summands add at most: the last one again. -/
def tanhAtMostOk (y t d : Int) : Bool :=
  withInt (d - t) fun u => withInt (d + t) fun v =>
    match y with
    | .negSucc n => withNat (2 * (n + 1)) fun a =>
      leqInt (u * (expDen tanhUnit tanhBlocks : Int)) (v * (expNum tanhUnit a tanhBlocks : Int))
    | .ofNat n => leqInt 0 v && (leqInt u 0 || withNat (2 * n) fun a =>
      Nat.ble (2 * a) (tanhUnit * (8 * tanhBlocks + 1)) &&
      leqInt (u * ((expNum tanhUnit a tanhBlocks + Nat.pow a (8 * tanhBlocks) : Nat) : Int))
        (v * (expDen tanhUnit tanhBlocks : Int)))

end TinyVerify
