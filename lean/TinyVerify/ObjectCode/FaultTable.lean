import TinyVerify.ObjectCode.FaultCheck
/-!
# object code: the program that judges fault flags from one comparison a feature

Scalar code compares each pattern with that of an infinity, and chooses by it. What it chooses among depends on two facts:
whether some of these features is a NaN, and whether some of those is an infinity. So each number is a table of four, with
two lists of features; a choice by another feature adds it to a list. `FaultTables.lean` shows that this is right.
-/
namespace TinyVerify.ObjectCode

/-- A number: what it is where no feature in either list is as it says, where one of `infinities` is, one of `nans`, or
one of both. -/
structure Table where
  nans : List Nat
  infinities : List Nat
  neither : Int
  infinite : Int
  nan : Int
  both : Int

def Table.at (t : Table) (nan infinite : Bool) : Int :=
  match nan, infinite with
  | false, false => t.neither
  | false, true => t.infinite
  | true, false => t.nan
  | true, true => t.both

/-- What is known of a number. -/
inductive Tabled where
  | table (t : Table)
  /-- Pattern `i` without its sign, plus `k`. -/
  | pattern (i : Nat) (k : Int)
  /-- The table's, where feature `i` is an infinity. -/
  | whenInfinite (i : Nat) (t : Table)

/-- What is known of a condition: it holds, or does not (`truth`), always, where some feature is a NaN, or an infinity. -/
inductive Fact where
  | always (truth : Bool)
  | nan (features : List Nat) (truth : Bool)
  | infinite (features : List Nat) (truth : Bool)

def eqNats : List Nat → List Nat → Bool
  | [], [] => true
  | i :: l, j :: m => Nat.beq i j && eqNats l m
  | _, _ => false

def without (i : Nat) : List Nat → List Nat
  | [] => []
  | j :: l =>
    match Nat.beq j i with
    | true => without i l
    | false => j :: without i l

/-- Whether `t` is the same with a NaN and without. -/
def Table.freeOfNaN (t : Table) : Bool := eqInt t.neither t.nan && eqInt t.infinite t.both

def Table.freeOfInfinite (t : Table) : Bool := eqInt t.neither t.infinite && eqInt t.nan t.both

