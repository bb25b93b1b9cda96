import TinyVerify.Certified.Unit
/-!
# What holds on a box of codes

Main result: `Cell.error_bound`, twice the error of an output lies between `-errorLow` and `errorHigh`.
-/
namespace TinyVerify

namespace At

variable {p : Pairing} {c : Cell} {scale fine coarse : Int} {n x e : Nat → Int}

theorem units_bound (hp : At p c scale fine coarse n x e) (k : Nat) (us : List Neuron) {as hs : List Int}
    (ho : Observed p scale fine n x us as hs) :
    let s := sumOver (fun u => c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) us
    2 * difference k us as hs ≤ s + scale * sumOver (piece p c k 1) us ∧
      s ≤ 2 * difference k us as hs + scale * sumOver (piece p c k (-1)) us := by
  induction us generalizing as hs with
  | nil =>
    cases as with
    | nil => cases hs with
      | nil =>
        have e1 : difference k [] [] [] = 0 := rfl
        have e3 : ∀ f : Neuron → Int, sumOver f [] = 0 := fun _ => rfl
        simp only [e1, e3, Int.mul_zero]
        omega
      | cons _ _ => exact ho.elim
    | cons _ _ => cases hs <;> exact ho.elim
  | cons u us ih =>
    cases as with
    | nil => cases hs <;> exact ho.elim
    | cons a as => cases hs with
      | nil => exact ho.elim
      | cons h hs =>
        have i := ih ho.2.2
        have b := hp.unit_bound u k ho.1.1 ho.1.2 ho.2.1
        simp only at i ⊢
        have e1 : difference k (u :: us) (a :: as) (h :: hs) = (nth u.s k * a - nth u.v k * h) + difference k us as hs := rfl
        have e3 : ∀ f : Neuron → Int, sumOver f (u :: us) = f u + sumOver f us := fun _ => rfl
        rw [e1, e3, e3, e3, Int.mul_add, Int.mul_add, Int.mul_add]
        generalize nth u.s k * a - nth u.v k * h = w at *
        omega

