prelude
import Init.Int.Basic
import Init.Logic.Bool
import Init.Nat.Elim
/-! Definitions on lists, each by structural recursion, as in Lean's `Init.Prelude` and `Data.List.Basic`. -/
set_option autoImplicit false
set_option linter.all false
universe u v w
namespace List
variable {α : Type u} {β : Type v} {γ : Type w}

protected def append : List α → List α → List α
  | [], bs => bs
  | a :: as, bs => a :: List.append as bs
instance instAppend : Append (List α) := ⟨List.append⟩
instance instAppendList : Append (List α) := ⟨List.append⟩
def map (f : α → β) : List α → List β
  | [] => []
  | a :: as => f a :: map f as
def filter (p : α → Bool) : List α → List α
  | [] => []
  | a :: as => match p a with
    | true => a :: filter p as
    | false => filter p as
def filterMap (f : α → Option β) : List α → List β
  | [] => []
  | a :: as => match f a with
    | none => filterMap f as
    | some b => b :: filterMap f as
def foldl (f : β → α → β) : β → List α → β
  | b, [] => b
  | b, a :: as => foldl f (f b a) as
def foldr (f : α → β → β) (init : β) : List α → β
  | [] => init
  | a :: as => f a (foldr f init as)
def flatten : List (List α) → List α
  | [] => []
  | l :: ls => l ++ flatten ls
def flatMap (b : α → List β) (as : List α) : List β := flatten (map b as)
def reverseAux : List α → List α → List α
  | [], r => r
  | a :: l, r => reverseAux l (a :: r)
def reverse (as : List α) : List α := reverseAux as []
def zipWith (f : α → β → γ) : List α → List β → List γ
  | x :: xs, y :: ys => f x y :: zipWith f xs ys
  | _, _ => []
def zip (as : List α) (bs : List β) : List (α × β) := zipWith Prod.mk as bs
def unzip : List (α × β) → List α × List β
  | [] => ⟨[], []⟩
  | ⟨a, b⟩ :: t => ⟨a :: (unzip t).1, b :: (unzip t).2⟩
def zipIdx : List α → (n : Nat := 0) → List (α × Nat)
  | [], _ => []
  | x :: xs, n => ⟨x, n⟩ :: zipIdx xs (n + 1)
def replicate : (n : Nat) → (a : α) → List α
  | 0, _ => []
  | n + 1, a => a :: replicate n a
def range.loop : Nat → List Nat → List Nat
  | 0, ns => ns
  | n + 1, ns => range.loop n (n :: ns)
def range (n : Nat) : List Nat := range.loop n []
def range' : (start len : Nat) → (step : Nat := 1) → List Nat
  | _, 0, _ => []
  | s, n + 1, step => s :: range' (s + step) n step
def all : List α → (α → Bool) → Bool
  | [], _ => true
  | h :: t, p => p h && all t p
def any : List α → (α → Bool) → Bool
  | [], _ => false
  | h :: t, p => p h || any t p
def sum [Add α] [Zero α] : List α → α := foldr (· + ·) Zero.zero
def take : (n : Nat) → (xs : List α) → List α
  | 0, _ => []
  | _ + 1, [] => []
  | n + 1, a :: as => a :: take n as
def drop : (n : Nat) → (xs : List α) → List α
  | 0, xs => xs
  | _ + 1, [] => []
  | n + 1, _ :: as => drop n as
def takeWhile (p : α → Bool) : List α → List α
  | [] => []
  | a :: as => match p a with
    | true => a :: takeWhile p as
    | false => []
def dropWhile (p : α → Bool) : List α → List α
  | [] => []
  | a :: as => match p a with
    | true => dropWhile p as
    | false => a :: as
def isEmpty : List α → Bool
  | [] => true
  | _ :: _ => false
def head? : List α → Option α
  | [] => none
  | a :: _ => some a
def headD (as : List α) (fallback : α) : α := match as with
  | [] => fallback
  | a :: _ => a
def head : (as : List α) → as ≠ [] → α
  | a :: _, _ => a
def tail : List α → List α
  | [] => []
  | _ :: as => as
def tail? : List α → Option (List α)
  | [] => none
  | _ :: as => some as
def getLast : (as : List α) → as ≠ [] → α
  | [], h => absurd rfl h
  | [a], _ => a
  | _ :: b :: as, _ => getLast (b :: as) nofun
def getLast? : List α → Option α
  | [] => none
  | a :: as => some (getLast (a :: as) nofun)
def getLastD (as : List α) (fallback : α) : α := match as with
  | [] => fallback
  | a :: as => getLast (a :: as) nofun
def dropLast : List α → List α
  | [] => []
  | [_] => []
  | a :: b :: as => a :: dropLast (b :: as)
