import TinyVerify.Agreement.Count
/-!
# Laws of sums over ranges, over lists of numbers, and of counts of cells
-/
namespace TinyVerify

/-! ### sums over a range -/

theorem sumRange_shift (f : Nat → Nat) (s t n : Nat) : sumRange f (s + t) n = sumRange (fun v => f (s + v)) t n := by
  induction n generalizing t with
  | zero => rfl
  | succ n ih =>
    show f (s + t) + sumRange f (s + t + 1) n = f (s + t) + sumRange (fun v => f (s + v)) (t + 1) n
    rw [← ih (t + 1), Nat.add_assoc s t 1]

theorem sumRange_mul (f : Nat → Nat) (k s n : Nat) : sumRange (fun v => k * f v) s n = k * sumRange f s n := by
  induction n generalizing s with
  | zero => rfl
  | succ n ih =>
    show k * f s + sumRange (fun v => k * f v) (s + 1) n = k * (f s + sumRange f (s + 1) n)
    rw [ih, Nat.mul_add]

theorem sumRange_le {f g : Nat → Nat} (s n : Nat) (h : ∀ v, f v ≤ g v) : sumRange f s n ≤ sumRange g s n := by
  induction n generalizing s with
  | zero => exact Nat.le_refl _
  | succ n ih => exact Nat.add_le_add (h s) (ih (s + 1))

theorem sumRange_mod {f g : Nat → Nat} (m s n : Nat) (h : ∀ v, f v % m = g v % m) : sumRange f s n % m = sumRange g s n % m := by
  induction n generalizing s with
  | zero => rfl
  | succ n ih =>
    show (f s + sumRange f (s + 1) n) % m = (g s + sumRange g (s + 1) n) % m
    rw [Nat.add_mod, h, ih, ← Nat.add_mod]

/-- The other way round. -/
theorem sumRange_reverse (f : Nat → Nat) (s n : Nat) : sumRange f s n = sumRange (fun v => f (s + n - 1 - v)) 0 n := by
  induction n generalizing s with
  | zero => rfl
  | succ n ih =>
    have last : sumRange (fun v => f (s + (n + 1) - 1 - v)) (0 + n) 1 = f s := by
      show f (s + (n + 1) - 1 - (0 + n)) + 0 = f s
      have e : s + (n + 1) - 1 - (0 + n) = s := by omega
      rw [e, Nat.add_zero]
    have split := sumRange_append (fun v => f (s + (n + 1) - 1 - v)) 0 n 1
    rw [split, last, Nat.add_comm _ (f s)]
    show f s + sumRange f (s + 1) n = f s + sumRange (fun v => f (s + (n + 1) - 1 - v)) 0 n
    rw [ih (s + 1)]
    have e : s + 1 + n - 1 = s + (n + 1) - 1 := by omega
    rw [e]

/-! ### sums over lists of values -/

/-- The sum of `f (e + weights . values)` over all lists of values. -/
def sumAlong (f : Nat → Nat) : List Nat → List Nat → Nat → Nat
  | a :: as, m :: ms, e => sumRange (fun y => sumAlong f as ms (e + a * y)) 0 m
  | _, _, e => f e

theorem sumAlong_rec {R : Nat → Nat → Prop} {f g : Nat → Nat} (h : ∀ e, R (f e) (g e))
    (hr : ∀ (u v : Nat → Nat) (n : Nat), (∀ y, R (u y) (v y)) → R (sumRange u 0 n) (sumRange v 0 n)) (as ms : List Nat) (e : Nat) :
    R (sumAlong f as ms e) (sumAlong g as ms e) := by
  induction as generalizing ms e with
  | nil => exact h e
  | cons a as ih => cases ms with
    | nil => exact h e
    | cons m ms => exact hr _ _ m (fun y => ih ms (e + a * y))

theorem sumAlong_le {f g : Nat → Nat} (h : ∀ e, f e ≤ g e) (as ms : List Nat) (e : Nat) :
    sumAlong f as ms e ≤ sumAlong g as ms e := sumAlong_rec h (fun _ _ n => sumRange_le 0 n) as ms e

