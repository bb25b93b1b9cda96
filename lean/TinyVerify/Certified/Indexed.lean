import TinyVerify.Certified.Claim
import TinyVerify.Certified.Sums
/-!
# Lists by index, and what the parts of a check mean

Main results: `sum_products_sumTo`, `inBox_at`, `nth_quantizeAll`, `all_cons`.
-/
namespace TinyVerify

theorem sumTo_front (f : Nat → Int) (d : Nat) : sumTo f (d + 1) = f 0 + sumTo (fun i => f (i + 1)) d := by
  induction d with
  | zero => show 0 + f 0 = f 0 + 0; omega
  | succ d ih =>
    have e1 : sumTo f (d + 1 + 1) = sumTo f (d + 1) + f (d + 1) := rfl
    have e2 : sumTo (fun i => f (i + 1)) (d + 1) = sumTo (fun i => f (i + 1)) d + f (d + 1) := rfl
    omega

theorem sum_products_sumTo (w x : List Int) {d : Nat} (h : x.length ≤ d) :
    sum (products w x) = sumTo (fun i => nth w i * nth x i) d := by
  induction d generalizing w x with
  | zero =>
    cases x with
    | nil => cases w <;> rfl
    | cons _ _ => exact absurd h (by intro h; exact Nat.not_succ_le_zero _ h)
  | succ d ih =>
    rw [sumTo_front]
    cases x with
    | nil =>
      have e : sum (products w []) = 0 := by cases w <;> rfl
      have z : sumTo (fun i => nth w (i + 1) * nth ([] : List Int) (i + 1)) d = sumTo (fun _ => 0) d :=
        sumTo_congr d (fun i _ => Int.mul_zero _)
      have z0 : nth w 0 * nth ([] : List Int) 0 = 0 := Int.mul_zero _
      rw [e, z0, z, sumTo_zero]
      rfl
    | cons y ys =>
      have hl : ys.length ≤ d := by have : (y :: ys).length = ys.length + 1 := rfl; omega
      cases w with
      | nil =>
        have z : sumTo (fun i => nth ([] : List Int) (i + 1) * nth (y :: ys) (i + 1)) d = sumTo (fun _ => 0) d :=
          sumTo_congr d (fun i _ => Int.zero_mul _)
        have z0 : nth ([] : List Int) 0 * nth (y :: ys) 0 = 0 := Int.zero_mul _
        rw [z0, z, sumTo_zero]
        rfl
      | cons v vs =>
        have i := ih vs ys hl
        show v * y + sum (products vs ys) = v * y + sumTo (fun i => nth vs i * nth ys i) d
        rw [i]

theorem absSum_products_sumTo (w x : List Int) {d : Nat} (h : x.length ≤ d) :
    (absSum (products w x) : Int) = sumTo (fun i => ((nth w i * nth x i).natAbs : Int)) d := by
  induction d generalizing w x with
  | zero =>
    cases x with
    | nil => cases w <;> rfl
    | cons _ _ => exact absurd h (by intro h; exact Nat.not_succ_le_zero _ h)
  | succ d ih =>
    rw [sumTo_front]
    cases x with
    | nil =>
      have e : absSum (products w []) = 0 := by cases w <;> rfl
      have z : sumTo (fun i => ((nth w (i + 1) * nth ([] : List Int) (i + 1)).natAbs : Int)) d = sumTo (fun _ => 0) d :=
        sumTo_congr d (fun i _ => by
          have e : nth w (i + 1) * nth ([] : List Int) (i + 1) = 0 := Int.mul_zero _
          rw [e]; rfl)
      have z0 : nth w 0 * nth ([] : List Int) 0 = 0 := Int.mul_zero _
      rw [e, z0, z, sumTo_zero]
      rfl
    | cons y ys =>
      have hl : ys.length ≤ d := by have : (y :: ys).length = ys.length + 1 := rfl; omega
      cases w with
      | nil =>
        have z : sumTo (fun i => ((nth ([] : List Int) (i + 1) * nth (y :: ys) (i + 1)).natAbs : Int)) d = sumTo (fun _ => 0) d :=
          sumTo_congr d (fun i _ => by
            have e : nth ([] : List Int) (i + 1) * nth (y :: ys) (i + 1) = 0 := Int.zero_mul _
            rw [e]; rfl)
        have z0 : nth ([] : List Int) 0 * nth (y :: ys) 0 = 0 := Int.zero_mul _
        rw [z0, z, sumTo_zero]
        rfl
      | cons v vs =>
        have i := ih vs ys hl
        have e : absSum (products (v :: vs) (y :: ys)) = (v * y).natAbs + absSum (products vs ys) := rfl
        have e2 : sumTo (fun i => ((nth (v :: vs) (i + 1) * nth (y :: ys) (i + 1)).natAbs : Int)) d =
          sumTo (fun i => ((nth vs i * nth ys i).natAbs : Int)) d := rfl
        have e3 : nth (v :: vs) 0 * nth (y :: ys) 0 = v * y := rfl
        rw [e, e2, e3, ← i]
        omega

