import TinyVerify.ObjectCode.Spec
/-!
# object code: words as linear combinations

The bytes of a table are put into words, added up and taken out of words again. Each `Word` is brought into the form
`half * floor(x₀ + x₁ + ... / 2) + c₀ * x₀ + c₁ * x₁ + ... + const`, where numbers and factors are not negative. Shifts
and wrap-arounds split the factors; what is below the split must be too small to carry. `Combinations.lean` and
`Words.lean` show that this is right.
-/
namespace TinyVerify.ObjectCode

structure Combination where
  half : Nat
  factors : List Nat
  const : Nat

/-- Only `factor` times number `i`. -/
def unitAt (factor : Nat) : Nat → List Nat
  | 0 => [factor]
  | i + 1 => 0 :: unitAt factor i

def addAll : List Nat → List Nat → List Nat
  | a :: as, b :: bs => Nat.add a b :: addAll as bs
  | [], bs => bs
  | as, [] => as

def mapNat (f : Nat → Nat) : List Nat → List Nat
  | [] => []
  | a :: as => f a :: mapNat f as

def addUp : List Nat → Nat
  | [] => 0
  | a :: as => Nat.add a (addUp as)

def Combination.map (f : Nat → Nat) (c : Combination) : Combination := ⟨f c.half, mapNat f c.factors, f c.const⟩

/-- A bound of the combination of `n` numbers up to `bound`. -/
def Combination.reach (n bound : Nat) (c : Combination) : Nat :=
  Nat.add (Nat.mul bound (Nat.add (Nat.mul n c.half) (addUp c.factors))) c.const

/-- Whether all of `n` factors are 1. -/
def allOnes : Nat → List Nat → Bool
  | 0, [] => true
  | n + 1, a :: as => Nat.beq a 1 && allOnes n as
  | _, _ => false

/-- Whether it is the sum of all `n` numbers. -/
def Combination.isTotal (n : Nat) (c : Combination) : Bool :=
  Nat.beq c.half 0 && (Nat.beq c.const 0 && allOnes n c.factors)

def allZero : List Nat → Bool
  | [] => true
  | a :: as => Nat.beq a 0 && allZero as

/-- Whether the only factor that is not 0 is `factor`, of number `i`. -/
def isUnit (factor : Nat) : Nat → List Nat → Bool
  | 0, a :: as => Nat.beq a factor && allZero as
  | i + 1, a :: as => Nat.beq a 0 && isUnit factor i as
  | _, [] => false

/-- Whether it is half the sum `half` times and number `i` `factor` times. -/
def Combination.isOf (half factor i : Nat) (c : Combination) : Bool :=
  Nat.beq c.half half && (Nat.beq c.const 0 && isUnit factor i c.factors)

/-- What is left of the combination below `2^k`, where nothing of it carries into `2^bits`. -/
def Combination.below (n bound k bits : Nat) (c : Combination) : Option Combination :=
  match Nat.ble (Nat.add ((c.map fun a => Nat.mod a (Nat.pow 2 k)).reach n bound) 1) (Nat.pow 2 bits) with
  | true => some (c.map fun a => Nat.mod a (Nat.pow 2 k))
  | false => none

def Combination.floor (n bound k : Nat) (c : Combination) : Option Combination :=
  match Nat.beq k 1 && c.isTotal n with
  | true => some ⟨1, [], 0⟩
  | false =>
    match c.below n bound k k with
    | some _ => some (c.map fun a => Nat.div a (Nat.pow 2 k))
    | none => none

/-- The combination of `n` numbers in `[0, bound]` that a word is, if it is shown to be one. -/
def Word.combination (n bound : Nat) : Word → Option Combination
  | value i => some ⟨0, unitAt 1 i, 0⟩
  | const k =>
    match k with
    | .ofNat m => some ⟨0, [], m⟩
    | .negSucc _ => none
  | add a b =>
    match a.combination n bound, b.combination n bound with
    | some c, some d => some ⟨Nat.add c.half d.half, addAll c.factors d.factors, Nat.add c.const d.const⟩
    | _, _ => none
  | mul a k =>
    match k, a.combination n bound with
    | .ofNat m, some c => some (c.map fun b => Nat.mul b m)
    | _, _ => none
  | floor a k =>
    match a.combination n bound with
    | some c => c.floor n bound k
    | none => none
  | signed a bits =>
    match bits, a.combination n bound with
    | k + 1, some c => c.below n bound (k + 1) k
    | _, _ => none
  | unsigned a bits =>
    match a.combination n bound with
    | some c => c.below n bound bits bits
    | none => none

/-- The low `bits` bits of what is shifted down out of a word: whether it has a sign does not matter to them. -/
def Word.cut (w : Word) (bits : Nat) : Word :=
  match w with
  | .floor (.signed a width) k =>
    match Nat.ble (Nat.add k bits) width with
    | true => .unsigned (.floor a k) bits
    | false => .unsigned (.floor (.signed a width) k) bits
  | w => .unsigned w bits

def Word.tidy : Word → Word
  | add a b => add a.tidy b.tidy
  | mul a k => mul a.tidy k
  | floor a k => floor a.tidy k
  | signed a bits => signed a.tidy bits
  | unsigned a bits => a.tidy.cut bits
  | w => w

/-- Whether a word is half the sum of the numbers `half` times and number `i` `factor` times. -/
def Word.isOf (n bound half factor i : Nat) (w : Word) : Bool :=
  match w.tidy.combination n bound with
  | some c => c.isOf half factor i
  | none => false

/-- Whether the words are the numbers from `i` on, one after the other. -/
def wordsOk (n bound : Nat) : List Word → Nat → Bool
  | w :: ws, i => w.isOf n bound 0 1 i && wordsOk n bound ws (i + 1)
  | [], i => Nat.beq i n

/-- Whether a quotient is the rounded share of number `i` of the sum, in units of `2^-15`. -/
def Quotient.ok (n bound i : Nat) (q : Quotient) : Bool :=
  q.numerator.isOf n bound 1 32768 i &&
    match q.denominator.tidy.combination n bound with
    | some c => c.isTotal n
    | none => false

def quotientsOk (n bound : Nat) : List Quotient → Nat → Bool
  | q :: qs, i => q.ok n bound i && quotientsOk n bound qs (i + 1)
  | [], i => Nat.beq i n

end TinyVerify.ObjectCode
