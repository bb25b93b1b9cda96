import TinyVerify.ObjectCode.Form
/-!
# object code: the program that judges the fault flags

The vector code takes minima of `0x7f800000 - |pattern|` over the features: the signed one is negative just for a NaN, the
unsigned one zero just for an infinity. Scalar code compares each pattern. `Faults.lean` and `Classes.lean` show that this
is right.
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

/-! ### scalar code: one comparison a feature

What each feature is says what each comparison gives. So the flags are computed for every way in which the features can be
finite, infinite, or NaN: `3^n` ways. -/

inductive Class where
  | finite
  | infinite
  | nan

structure Range where
  lo : Int
  hi : Int

/-- Where the pattern lies without its sign. -/
def Class.range : Class → Range
  | finite => ⟨0, 2139095039⟩
  | infinite => ⟨2139095040, 2139095040⟩
  | nan => ⟨2139095041, 2147483647⟩

def Class.isNaN : Class → Bool
  | nan => true
  | _ => false

def Class.isInfinite : Class → Bool
  | infinite => true
  | _ => false

/-- Class `i`, finite outside. -/
def classAt : List Class → Nat → Class
  | [], _ => .finite
  | c :: _, 0 => c
  | _ :: rest, i + 1 => classAt rest i

def anyClass (test : Class → Bool) : List Class → Bool
  | [] => false
  | c :: rest => test c || anyClass test rest

/-- `r` where it lies between `lo` and `hi`. -/
def Range.inside (r : Range) (lo hi : Int) : Option Range :=
  match leInt lo r.lo && leInt r.hi hi with
  | true => some r
  | false => none

/-- The range of what a test of the range `c` chooses; none where the range leaves it open. -/
def chosenRange (yes no : Bool) (f g : Option Range) : Option Range :=
  match yes with
  | true => f
  | false =>
    match no with
    | true => g
    | false => none

def rangeThen (r : Option Range) (g : Range → Option Range) : Option Range :=
  match r with
  | some s => g s
  | none => none

def Range.times (r : Range) (k : Int) : Range :=
  match k with
  | .ofNat _ => ⟨r.lo * k, r.hi * k⟩
  | .negSucc _ => ⟨r.hi * k, r.lo * k⟩

/-- The low bits of a number that has no others, or of one that is known. -/
def Range.cut (r : Range) (bits : Nat) : Option Range :=
  match r.inside 0 (power bits - 1) with
  | some s => some s
  | none =>
    match eqInt r.lo r.hi with
    | true => some ⟨unsignedBits bits r.lo, unsignedBits bits r.lo⟩
    | false => none

/-- Where the number lies for features of these classes. -/
def Flags.range (cs : List Class) : Flags → Option Range
  | const k => some ⟨k, k⟩
  | low _ => none
  | zeros _ => none
  | floor f k => rangeThen (f.range cs) fun r => some ⟨shr r.lo k, shr r.hi k⟩
  | add f g => rangeThen (f.range cs) fun r => rangeThen (g.range cs) fun s => some ⟨r.lo + s.lo, r.hi + s.hi⟩
  | mul f k => rangeThen (f.range cs) fun r => some (r.times k)
  | signed f => rangeThen (f.range cs) fun r => r.inside (-2147483648) 2147483647
  | unsigned f => rangeThen (f.range cs) fun r => r.inside 0 4294967295
  | ite _ _ _ => none
  | magnitude i => some (classAt cs i).range
  | cut f bits => rangeThen (f.range cs) fun r => r.cut bits
  | ifZero c f g => rangeThen (c.range cs) fun r =>
      chosenRange (eqInt r.lo 0 && eqInt r.hi 0) (leInt 1 r.lo || leInt r.hi (-1)) (f.range cs) (g.range cs)
  | ifNatural c f g => rangeThen (c.range cs) fun r =>
      chosenRange (leInt 0 r.lo) (leInt r.hi (-1)) (f.range cs) (g.range cs)

def isPoint (n : Int) (r : Option Range) : Bool :=
  match r with
  | some s => eqInt s.lo n && eqInt s.hi n
  | none => false

/-- Whether the test holds for all lists of `n` classes. -/
def allClasses : Nat → (List Class → Bool) → Bool
  | 0, test => test []
  | n + 1, test =>
    allClasses n (fun cs => test (.finite :: cs)) &&
      (allClasses n (fun cs => test (.infinite :: cs)) && allClasses n (fun cs => test (.nan :: cs)))

def Flags.byClasses (n : Nat) (f : Flags) : Bool :=
  allClasses n fun cs => isPoint (flagsOf (anyClass Class.isNaN cs) (anyClass Class.isInfinite cs)) (f.range cs)

def Flags.ok (n : Nat) (f : Flags) : Bool := f.byMinima n || f.byClasses n

end TinyVerify.ObjectCode
