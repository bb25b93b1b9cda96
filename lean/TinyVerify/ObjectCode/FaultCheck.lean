import TinyVerify.ObjectCode.Form
/-!
# object code: the program that judges the fault flags

The vector code takes minima of `0x7f800000 - |pattern|` over the features: the signed one is negative just for a NaN, the
unsigned one zero just for an infinity. `Faults.lean` shows that this is right. Scalar code is judged by `FaultTable.lean`.
-/
namespace TinyVerify.ObjectCode

/-- `f` of a number, if there is one. -/
def apply (f : Int → Int) (z : Option Int) : Option Int :=
  match z with
  | some v => some (f v)
  | none => none

/-- Whether the number is there, and is `n`. -/
def isInt (n : Int) (z : Option Int) : Bool :=
  match z with
  | some v => eqInt v n
  | none => false

/-- Both lists, if there are both. -/
def both (a b : Option (List Nat)) : Option (List Nat) :=
  match a, b with
  | some l, some m => some (before l m)
  | _, _ => none

def someIf (test : Bool) (l : List Nat) : Option (List Nat) :=
  match test with
  | true => some l
  | false => none

/-- The features whose NaN makes this signed word negative, if nothing else does. -/
def Least.negatives : Least → Option (List Nat)
  | const k => someIf (decide (0 ≤ k) && decide (k ≤ 2147483647)) []
  | margin i => some [i]
  | signed e => e.negatives
  | unsigned _ => none
  | min a b => both a.negatives b.negatives

/-- The features whose infinity makes this unsigned word zero, if nothing else does. -/
def Least.zeros : Least → Option (List Nat)
  | const k => someIf (decide (0 < k) && decide (k ≤ 4294967295)) []
  | margin _ => none
  | signed _ => none
  | unsigned (.margin i) => some [i]
  | unsigned e => e.zeros
  | min a b => both a.zeros b.zeros

/-- Whether `j` is in the list. -/
def holdsNat (j : Nat) : List Nat → Bool
  | [] => false
  | i :: rest => Nat.beq j i || holdsNat j rest

/-- Whether all numbers below `n` are. -/
def coversBelow (l : List Nat) : Nat → Bool
  | 0 => true
  | n + 1 => holdsNat n l && coversBelow l n

/-- Whether these are all `n` features. -/
def covers (n : Nat) : Option (List Nat) → Bool
  | some l => coversBelow l n
  | none => false

def oneIf (test : Bool) : Int :=
  match test with
  | true => 1
  | false => 0

def chosen (test : Bool) (a b : Option Int) : Option Int :=
  match test with
  | true => a
  | false => b

/-- `z` where the test holds. -/
def whenTrue (test : Bool) (z : Option Int) : Option Int :=
  match test with
  | true => z
  | false => none

def plusSome (a b : Option Int) : Option Int :=
  match a, b with
  | some y, some z => some (y + z)
  | _, _ => none

/-- Whether a word that is compared with zero is zero just for an infinity. -/
def Least.tellsInfinite (n : Nat) : Least → Bool
  | signed e => covers n e.zeros
  | e => covers n e.zeros

/-- The number where the observation of `n` features holds a NaN or not, and an infinity or not. -/
def Flags.at (n : Nat) (nan infinite : Bool) : Flags → Option Int
  | const k => some k
  | low _ => none
  | zeros _ => none
  | floor (.low (.unsigned e)) k => whenTrue (Nat.beq k 31 && covers n e.negatives) (some (oneIf nan))
  | floor (.unsigned (.zeros e)) k => whenTrue (Nat.beq k 5 && covers n e.zeros) (some (oneIf infinite))
  | floor _ _ => none
  | add f g => plusSome (f.at n nan infinite) (g.at n nan infinite)
  | mul f k => apply (fun z => z * k) (f.at n nan infinite)
  | signed f => apply (signedBits 32) (f.at n nan infinite)
  | unsigned f => apply (unsignedBits 32) (f.at n nan infinite)
  | ite e f g => whenTrue (e.tellsInfinite n) (chosen infinite (f.at n nan infinite) (g.at n nan infinite))
  | magnitude _ => none
  | cut _ _ => none
  | ifZero _ _ _ => none
  | ifNatural _ _ _ => none

def Flags.byMinima (n : Nat) (f : Flags) : Bool :=
  (isInt (flagsOf false false) (f.at n false false) && isInt (flagsOf false true) (f.at n false true)) &&
    (isInt (flagsOf true false) (f.at n true false) && isInt (flagsOf true true) (f.at n true true))

end TinyVerify.ObjectCode
