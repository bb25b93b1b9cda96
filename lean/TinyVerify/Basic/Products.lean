import TinyVerify.DenseS8.Spec
/-!
# Sums of products: the algebra that `omega` does not do

`expand_products` multiplies out and orders products, so that `omega` may take them for unknowns.
-/
namespace TinyVerify

macro "expand_products" : tactic => `(tactic| simp only [Int.mul_add, Int.add_mul, Int.mul_sub, Int.sub_mul,
  Int.neg_mul, Int.mul_neg, Int.mul_assoc, Int.mul_comm, Int.mul_left_comm, Int.mul_one, Int.one_mul, Int.mul_zero,
  Int.zero_mul])

/-- Entry by entry, `|a - b| ≤ e`. -/
def Close : List Int → List Int → List Int → Prop
  | e :: es, a :: as, b :: bs => -e ≤ a - b ∧ a - b ≤ e ∧ Close es as bs
  | [], [], [] => True
  | _, _, _ => False

theorem close_sum {es as bs : List Int} (h : Close es as bs) : -(sum es) ≤ sum as - sum bs ∧ sum as - sum bs ≤ sum es := by
  induction es generalizing as bs with
  | nil =>
    cases as with
    | nil => cases bs with
      | nil => exact ⟨by decide, by decide⟩
      | cons _ _ => exact h.elim
    | cons _ _ => cases bs <;> exact h.elim
  | cons e es ih =>
    cases as with
    | nil => cases bs <;> exact h.elim
    | cons a as => cases bs with
      | nil => exact h.elim
      | cons b bs =>
        have h1 := ih h.2.2
        have e1 : sum (e :: es) = e + sum es := rfl
        have e2 : sum (a :: as) = a + sum as := rfl
        have e3 : sum (b :: bs) = b + sum bs := rfl
        have := h.1
        have := h.2.1
        omega

/-- `|w z| ≤ w' z'` for `|w| ≤ w'`, `|z| ≤ z'`. -/
theorem mul_close {w z w' z' : Int} (h1 : -w' ≤ w) (h2 : w ≤ w') (h3 : -z' ≤ z) (h4 : z ≤ z') :
    -(w' * z') ≤ w * z ∧ w * z ≤ w' * z' := by
  have a1 := Int.mul_nonneg (a := w' - w) (b := z' - z) (by omega) (by omega)
  have a2 := Int.mul_nonneg (a := w' - w) (b := z' + z) (by omega) (by omega)
  have a3 := Int.mul_nonneg (a := w' + w) (b := z' - z) (by omega) (by omega)
  have a4 := Int.mul_nonneg (a := w' + w) (b := z' + z) (by omega) (by omega)
  simp only [Int.mul_add, Int.add_mul, Int.mul_sub, Int.sub_mul] at a1 a2 a3 a4
  omega

end TinyVerify
