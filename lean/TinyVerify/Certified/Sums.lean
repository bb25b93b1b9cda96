import TinyVerify.Basic.Products
import TinyVerify.Certified.Spec
/-!
# Sums by index and over a list, and linear functions on an interval

Main results: `sumOver_sumTo` (order of summation), `le_up` (the largest value on an interval), `mul_le_natAbs`.
-/
namespace TinyVerify

/-! ### sums -/

theorem sumTo_congr {f g : Nat → Int} (d : Nat) (h : ∀ i, i < d → f i = g i) : sumTo f d = sumTo g d := by
  induction d with
  | zero => rfl
  | succ d ih =>
    show sumTo f d + f d = sumTo g d + g d
    rw [ih (fun i hi => h i (by omega)), h d (by omega)]

theorem sumTo_le {f g : Nat → Int} (d : Nat) (h : ∀ i, i < d → f i ≤ g i) : sumTo f d ≤ sumTo g d := by
  induction d with
  | zero => exact Int.le_refl _
  | succ d ih => exact Int.add_le_add (ih (fun i hi => h i (by omega))) (h d (by omega))

theorem sumTo_add (f g : Nat → Int) (d : Nat) : sumTo (fun i => f i + g i) d = sumTo f d + sumTo g d := by
  induction d with
  | zero => rfl
  | succ d ih =>
    have e1 : sumTo (fun i => f i + g i) (d + 1) = sumTo (fun i => f i + g i) d + (f d + g d) := rfl
    have e2 : sumTo f (d + 1) = sumTo f d + f d := rfl
    have e3 : sumTo g (d + 1) = sumTo g d + g d := rfl
    omega

theorem sumTo_mul (k : Int) (f : Nat → Int) (d : Nat) : sumTo (fun i => k * f i) d = k * sumTo f d := by
  induction d with
  | zero => exact (Int.mul_zero k).symm
  | succ d ih =>
    show sumTo (fun i => k * f i) d + k * f d = k * (sumTo f d + f d)
    rw [ih, Int.mul_add]

theorem sumTo_zero (d : Nat) : sumTo (fun _ => 0) d = 0 := by
  induction d with
  | zero => rfl
  | succ d ih => show sumTo (fun _ => 0) d + 0 = 0; omega

section
variable {α : Type}

theorem sumOver_add (f g : α → Int) (us : List α) : sumOver (fun u => f u + g u) us = sumOver f us + sumOver g us := by
  induction us with
  | nil => rfl
  | cons u us ih =>
    have e1 : sumOver (fun u => f u + g u) (u :: us) = f u + g u + sumOver (fun u => f u + g u) us := rfl
    have e2 : sumOver f (u :: us) = f u + sumOver f us := rfl
    have e3 : sumOver g (u :: us) = g u + sumOver g us := rfl
    omega

theorem sumOver_mul (k : Int) (f : α → Int) (us : List α) : sumOver (fun u => k * f u) us = k * sumOver f us := by
  induction us with
  | nil => exact (Int.mul_zero k).symm
  | cons u us ih =>
    show k * f u + sumOver (fun u => k * f u) us = k * (f u + sumOver f us)
    rw [ih, Int.mul_add]

theorem sumOver_congr {f g : α → Int} (us : List α) (h : ∀ u, f u = g u) : sumOver f us = sumOver g us := by
  have e : f = g := funext h
  rw [e]

theorem sumOver_zero (us : List α) : sumOver (fun _ => 0) us = 0 := by
  induction us with
  | nil => rfl
  | cons u us ih => show 0 + sumOver (fun _ => 0) us = 0; omega

theorem sumOver_sumTo (f : α → Nat → Int) (us : List α) (d : Nat) :
    sumOver (fun u => sumTo (f u) d) us = sumTo (fun i => sumOver (fun u => f u i) us) d := by
  induction d with
  | zero => exact sumOver_zero us
  | succ d ih =>
    have e : sumOver (fun u => sumTo (f u) (d + 1)) us = sumOver (fun u => sumTo (f u) d + f u d) us := rfl
    rw [e, sumOver_add, ih]
    rfl

end

/-! ### intervals -/

theorem le_up {c lo hi y z : Int} (h1 : y * lo ≤ z) (h2 : z ≤ y * hi) : c * z ≤ y * up c lo hi := by
  have a := Int.mul_le_mul_of_nonneg_left h2 (show 0 ≤ max c 0 by omega)
  have b := Int.mul_le_mul_of_nonneg_left h1 (show 0 ≤ max (-c) 0 by omega)
  have e : c * z = max c 0 * z - max (-c) 0 * z := by
    rw [← Int.sub_mul]
    have : c = max c 0 - max (-c) 0 := by omega
    rw [← this]
  unfold up
  rw [e, Int.mul_sub, Int.mul_left_comm y, Int.mul_left_comm y]
  omega

theorem le_up_one {c lo hi z : Int} (h1 : lo ≤ z) (h2 : z ≤ hi) : c * z ≤ up c lo hi := by
  have h := le_up (c := c) (y := 1) (lo := lo) (hi := hi) (z := z) (by omega) (by omega)
  omega

theorem mul_le_natAbs {a e b : Int} (h1 : -b ≤ e) (h2 : e ≤ b) : a * e ≤ (a.natAbs : Int) * b ∧ -(a * e) ≤ (a.natAbs : Int) * b := by
  have h := mul_close (w := a) (w' := (a.natAbs : Int)) (by omega) (by omega) h1 h2
  omega

end TinyVerify
