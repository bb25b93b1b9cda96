import TinyVerify.DenseS8.Spec
import TinyVerify.QuantizeF32.Spec
/-!
# float32 arithmetic as a relation between integers

A float32 number is an integer in units of `2^-149`, a product of two an integer in units of `2^-298`. What a float32
unit computes is any number near the exact result: within `2^-24` of it, relatively, or `2^-126` where it is small. That
is what every rounding to nearest does, whether or not subnormal numbers are flushed to zero; the order of a sum and
fused multiply-add are left open. Numbers that overflow are no integers, so that the relation holds for none.
Obligation: `policy.logit_error`.
-/
namespace TinyVerify

/-- The value of a finite pattern in units of `2^-149`. -/
def f32Value (bits : Nat) : Int :=
  if f32Negative bits = true then -((f32Significand bits * 2 ^ f32Scale bits : Nat) : Int)
  else ((f32Significand bits * 2 ^ f32Scale bits : Nat) : Int)

/-- `2^149` -/
def f32One : Int := ((2 ^ 149 : Nat) : Int)

/-- `2^-126` in units of `2^-298`, times `2^24`. -/
def f32Tiny : Int := ((2 ^ 196 : Nat) : Int)

/-- `z` is a rounding of `exact`, which is in units of `2^-298`: the error is at most `2^-24 |exact| + 2^-126`. -/
def Near (exact z : Int) : Prop :=
  16777216 * ((f32One * z - exact).natAbs : Int) ≤ (exact.natAbs : Int) + f32Tiny

/-- A way to add a bias and products up in float32, with the number that each operation gives. -/
inductive FloatSum where
  | value (z : Int)
  /-- `w * x`, rounded to `z` -/
  | product (w x z : Int)
  /-- the sum of both, rounded to `z` -/
  | add (left right : FloatSum) (z : Int)
  /-- `w * x + acc`, rounded once to `z` -/
  | fused (w x : Int) (acc : FloatSum) (z : Int)

namespace FloatSum

/-- What the tree's root gives. -/
def result : FloatSum → Int
  | value z => z
  | product _ _ z => z
  | add _ _ z => z
  | fused _ _ _ z => z

/-- The exact summands, in units of `2^-298`. -/
def terms : FloatSum → List Int
  | value z => [f32One * z]
  | product w x _ => [w * x]
  | add l r _ => append l.terms r.terms
  | fused w x acc _ => (w * x) :: acc.terms

/-- Every operation rounds. -/
def Rounded : FloatSum → Prop
  | value _ => True
  | product w x z => Near (w * x) z
  | add l r z => l.Rounded ∧ r.Rounded ∧ Near (f32One * l.result + f32One * r.result) z
  | fused w x acc z => acc.Rounded ∧ Near (w * x + f32One * acc.result) z

end FloatSum

/-- Bias and weights of one output, in units of `2^-149`. -/
structure FloatRow where
  bias : Int
  weights : List Int

/-- The exact summands of a row. -/
def FloatRow.terms (r : FloatRow) (x : List Int) : List Int := (f32One * r.bias) :: products r.weights x

/-- Some way of adding up gives `y`. -/
def FloatRow.Computes (r : FloatRow) (x : List Int) (y : Int) : Prop :=
  ∃ t : FloatSum, Perm t.terms (r.terms x) ∧ t.Rounded ∧ t.result = y

def floatLayer : List FloatRow → List Int → List Int → Prop
  | [], _, [] => True
  | r :: rs, x, y :: ys => r.Computes x y ∧ floatLayer rs x ys
  | _, _, _ => False

def positive : List Int → List Int
  | [] => []
  | z :: zs => max z 0 :: positive zs

/-- A network of one hidden layer with ReLU. -/
structure FloatNetwork where
  hidden : List FloatRow
  last : List FloatRow

/-- `y` may be what float32 arithmetic makes of `x`. -/
def FloatNetwork.Computes (f : FloatNetwork) (x y : List Int) : Prop :=
  ∃ h, floatLayer f.hidden x h ∧ floatLayer f.last (positive h) y

/-- Rows as they stand in a file: patterns, the bias first. -/
def floatRow : List Nat → FloatRow
  | [] => ⟨0, []⟩
  | bias :: weights => ⟨f32Value bias, values weights⟩
where
  values : List Nat → List Int
    | [] => []
    | w :: ws => f32Value w :: values ws

def floatRows : List (List Nat) → List FloatRow
  | [] => []
  | r :: rs => floatRow r :: floatRows rs

/-- The logit of an int32 accumulator: converted to float32, then multiplied by the scale. -/
def LogitOf (acc scale z : Int) : Prop := ∃ a, Near (f32One * (f32One * acc)) a ∧ Near (a * scale) z

end TinyVerify