/-- A list that does for two numbers, of which one may not depend on it. -/
def joined (free free' : Bool) (l m : List Nat) : Option (List Nat) :=
  match free' with
  | true => some l
  | false =>
    match free || eqNats l m with
    | true => some m
    | false => none

def Table.joinedNaNs (s t : Table) : Option (List Nat) := joined s.freeOfNaN t.freeOfNaN s.nans t.nans

def Table.joinedInfinities (s t : Table) : Option (List Nat) :=
  joined s.freeOfInfinite t.freeOfInfinite s.infinities t.infinities

def Table.map (f : Int → Int) (t : Table) : Table :=
  ⟨t.nans, t.infinities, f t.neither, f t.infinite, f t.nan, f t.both⟩

def onlyTable (test : Bool) (t : Table) : Option Tabled :=
  match test with
  | true => some (.table t)
  | false => none

def withList (l : Option (List Nat)) (f : List Nat → Option Tabled) : Option Tabled :=
  match l with
  | some m => f m
  | none => none

def Table.plus (s t : Table) : Option Tabled :=
  withList (s.joinedNaNs t) fun l => withList (s.joinedInfinities t) fun m =>
    some (.table ⟨l, m, s.neither + t.neither, s.infinite + t.infinite, s.nan + t.nan, s.both + t.both⟩)

/-- Without what cannot be reached. -/
def Table.trimmed (t : Table) : Table :=
  match t.infinities with
  | [] => ⟨t.nans, [], t.neither, t.neither, t.nan, t.nan⟩
  | _ :: _ => t

/-- Whether both are the same number. -/
def Table.same (s t : Table) : Bool :=
  match s.joinedNaNs t, s.joinedInfinities t with
  | some _, some _ =>
    (eqInt s.neither t.neither && eqInt s.infinite t.infinite) && (eqInt s.nan t.nan && eqInt s.both t.both)
  | _, _ => false

/-- `s` where feature `i` is a NaN, and otherwise `t`: `t`, if these differ by whether `i` is an infinity alone. -/
def Table.unlessNaN (i : Nat) (s t : Table) : Option Tabled :=
  onlyTable (s.trimmed.same (Table.trimmed ⟨t.nans, without i t.infinities, t.neither, t.infinite, t.nan, t.both⟩)) t

/-- `s` where a feature in `l` is a NaN, and otherwise `t`. -/
def Table.ifNaN (l : List Nat) (s t : Table) : Option Tabled :=
  withList (s.joinedInfinities t) fun m =>
    match s.freeOfNaN && (eqInt s.neither t.nan && eqInt s.infinite t.both) with
    | true => some (.table ⟨before l t.nans, m, t.neither, t.infinite, t.nan, t.both⟩)
    | false => onlyTable (s.freeOfNaN && t.freeOfNaN) ⟨l, m, t.neither, t.infinite, s.neither, s.infinite⟩

/-- `s` where a feature in `l` is an infinity, and otherwise `t`. -/
def Table.ifInfinite (l : List Nat) (s t : Table) : Option Tabled :=
  withList (s.joinedNaNs t) fun m =>
    match s.freeOfInfinite && (eqInt s.neither t.infinite && eqInt s.nan t.both) with
    | true => some (.table ⟨m, before l t.infinities, t.neither, t.infinite, t.nan, t.both⟩)
    | false => onlyTable (s.freeOfInfinite && t.freeOfInfinite) ⟨m, l, t.neither, s.neither, t.nan, s.nan⟩

/-- `t` where one of the features `l` is an infinity. -/
def Table.givenInfinite (l : List Nat) (t : Table) : Table :=
  match eqNats l t.infinities with
  | true => ⟨t.nans, [], t.infinite, t.infinite, t.both, t.both⟩
  | false => t

def orElse (a b : Option Tabled) : Option Tabled :=
  match a with
  | some k => some k
  | none => b

def chooseNaN (l : List Nat) (a b : Option Tabled) : Option Tabled :=
  match a, b with
  | some (.table s), some (.table t) =>
    match l with
    | [i] => orElse (s.unlessNaN i t) (s.ifNaN [i] t)
    | l => s.ifNaN l t
  | _, _ => none

def chooseInfinite (l : List Nat) (a b : Option Tabled) : Option Tabled :=
  match a, b with
  | some (.table s), some (.table t) => (s.givenInfinite l).ifInfinite l t
  | some (.whenInfinite i s), some (.table t) =>
    match eqNats l [i] with
    | true => s.ifInfinite l t
    | false => none
  | some (.table s), _ =>
    match l with
    | [i] => some (.whenInfinite i s)
    | _ => none
  | _, _ => none

/-- `a` where the condition holds, and otherwise `b`. -/
def choose (fact : Option Fact) (a b : Option Tabled) : Option Tabled :=
  match fact with
  | some (.always true) => a
  | some (.always false) => b
  | some (.nan l true) => chooseNaN l a b
  | some (.nan l false) => chooseNaN l b a
  | some (.infinite l true) => chooseInfinite l a b
  | some (.infinite l false) => chooseInfinite l b a
  | none => none

/-- Where the numbers of a table pass a test. -/
def Table.fact (test : Int → Bool) (t : Table) : Option Fact :=
  match test t.neither, test t.infinite, test t.nan, test t.both with
  | true, true, true, true => some (.always true)
  | false, false, false, false => some (.always false)
  | false, false, true, true => some (.nan t.nans true)
  | true, true, false, false => some (.nan t.nans false)
  | false, true, false, true => some (.infinite t.infinities true)
  | true, false, true, false => some (.infinite t.infinities false)
  | _, _, _, _ => none

def Tabled.isNatural : Option Tabled → Option Fact
  | some (table t) => t.fact (leInt 0)
  | some (pattern i k) =>
    match eqInt k (-2139095041) with
    | true => some (.nan [i] true)
    | false => none
  | _ => none

def Tabled.isZero : Option Tabled → Option Fact
  | some (table t) => t.fact (eqInt 0)
  | some (pattern i k) =>
    match eqInt k (-2139095040) with
    | true => some (.infinite [i] true)
    | false => none
  | _ => none

/-- `f` of a number. -/
def Tabled.map (f : Int → Int) : Option Tabled → Option Tabled
  | some (table t) => some (table (t.map f))
  | some (whenInfinite i t) => some (whenInfinite i (t.map f))
  | _ => none

/-- The same for a wrap-around, which a pattern without its sign fits. -/
def Tabled.wrapped (f : Int → Int) : Option Tabled → Option Tabled
  | some (pattern i k) =>
    match eqInt k 0 with
    | true => some (pattern i k)
    | false => none
  | a => Tabled.map f a

def Tabled.plus (a b : Option Tabled) : Option Tabled :=
  match a, b with
  | some (table s), some (table t) => s.plus t
  | some (pattern i k), some (table t) =>
    match t.freeOfNaN && t.freeOfInfinite with
    | true => some (pattern i (k + t.neither))
    | false => none
  | _, _ => none

def Flags.tabled : Flags → Option Tabled
  | const k => some (.table ⟨[], [], k, k, k, k⟩)
  | low _ => none
  | zeros _ => none
  | floor f k => Tabled.map (fun z => shr z k) f.tabled
  | add f g => Tabled.plus f.tabled g.tabled
  | mul f k => Tabled.map (fun z => z * k) f.tabled
  | signed f => Tabled.wrapped (signedBits 32) f.tabled
  | unsigned f => Tabled.wrapped (unsignedBits 32) f.tabled
  | ite _ _ _ => none
  | magnitude i => some (.pattern i 0)
  | cut f bits => Tabled.map (unsignedBits bits) f.tabled
  | ifZero c f g => choose (Tabled.isZero c.tabled) f.tabled g.tabled
  | ifNatural c f g => choose (Tabled.isNatural c.tabled) f.tabled g.tabled

/-- Whether the number is the fault flags of `n` features. -/
def Flags.byTable (n : Nat) (f : Flags) : Bool :=
  match f.tabled with
  | some (.table t) =>
    (coversBelow t.nans n && coversBelow t.infinities n) &&
      ((eqInt t.neither 0 && eqInt t.infinite 2) && (eqInt t.nan 1 && eqInt t.both 3))
  | _ => false

def Flags.ok (n : Nat) (f : Flags) : Bool := f.byMinima n || f.byTable n

end TinyVerify.ObjectCode
