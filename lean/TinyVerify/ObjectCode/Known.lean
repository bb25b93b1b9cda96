import TinyVerify.ObjectCode.FaultCheck
/-!
# object code: the program that judges an arg max and a maximum

The steps are evaluated once for each accumulator `j`, under the assumption that it is the first of the largest. Then
every comparison with it is known; one of two others stays open, and what depends on it is what both sides have in
common, or the larger of the two where it chooses this. Right is an arg max that comes out as `j`, and a maximum that
comes out as the largest accumulator. The effort grows with the number of accumulators times that of the steps.
`Selections.lean` shows that this is right.
-/
namespace TinyVerify.ObjectCode

/-- How an accumulator compares with the largest one. -/
inductive Rank where
  | largest
  | less
  | atMost

def Rank.either : Rank → Rank → Rank
  | largest, largest => largest
  | less, less => less
  | _, _ => atMost

def Rank.max : Rank → Rank → Rank
  | largest, _ => largest
  | _, largest => largest
  | less, less => less
  | _, _ => atMost

def someTruth (test truth : Bool) : Option Bool :=
  match test with
  | true => some truth
  | false => none

/-- Whether `a - b + k ≥ 0`, if that is known. -/
def Rank.compare (k : Int) : Rank → Rank → Option Bool
  | largest, largest => some (leInt 0 k)
  | largest, less => someTruth (leInt (-1) k) true
  | largest, atMost => someTruth (leInt 0 k) true
  | less, largest => someTruth (leInt k 0) false
  | atMost, largest => someTruth (leInt k (-1)) false
  | _, _ => none

/-- What is known of a word. -/
inductive Known where
  /-- It is one of the accumulators. -/
  | acc (r : Rank)
  /-- It is `c` up to a multiple of `m`; with `m = 0` it is `c`, with `m = 1` it is any number. -/
  | number (c : Int) (m : Nat)

/-- `g` of what is known, computed once. -/
def Known.force {α : Type} (k : Known) (g : Known → α) : α :=
  match k with
  | acc .largest => g (.acc .largest)
  | acc .less => g (.acc .less)
  | acc .atMost => g (.acc .atMost)
  | number (.ofNat c) m => withNat c fun c => withNat m fun m => g (.number (.ofNat c) m)
  | number (.negSucc c) m => withNat c fun c => withNat m fun m => g (.number (.negSucc c) m)

def Known.any : Known := .number 0 1

/-- What is known of one of two words. -/
def Known.either : Known → Known → Known
  | acc r, acc s => .acc (r.either s)
  | number c m, number d l =>
    match eqInt c d with
    | true => .number c (Nat.gcd m l)
    | false => .number c (Nat.gcd m (Nat.gcd l (c - d).natAbs))
  | _, _ => any

/-- `c - d + k ≥ 0` -/
def geInt (c d k : Int) : Bool :=
  match c, d, k with
  | .ofNat a, .ofNat b, .ofNat l => Nat.ble b (Nat.add a l)
  | .ofNat a, .ofNat b, .negSucc l => Nat.ble (Nat.add b (Nat.succ l)) a
  | c, d, k => leInt 0 (c - d + k)

def Known.compare (k : Int) : Known → Known → Option Bool
  | acc r, acc s => r.compare k s
  | number c 0, number d 0 => some (geInt c d k)
  | _, _ => none

def maxInt (c d : Int) : Int :=
  match leInt c d with
  | true => d
  | false => c

def minInt (c d : Int) : Int :=
  match leInt c d with
  | true => c
  | false => d

/-- The larger one of a constant, if it is no more than the least word, and an accumulator. -/
def Known.orLeast (c : Int) (m : Nat) (r : Rank) : Known :=
  match Nat.beq m 0 && leInt c (-2147483648) with
  | true => .acc r
  | false => any

def Known.max : Known → Known → Known
  | acc r, acc s => .acc (r.max s)
  | number c 0, number d 0 => .number (maxInt c d) 0
  | number c m, acc r => orLeast c m r
  | acc r, number c m => orLeast c m r
  | _, _ => any

def Known.min : Known → Known → Known
  | number c 0, number d 0 => .number (minInt c d) 0
  | _, _ => any

def Known.add : Known → Known → Known
  | number c m, number d l => .number (c + d) (Nat.gcd m l)
  | _, _ => any

def Known.mul (k : Int) : Known → Known
  | number c m => .number (c * k) (Nat.mul m k.natAbs)
  | acc _ => any

def Known.floor (k : Nat) : Known → Known
  | number c m =>
    match Nat.beq (Nat.mod m (Nat.pow 2 k)) 0 with
    | true => .number (shr c k) (Nat.div m (Nat.pow 2 k))
    | false => any
  | acc _ => any