theorem inBox_length {box : List Interval} {x : List Int} (h : InBox box x) : x.length = box.length := by
  induction box generalizing x with
  | nil => cases x with
    | nil => rfl
    | cons _ _ => exact h.elim
  | cons b bs ih => cases x with
    | nil => exact h.elim
    | cons y ys => exact congrArg (· + 1) (ih h.2)

theorem inBox_at {box : List Interval} {x : List Int} (h : InBox box x) {i : Nat} (hi : i < box.length) :
    (Plan.range box i).lo ≤ nth x i ∧ nth x i ≤ (Plan.range box i).hi := by
  induction box generalizing x i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons b bs ih => cases x with
    | nil => exact h.elim
    | cons y ys => cases i with
      | zero => exact h.1
      | succ i => exact ih h.2 (by have : (b :: bs).length = bs.length + 1 := rfl; omega)

theorem length_f32Values (bits : List Nat) : (f32Values bits).length = bits.length := by
  induction bits with
  | nil => rfl
  | cons b bs ih => exact congrArg (· + 1) ih

theorem nth_f32Values {bits : List Nat} {i : Nat} (hi : i < bits.length) : nth (f32Values bits) i = f32Value (entry 0 bits i) := by
  induction bits generalizing i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons b bs ih => cases i with
    | zero => rfl
    | succ i => exact ih (by have : (b :: bs).length = bs.length + 1 := rfl; omega)

theorem entry_mem {α : Type} {as : List α} (d : α) {i : Nat} (hi : i < as.length) : entry d as i ∈ as := by
  induction as generalizing i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons a as ih => cases i with
    | zero => exact .head _
    | succ i => exact .tail _ (ih (by have : (a :: as).length = as.length + 1 := rfl; omega))

theorem length_quantizeAll {input : List Feature} {bits : List Nat} (h : bits.length = input.length) :
    (ObjectCode.quantizeAll input bits).length = input.length := by
  induction input generalizing bits with
  | nil => cases bits <;> rfl
  | cons f fs ih => cases bits with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons b bs => exact congrArg (· + 1) (ih (Nat.succ.inj h))

theorem nth_quantizeAll {input : List Feature} {bits : List Nat} (h : bits.length = input.length) {i : Nat}
    (hi : i < input.length) : nth (ObjectCode.quantizeAll input bits) i =
      quantizeF32 (entry 0 bits i) (Plan.feature input i).invScale (Plan.feature input i).zeroPoint := by
  induction input generalizing bits i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons f fs ih => cases bits with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons b bs => cases i with
      | zero => rfl
      | succ i => exact ih (Nat.succ.inj h) (by have : (f :: fs).length = fs.length + 1 := rfl; omega)

theorem le_of_leqInt {a b : Int} (h : leqInt a b = true) : a ≤ b := of_decide_eq_true h

theorem eq_of_sameInts {a b : List Int} (h : sameInts a b = true) : a = b := by
  induction a generalizing b with
  | nil => cases b with
    | nil => rfl
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons x xs ih => cases b with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons y ys =>
      have h' := and_split (a := decide (x = y)) (b := sameInts xs ys) h
      rw [of_decide_eq_true h'.1, ih h'.2]

/-- The tests of a list, one after another. -/
theorem all_cons {b : Bool} {bs : List Bool} (h : all (fun b => b) (b :: bs) = true) :
    b = true ∧ all (fun b => b) bs = true := and_split h

/-- `-reach ≤ x ≤ reach` -/
theorem reach_bounds {box : List Interval} {x : List Int} (h : InBox box x) {i : Nat} (hi : i < box.length) :
    -(Plan.reach box i) ≤ nth x i ∧ nth x i ≤ Plan.reach box i := by
  have hb := inBox_at h hi
  unfold Plan.reach
  omega

end TinyVerify