/-- The affine functions added up, in the observation and the offsets. -/
theorem affine_eq (hp : At p c scale fine coarse n x e) (k : Nat) :
    sumOver (fun u => c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) p.units =
      scale * c.constant p k + sumTo (fun i => fine * (c.xSlope p k i * x i)) p.dim +
        sumTo (fun i => -(c.eSlope p k i * e i)) p.dim := by
  have one : ∀ u : Neuron, c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u) =
      scale * (c.slope p u * (nth u.s k * p.shifted u - nth u.v k * u.gb)) +
      sumTo (fun i => (fine * x i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i))) p.dim +
      sumTo (fun i => -(e i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.dim := by
    intro u
    have e1 : sumTo (fun i => (fine * x i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i))) p.dim =
        c.slope p u * (nth u.s k * sumTo (fun i => fine * (u.m * nth u.w i * (p.axis i).inv * x i)) p.dim) +
        -(c.slope p u * nth u.v k) * sumTo (fun i => fine * (nth u.g i * x i)) p.dim := by
      rw [← sumTo_mul, ← sumTo_mul, ← sumTo_mul, ← sumTo_add]
      apply sumTo_congr
      intro i _
      rw [Int.mul_sub, Int.mul_sub, Int.neg_mul]
      have f1 : fine * x i * (c.slope p u * (nth u.s k * (u.m * nth u.w i * (p.axis i).inv))) =
        c.slope p u * (nth u.s k * (fine * (u.m * nth u.w i * (p.axis i).inv * x i))) := by ac_rfl
      have f2 : fine * x i * (c.slope p u * (nth u.v k * nth u.g i)) = c.slope p u * nth u.v k * (fine * (nth u.g i * x i)) := by ac_rfl
      omega
    have e2 : sumTo (fun i => -(e i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.dim =
        c.slope p u * (nth u.s k * sumTo (fun i => -(u.m * nth u.w i * e i)) p.dim) := by
      rw [← sumTo_mul, ← sumTo_mul]
      apply sumTo_congr
      intro i _
      have f1 : e i * (c.slope p u * (nth u.s k * (u.m * nth u.w i))) = c.slope p u * (nth u.s k * (u.m * nth u.w i * e i)) := by ac_rfl
      rw [Int.neg_mul, Int.mul_neg, Int.mul_neg, f1]
    rw [e1, e2, hp.tValue_eq u]
    unfold gValue
    generalize sumTo (fun i => fine * (u.m * nth u.w i * (p.axis i).inv * x i)) p.dim = a1
    generalize sumTo (fun i => fine * (nth u.g i * x i)) p.dim = a2
    generalize sumTo (fun i => -(u.m * nth u.w i * e i)) p.dim = a3
    have f3 : scale * (c.slope p u * (nth u.s k * p.shifted u - nth u.v k * u.gb)) =
      c.slope p u * (nth u.s k * (scale * p.shifted u)) - c.slope p u * (nth u.v k * (scale * u.gb)) := by
      rw [Int.mul_sub, Int.mul_sub]
      have g1 : scale * (c.slope p u * (nth u.s k * p.shifted u)) = c.slope p u * (nth u.s k * (scale * p.shifted u)) := by ac_rfl
      have g2 : scale * (c.slope p u * (nth u.v k * u.gb)) = c.slope p u * (nth u.v k * (scale * u.gb)) := by ac_rfl
      omega
    rw [f3, Int.mul_sub, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.neg_mul, Int.mul_assoc]
    omega
  rw [sumOver_congr p.units one, sumOver_add, sumOver_add, sumOver_mul, sumOver_sumTo, sumOver_sumTo]
  have x1 : sumTo (fun i => sumOver (fun u => (fine * x i) * (c.slope p u *
      (nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i))) p.units) p.dim =
      sumTo (fun i => fine * (c.xSlope p k i * x i)) p.dim := by
    apply sumTo_congr
    intro i _
    rw [sumOver_mul]
    show fine * x i * c.xSlope p k i = _
    ac_rfl
  have x2 : sumTo (fun i => sumOver (fun u => -(e i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.units) p.dim =
      sumTo (fun i => -(c.eSlope p k i * e i)) p.dim := by
    apply sumTo_congr
    intro i _
    rw [sumOver_mul]
    show -(e i) * c.eSlope p k i = _
    rw [Int.neg_mul, Int.mul_comm]
  rw [x1, x2]
  rfl

theorem residual_eq (p : Pairing) (c : Cell) (k : Nat) (turn : Int) : sumOver (piece p c k turn) p.units = c.residual p k turn := by
  unfold Cell.residual
  rw [← sumOver_add, ← sumOver_add, ← sumOver_add, ← sumOver_add]
  rfl

end At

/-- Twice the error of output `k` at any point of the box. -/
theorem Cell.error_bound {p : Pairing} {c : Cell} {scale fine coarse : Int} {n x e : Nat → Int}
    (hp : At p c scale fine coarse n x e) (k : Nat) {as hs : List Int} (ho : Observed p scale fine n x p.units as hs) :
    2 * difference k p.units as hs ≤ scale * c.errorHigh p k ∧ -(2 * difference k p.units as hs) ≤ scale * c.errorLow p k := by
  have b := hp.units_bound k p.units ho
  have a := hp.affine_eq k
  have f := hp.x_sum_le (c.xSlope p k)
  have g := hp.offset_le (c.eSlope p k)
  have r1 := At.residual_eq p c k 1
  have r2 := At.residual_eq p c k (-1)
  simp only at b
  unfold Cell.errorHigh Cell.errorLow Cell.offsets
  rw [r1, r2, a] at b
  rw [Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_neg]
  omega

end TinyVerify
