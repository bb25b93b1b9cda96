import TinyVerify.Certified.Claim
/-!
# Bounds of tanh without real numbers

For `x ≥ 0` the sums `S n = 1 + x + x^2/2! + ... + x^n/n!` rise to `exp x`, and `tanh (x/2) = (exp x - 1) / (exp x + 1)` rises with
`exp x`. So `tanh (x/2) ≤ t` says that no `S n` exceeds `(1 + t) / (1 - t)`, and `tanh (x/2) ≥ t` follows where some `S n` reaches
it; tanh is odd. Everything is an integer: `x` in units of `2^-148`, that is `x/2` in units of `2^-149`, as float32 values are.
Obligation: `policy.action_agreement` of continuous policies.
-/
namespace TinyVerify

/-- One, in units of `x`. -/
def expUnit : Nat := 2 ^ 148

/-- `S n` times `expDen n`. -/
def expNum (a : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => expNum a n * (expUnit * (n + 1)) + a ^ (n + 1)

/-- `expUnit^n n!` -/
def expDen : Nat → Nat
  | 0 => 1
  | n + 1 => expDen n * (expUnit * (n + 1))

/-- `tanh y ≤ t / d`, for `y` in units of `2^-149` and `d > 0`. -/
def TanhAtMost (y t d : Int) : Prop :=
  (0 ≤ y → ∀ n, (d - t) * (expNum y.toNat n : Int) ≤ (d + t) * (expDen n : Int)) ∧
  (y < 0 → ∃ n, (d - t) * (expDen n : Int) ≤ (d + t) * (expNum (-y).toNat n : Int))

/-- `action` is within `2^-20 bound` of `bound tanh y`, which is what float32 arithmetic may make of it. -/
def TanhAction (bound y action : Int) : Prop :=
  TanhAtMost y (1048576 * action + bound) (1048576 * bound) ∧ TanhAtMost (-y) (bound - 1048576 * action) (1048576 * bound)

/-- How many summands a check takes. -/
def expTerms : Nat := 30

/-- `g z`, with the integer computed once. -/
def withInt (z : Int) (g : Int → Bool) : Bool :=
  match z with
  | .ofNat n => withNat n fun m => g (.ofNat m)
  | .negSucc n => withNat n fun m => g (.negSucc m)

/-- The sums to `n`, and for `y ≥ 0` what all later summands add at most: twice the first of them. -/
def tanhAtMostOk (y t d : Int) : Bool :=
  withInt (d - t) fun u => withInt (d + t) fun v =>
    match y with
    | .negSucc n => withNat (n + 1) fun a => leqInt (u * (expDen expTerms : Int)) (v * (expNum a expTerms : Int))
    | .ofNat n => leqInt 0 v && (leqInt u 0 || (leqInt 0 u && (withNat n fun a =>
      Nat.ble (2 * a) (expUnit * (expTerms + 2)) &&
      leqInt (u * ((expNum a expTerms * (expUnit * (expTerms + 1)) + 2 * a ^ (expTerms + 1) : Nat) : Int))
        (v * (expDen (expTerms + 1) : Int)))))

end TinyVerify