def get : (as : List α) → Fin as.length → α
  | a :: _, ⟨0, _⟩ => a
  | _ :: as, ⟨i + 1, h⟩ => get as ⟨i, Nat.le_of_succ_le_succ h⟩
def get?Internal : (as : List α) → (i : Nat) → Option α
  | a :: _, 0 => some a
  | _ :: as, n + 1 => get?Internal as n
  | _, _ => none
def getD (as : List α) (i : Nat) (fallback : α) : α := match get?Internal as i with
  | some a => a
  | none => fallback
def set : (l : List α) → (n : Nat) → (a : α) → List α
  | _ :: as, 0, b => b :: as
  | a :: as, n + 1, b => a :: set as n b
  | [], _, _ => []
def modify (l : List α) (i : Nat) (f : α → α) : List α := match l, i with
  | [], _ => []
  | a :: as, 0 => f a :: as
  | a :: as, i + 1 => a :: modify as i f
def find? (p : α → Bool) : List α → Option α
  | [] => none
  | a :: as => match p a with
    | true => some a
    | false => find? p as
def findIdx (p : α → Bool) (l : List α) : Nat := go l 0
where go : List α → Nat → Nat
  | [], n => n
  | a :: l, n => bif p a then n else go l (n + 1)
def countP (p : α → Bool) (l : List α) : Nat := go l 0
where go : List α → Nat → Nat
  | [], acc => acc
  | x :: xs, acc => bif p x then go xs (acc + 1) else go xs acc
def elem [BEq α] (a : α) : (l : List α) → Bool
  | [] => false
  | b :: bs => match a == b with
    | true => true
    | false => elem a bs
def contains [BEq α] (as : List α) (a : α) : Bool := elem a as
def lookup [BEq α] : α → List (α × β) → Option β
  | _, [] => none
  | a, ⟨k, b⟩ :: as => match a == k with
    | true => some b
    | false => lookup a as
def erase [BEq α] : List α → α → List α
  | [], _ => []
  | a :: as, b => match a == b with
    | true => as
    | false => a :: erase as b
def insertIdx (xs : List α) (i : Nat) (a : α) : List α := match xs, i with
  | xs, 0 => a :: xs
  | [], _ + 1 => []
  | x :: xs, i + 1 => x :: insertIdx xs i a
def max? [Max α] : List α → Option α
  | [] => none
  | a :: as => some (foldl max a as)
def min? [Min α] : List α → Option α
  | [] => none
  | a :: as => some (foldl min a as)
protected def beq [BEq α] : List α → List α → Bool
  | [], [] => true
  | a :: as, b :: bs => a == b && List.beq as bs
  | _, _ => false
def hasDecEq [DecidableEq α] : (a b : List α) → Decidable (a = b)
  | [], [] => isTrue rfl
  | _ :: _, [] => isFalse nofun
  | [], _ :: _ => isFalse nofun
  | a :: as, b :: bs => match decEq a b, hasDecEq as bs with
    | isTrue e, isTrue e' => isTrue (e ▸ e' ▸ rfl)
    | isFalse n, _ => isFalse (fun h => n (List.cons.inj h).1)
    | _, isFalse n => isFalse (fun h => n (List.cons.inj h).2)
where decEq {α : Type u} [inst : DecidableEq α] (a b : α) : Decidable (a = b) := inst a b
instance instBEq [BEq α] : BEq (List α) := ⟨List.beq⟩
inductive Pairwise (R : α → α → Prop) : List α → Prop where
  | nil : Pairwise R []
  | cons : ∀ {a : α} {l : List α}, (∀ a', a' ∈ l → R a a') → Pairwise R l → Pairwise R (a :: l)
abbrev Nodup : List α → Prop := Pairwise (· ≠ ·)
inductive Perm : List α → List α → Prop where
  | nil : Perm [] []
  | cons (x : α) {l₁ l₂ : List α} : Perm l₁ l₂ → Perm (x :: l₁) (x :: l₂)
  | swap (x y : α) (l : List α) : Perm (y :: x :: l) (x :: y :: l)
  | trans {l₁ l₂ l₃ : List α} : Perm l₁ l₂ → Perm l₂ l₃ → Perm l₁ l₃
inductive Sublist : List α → List α → Prop where
  | slnil : Sublist [] []
  | cons {l₁ l₂ : List α} (a : α) : Sublist l₁ l₂ → Sublist l₁ (a :: l₂)
  | cons₂ {l₁ l₂ : List α} (a : α) : Sublist l₁ l₂ → Sublist (a :: l₁) (a :: l₂)
end List
infixl:50 " ~ " => List.Perm
instance instDecidableEqList {α : Type u} [DecidableEq α] : DecidableEq (List α) := List.hasDecEq
