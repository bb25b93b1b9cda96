import TinyVerify.Basic.Sum
/-!
# dense_s8: int8 weights times int8 inputs, accumulated in int32, plus an int32 bias

Obligations: `dense_s8.acc_no_overflow`, `dense_s8.any_order`, `dense_s8.padding`.
-/
namespace TinyVerify

def products : List Int → List Int → List Int
  | w :: ws, x :: xs => w * x :: products ws xs
  | _, _ => []

/-- One output channel on unbounded integers: `bias + sum_i weight[i] * x[i]`. -/
def accumulate (bias : Int) (weights x : List Int) : Int := bias + sum (products weights x)

/-- The summands of one output channel: the bias and the products. -/
def terms (bias : Int) (weights x : List Int) : List Int := bias :: products weights x

/-- A way to add numbers up: any order, any grouping. Each `add` is one machine addition. -/
inductive SumTree where
  | term (z : Int)
  | add (left right : SumTree)

namespace SumTree

def terms : SumTree → List Int
  | term z => [z]
  | add l r => append l.terms r.terms

/-- The sum on unbounded integers. -/
def value : SumTree → Int
  | term z => z
  | add l r => l.value + r.value

/-- The sum in 32-bit registers: every addition wraps. -/
def machine : SumTree → Int
  | term z => wrap32 z
  | add l r => wrap32 (l.machine + r.machine)

/-- Every summand and every partial sum is an int32. -/
def Safe : SumTree → Prop
  | term z => Int32 z
  | add l r => Int32 (l.value + r.value) ∧ l.Safe ∧ r.Safe

end SumTree

/-- The scalar loop: the accumulator starts at the bias and wraps at every addition. -/
def accumulateMachine (acc : Int) : List Int → List Int → Int
  | w :: ws, x :: xs => accumulateMachine (wrap32 (acc + w * x)) ws xs
  | _, _ => acc

/-- One register adds up the terms that it is given. -/
def registerSum (acc : Int) : List Int → Int
  | [] => acc
  | z :: zs => registerSum (wrap32 (acc + z)) zs

/-- MVE: each lane adds up its own terms from 0, then the lanes are added to the bias one by one. -/
def laneWise (acc : Int) : List (List Int) → Int
  | [] => acc
  | lane :: lanes => laneWise (wrap32 (acc + registerSum 0 lane)) lanes

/-- All the terms that the lanes hold. -/
def laneTerms : List (List Int) → List Int
  | [] => []
  | lane :: lanes => append lane (laneTerms lanes)

def zeros : Nat → List Int
  | 0 => []
  | n + 1 => 0 :: zeros n

end TinyVerify
