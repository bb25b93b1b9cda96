import TinyVerify.Agreement.Spec
import TinyVerify.Certified.Cuts
/-!
# Counting cells

Main results: `countCells_true` (a box), `countCells_cut` (a cut divides the cells of a box).
-/
namespace TinyVerify

theorem sumRange_congr {f g : Nat → Nat} (s n : Nat) (h : ∀ v, s ≤ v → v < s + n → f v = g v) : sumRange f s n = sumRange g s n := by
  induction n generalizing s with
  | zero => rfl
  | succ n ih =>
    show f s + sumRange f (s + 1) n = g s + sumRange g (s + 1) n
    rw [h s (by omega) (by omega), ih (s + 1) (fun v h1 h2 => h v (by omega) (by omega))]

theorem sumRange_const (c s n : Nat) : sumRange (fun _ => c) s n = n * c := by
  induction n generalizing s with
  | zero => exact (Nat.zero_mul c).symm
  | succ n ih =>
    show c + sumRange (fun _ => c) (s + 1) n = (n + 1) * c
    rw [ih, Nat.add_mul, Nat.one_mul, Nat.add_comm]

theorem sumRange_append (f : Nat → Nat) (s m n : Nat) : sumRange f s (m + n) = sumRange f s m + sumRange f (s + m) n := by
  induction m generalizing s with
  | zero =>
    show sumRange f s (0 + n) = 0 + sumRange f (s + 0) n
    rw [Nat.zero_add, Nat.zero_add, Nat.add_zero]
  | succ m ih =>
    have e : m + 1 + n = (m + n) + 1 := by omega
    rw [e]
    show f s + sumRange f (s + 1) (m + n) = f s + sumRange f (s + 1) m + sumRange f (s + (m + 1)) n
    have e2 : s + (m + 1) = s + 1 + m := by omega
    rw [ih, ← e2, Nat.add_assoc]

theorem sumRange_add (f g : Nat → Nat) (s n : Nat) : sumRange (fun v => f v + g v) s n = sumRange f s n + sumRange g s n := by
  induction n generalizing s with
  | zero => rfl
  | succ n ih =>
    show f s + g s + sumRange (fun v => f v + g v) (s + 1) n = f s + sumRange f (s + 1) n + (g s + sumRange g (s + 1) n)
    rw [ih]
    omega

theorem countCells_congr {P Q : List Nat → Bool} {lo hi : List Nat} (hl : lo.length = hi.length)
    (h : ∀ v, Between lo hi v → P v = Q v) : countCells P lo hi = countCells Q lo hi := by
  induction lo generalizing hi P Q with
  | nil =>
    cases hi with
    | nil =>
      show (if P [] = true then 1 else 0) = (if Q [] = true then 1 else 0)
      rw [h [] trivial]
    | cons _ _ => exact absurd hl (by intro h; exact Nat.noConfusion h)
  | cons l ls ih =>
    cases hi with
    | nil => exact absurd hl (by intro h; exact Nat.noConfusion h)
    | cons x xs =>
      show sumRange (fun v => countCells (fun rest => P (v :: rest)) ls xs) l (x + 1 - l) =
        sumRange (fun v => countCells (fun rest => Q (v :: rest)) ls xs) l (x + 1 - l)
      apply sumRange_congr
      intro v h1 h2
      exact ih (Nat.succ.inj hl) (fun r hr => h (v :: r) ⟨⟨h1, by omega⟩, hr⟩)

theorem countCells_true {lo hi : List Nat} (hl : lo.length = hi.length) : countCells (fun _ => true) lo hi = cellsIn lo hi := by
  induction lo generalizing hi with
  | nil =>
    cases hi with
    | nil => rfl
    | cons _ _ => exact absurd hl (by intro h; exact Nat.noConfusion h)
  | cons l ls ih =>
    cases hi with
    | nil => exact absurd hl (by intro h; exact Nat.noConfusion h)
    | cons x xs =>
      show sumRange (fun _ => countCells (fun _ => true) ls xs) l (x + 1 - l) = (x + 1 - l) * cellsIn ls xs
      rw [sumRange_const, ih (Nat.succ.inj hl)]

/-- A cut divides the cells of a box. -/
theorem countCells_cut (P : List Nat → Bool) {axis cut : Nat} {lo hi : List Nat} (h : cutOk axis cut lo hi = true) :
    countCells P lo hi = countCells P lo (setEntry cut axis hi) + countCells P (setEntry (cut + 1) axis lo) hi := by
  have h1 := and_split h
  have h2 := and_split h1.1
  have h3 := and_split h1.2
  have a1 := Nat.le_of_ble_eq_true h2.1
  have a2 := Nat.le_of_ble_eq_true h2.2
  have a3 := Nat.le_of_ble_eq_true h3.1
  have a4 := Nat.le_of_ble_eq_true h3.2
  clear h h1 h2 h3
  induction axis generalizing lo hi P with
  | zero =>
    cases lo with
    | nil => exact absurd a1 (Nat.not_succ_le_zero _)
    | cons l ls => cases hi with
      | nil => exact absurd a2 (Nat.not_succ_le_zero _)
      | cons x xs =>
        have b3 : l ≤ cut + 1 := a3
        have b4 : cut ≤ x := a4
        have e : x + 1 - l = (cut + 1 - l) + (x + 1 - (cut + 1)) := by omega
        show sumRange (fun v => countCells (fun rest => P (v :: rest)) ls xs) l (x + 1 - l) =
          sumRange (fun v => countCells (fun rest => P (v :: rest)) ls xs) l (cut + 1 - l) +
          sumRange (fun v => countCells (fun rest => P (v :: rest)) ls xs) (cut + 1) (x + 1 - (cut + 1))
        have e2 : l + (cut + 1 - l) = cut + 1 := by omega
        rw [e, sumRange_append, e2]
  | succ axis ih =>
    cases lo with
    | nil => exact absurd a1 (Nat.not_succ_le_zero _)
    | cons l ls => cases hi with
      | nil => exact absurd a2 (Nat.not_succ_le_zero _)
      | cons x xs =>
        show sumRange (fun v => countCells (fun rest => P (v :: rest)) ls xs) l (x + 1 - l) =
          sumRange (fun v => countCells (fun rest => P (v :: rest)) ls (setEntry cut axis xs)) l (x + 1 - l) +
          sumRange (fun v => countCells (fun rest => P (v :: rest)) (setEntry (cut + 1) axis ls) xs) l (x + 1 - l)
        rw [← sumRange_add]
        apply sumRange_congr
        intro v _ _
        exact ih _ (Nat.le_of_succ_le_succ a1) (Nat.le_of_succ_le_succ a2) a3 a4

theorem between_entry {lo hi v : List Nat} (h : Between lo hi v) {i : Nat} (hi' : i < lo.length) :
    entry 0 lo i ≤ entry 0 v i ∧ entry 0 v i ≤ entry 0 hi i := by
  induction lo generalizing hi v i with
  | nil => exact absurd hi' (Nat.not_lt_zero i)
  | cons l ls ih => cases hi with
    | nil => exact h.elim
    | cons x xs => cases v with
      | nil => exact h.elim
      | cons w ws => cases i with
        | zero => exact h.1
        | succ i => exact ih h.2 (Nat.lt_of_succ_lt_succ hi')

end TinyVerify