theorem sumAlong_mod {f g : Nat → Nat} (m : Nat) (h : ∀ e, f e % m = g e % m) (as ms : List Nat) (e : Nat) :
    sumAlong f as ms e % m = sumAlong g as ms e % m :=
  sumAlong_rec (R := fun u v => u % m = v % m) h (fun _ _ n => sumRange_mod m 0 n) as ms e

theorem sumAlong_mul (k : Nat) (f : Nat → Nat) (as ms : List Nat) (e : Nat) :
    sumAlong (fun e => k * f e) as ms e = k * sumAlong f as ms e := by
  apply sumAlong_rec (R := fun u v => u = k * v) (fun _ => rfl)
  intro u v n h
  rw [← sumRange_mul]
  exact sumRange_congr 0 n (fun y _ _ => h y)

theorem sumAlong_add (f g : Nat → Nat) (as ms : List Nat) (e : Nat) :
    sumAlong (fun e => f e + g e) as ms e = sumAlong f as ms e + sumAlong g as ms e := by
  induction as generalizing ms e with
  | nil => rfl
  | cons a as ih => cases ms with
    | nil => rfl
    | cons m ms =>
      show sumRange _ 0 m = sumRange _ 0 m + sumRange _ 0 m
      rw [← sumRange_add]
      exact sumRange_congr 0 m (fun y _ _ => ih ms (e + a * y))

theorem sumAlong_move (f : Nat → Nat) (as ms : List Nat) (d e : Nat) :
    sumAlong f as ms (d + e) = sumAlong (fun x => f (d + x)) as ms e := by
  induction as generalizing ms e with
  | nil => rfl
  | cons a as ih => cases ms with
    | nil => rfl
    | cons m ms =>
      refine sumRange_congr 0 m (fun y _ _ => ?_)
      rw [Nat.add_assoc]
      exact ih ms (e + a * y)

/-! ### counts of cells -/

theorem countCells_not (test : List Nat → Bool) {lo hi : List Nat} (hh : lo.length = hi.length) :
    countCells (fun cell => !test cell) lo hi + countCells test lo hi = cellsIn lo hi := by
  induction lo generalizing hi test with
  | nil => cases hi with
    | nil =>
      show (if (!test []) = true then 1 else 0) + (if test [] = true then 1 else 0) = 1
      cases test [] <;> rfl
    | cons _ _ => exact absurd hh (by intro h; exact Nat.noConfusion h)
  | cons l ls ih => cases hi with
    | nil => exact absurd hh (by intro h; exact Nat.noConfusion h)
    | cons x xs =>
      show sumRange _ l (x + 1 - l) + sumRange _ l (x + 1 - l) = (x + 1 - l) * cellsIn ls xs
      rw [← sumRange_add, ← sumRange_const (cellsIn ls xs) l]
      exact sumRange_congr _ _ (fun v _ _ => ih (fun rest => test (v :: rest)) (Nat.succ.inj hh))

theorem countCells_or {p q : List Nat → Bool} {lo hi : List Nat} (hh : lo.length = hi.length)
    (h : ∀ cell, p cell = true → q cell = true → False) :
    countCells (fun cell => p cell || q cell) lo hi = countCells p lo hi + countCells q lo hi := by
  induction lo generalizing hi p q with
  | nil => cases hi with
    | nil =>
      show (if (p [] || q []) = true then 1 else 0) = (if p [] = true then 1 else 0) + (if q [] = true then 1 else 0)
      have := h []
      cases hp : p [] <;> cases hq : q [] <;> first | rfl | exact (h [] hp hq).elim
    | cons _ _ => exact absurd hh (by intro h; exact Nat.noConfusion h)
  | cons l ls ih => cases hi with
    | nil => exact absurd hh (by intro h; exact Nat.noConfusion h)
    | cons x xs =>
      show sumRange _ l (x + 1 - l) = sumRange _ l (x + 1 - l) + sumRange _ l (x + 1 - l)
      rw [← sumRange_add]
      exact sumRange_congr _ _ (fun v _ _ => ih (Nat.succ.inj hh) (fun rest => h (v :: rest)))

end TinyVerify