/-- A number up to a multiple of `p`, whose part below that is `d`. -/
def Known.wrapped (p : Nat) (d c : Int) (m : Nat) : Known :=
  match Nat.beq (Nat.mod m p) 0 with
  | true => .number d 0
  | false => .number c (Nat.gcd m p)

/-- `signedBits` -/
def lowSigned (bits : Nat) (c : Int) : Int :=
  match c with
  | .ofNat n =>
    match Nat.ble (Nat.succ (Nat.add n n)) (Nat.pow 2 bits) with
    | true => .ofNat n
    | false => signedBits bits (.ofNat n)
  | .negSucc n => signedBits bits (.negSucc n)

/-- `unsignedBits` -/
def lowUnsigned (bits : Nat) (c : Int) : Int :=
  match c with
  | .ofNat n => .ofNat (Nat.mod n (Nat.pow 2 bits))
  | .negSucc n => unsignedBits bits (.negSucc n)

def Known.signed (bits : Nat) : Known → Known
  | number c m => wrapped (Nat.pow 2 bits) (lowSigned bits c) c m
  | acc r =>
    match Nat.beq bits 32 with
    | true => .acc r
    | false => any

def Known.unsigned (bits : Nat) : Known → Known
  | number c m => wrapped (Nat.pow 2 bits) (lowUnsigned bits c) c m
  | acc _ => any

/-- What is known of accumulator `i` of `n`, where `j` is the first of the largest. -/
def accKnown (n j i : Nat) : Known :=
  match Nat.ble (Nat.succ i) n with
  | true =>
    match Nat.beq i j with
    | true => .acc .largest
    | false =>
      match Nat.ble i j with
      | true => .acc .less
      | false => .acc .atMost
  | false => .any

def knownAt : List Known → Nat → Known
  | [], _ => .any
  | k :: _, 0 => k
  | _ :: rest, i + 1 => knownAt rest i

def Source.known (n j : Nat) (done : List Known) : Source → Known
  | acc i => accKnown n j i
  | step i => knownAt done i
  | const k => .number k 0
  | unknown _ => .any

/-- Whether two sources are written in the same way. -/
def Source.same : Source → Source → Bool
  | acc i, acc j => Nat.beq i j
  | step i, step j => Nat.beq i j
  | _, _ => false

/-- `if a - b + k ≥ 0 then a else b`, where that is the larger one. -/
def Source.isMax (a b : Source) (k : Int) (p q : Source) : Bool :=
  a.same p && (b.same q && (eqInt k 0 || eqInt k (-1)))

def sideKnown (truth : Option Bool) (p q : Known) : Known :=
  match truth with
  | some true => p
  | some false => q
  | none => p.either q

def Step.known (n j : Nat) (done : List Known) : Step → Known
  | ite a b k p q =>
    match a.isMax b k p q with
    | true => (a.known n j done).max (b.known n j done)
    | false => sideKnown ((a.known n j done).compare k (b.known n j done)) (p.known n j done) (q.known n j done)
  | max a b => (a.known n j done).max (b.known n j done)
  | min a b => (a.known n j done).min (b.known n j done)
  | add a b => (a.known n j done).add (b.known n j done)
  | mul a k => (a.known n j done).mul k
  | floor a k => (a.known n j done).floor k
  | signed a bits => (a.known n j done).signed bits
  | unsigned a bits => (a.known n j done).unsigned bits

def stepsKnown (n j : Nat) : List Step → List Known → List Known
  | [], done => done
  | s :: steps, done => (s.known n j done).force fun k => stepsKnown n j steps (k :: done)

def Selection.known (s : Selection) (n j : Nat) : Known := s.result.known n j (stepsKnown n j s.steps [])

/-- `test` on `0, 1, ..., n - 1`. -/
def allBelow (test : Nat → Bool) : Nat → Bool
  | 0 => true
  | n + 1 => test n && allBelow test n

def Known.isIndex (j : Nat) : Known → Bool
  | number c 0 => eqInt c j
  | _ => false

def Known.isTop : Known → Bool
  | acc .largest => true
  | _ => false

/-- Whether the selection is the arg max of `n` accumulators. -/
def Selection.isArgMax (n : Nat) (s : Selection) : Bool := Nat.ble 1 n && allBelow (fun j => (s.known n j).isIndex j) n

/-- Whether it is the largest of `n` accumulators. -/
def Selection.isLargest (n : Nat) (s : Selection) : Bool := Nat.ble 1 n && allBelow (fun j => (s.known n j).isTop) n

end TinyVerify.ObjectCode
