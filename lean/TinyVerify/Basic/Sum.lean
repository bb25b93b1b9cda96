import TinyVerify.Basic.Int
/-!
# Sums of integers, and what does not depend on their order
-/
namespace TinyVerify

def sum : List Int → Int
  | [] => 0
  | z :: zs => z + sum zs

/-- Sum of absolute values. -/
def absSum : List Int → Nat
  | [] => 0
  | z :: zs => Int.natAbs z + absSum zs

def append : List Int → List Int → List Int
  | [], ys => ys
  | x :: xs, ys => x :: append xs ys

/-- One list is the other in another order. -/
inductive Perm : List Int → List Int → Prop where
  | nil : Perm [] []
  | cons (z : Int) {xs ys : List Int} : Perm xs ys → Perm (z :: xs) (z :: ys)
  | swap (y z : Int) (xs : List Int) : Perm (z :: y :: xs) (y :: z :: xs)
  | trans {xs ys zs : List Int} : Perm xs ys → Perm ys zs → Perm xs zs

theorem Perm.refl (xs : List Int) : Perm xs xs := by
  induction xs with
  | nil => exact .nil
  | cons z _ ih => exact .cons z ih

theorem sum_append (xs ys : List Int) : sum (append xs ys) = sum xs + sum ys := by
  induction xs with
  | nil => unfold append sum; omega
  | cons z zs ih =>
    have e1 : sum (append (z :: zs) ys) = z + sum (append zs ys) := rfl
    have e2 : sum (z :: zs) = z + sum zs := rfl
    omega

theorem absSum_append (xs ys : List Int) : absSum (append xs ys) = absSum xs + absSum ys := by
  induction xs with
  | nil => exact (Nat.zero_add _).symm
  | cons z zs ih =>
    have e1 : absSum (append (z :: zs) ys) = z.natAbs + absSum (append zs ys) := rfl
    have e2 : absSum (z :: zs) = z.natAbs + absSum zs := rfl
    omega

theorem sum_perm {xs ys : List Int} (h : Perm xs ys) : sum xs = sum ys := by
  induction h with
  | nil => rfl
  | cons z _ ih => exact congrArg (z + ·) ih
  | swap y z xs =>
    have e1 : sum (z :: y :: xs) = z + (y + sum xs) := rfl
    have e2 : sum (y :: z :: xs) = y + (z + sum xs) := rfl
    omega
  | trans _ _ ih1 ih2 => exact ih1.trans ih2

theorem absSum_perm {xs ys : List Int} (h : Perm xs ys) : absSum xs = absSum ys := by
  induction h with
  | nil => rfl
  | cons z _ ih => exact congrArg (z.natAbs + ·) ih
  | swap y z xs =>
    have e1 : absSum (z :: y :: xs) = z.natAbs + (y.natAbs + absSum xs) := rfl
    have e2 : absSum (y :: z :: xs) = y.natAbs + (z.natAbs + absSum xs) := rfl
    omega
  | trans _ _ ih1 ih2 => exact ih1.trans ih2

theorem natAbs_sum_le (xs : List Int) : Int.natAbs (sum xs) ≤ absSum xs := by
  induction xs with
  | nil => exact Nat.le.refl
  | cons z zs ih =>
    have e1 : sum (z :: zs) = z + sum zs := rfl
    have e2 : absSum (z :: zs) = z.natAbs + absSum zs := rfl
    omega

end TinyVerify
