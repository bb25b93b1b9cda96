import TinyVerify.Certified.Thm
/-!
# A difference of two outputs on one side of a plane

Where `limit ≤ c . n` a multiple of `c . n - limit` may be added to any bound (Lagrange). Of int8 accumulators alone the
affine part is exact in the codes, of float32 logits alone it is one in the observations.
Main results: `At.code_side`, `At.float_side`.
-/
namespace TinyVerify

theorem sumOver_congr_mem {α : Type} {f g : α → Int} {us : List α} (h : ∀ u ∈ us, f u = g u) : sumOver f us = sumOver g us := by
  induction us with
  | nil => rfl
  | cons u us ih =>
    show f u + sumOver f us = g u + sumOver g us
    rw [h u (.head _), ih (fun v hv => h v (.tail _ hv))]

theorem sumOver_nil {α : Type} {f : α → Int} {us : List α} (h : ∀ u ∈ us, f u = 0) : sumOver f us = 0 := by
  rw [sumOver_congr_mem (g := fun _ => 0) h, sumOver_zero]

namespace Cell

/-- Twice the constant of the int8 accumulators, in units of `rho`. -/
def codeBase (c : Cell) (p : Pairing) (k : Nat) : Int := sumOver (fun u => c.slope p u * (nth u.s k * (u.m * u.acc0))) p.units

end Cell

/-- Up or down. -/
def sign : Bool → Int
  | true => -1
  | false => 1

theorem sign_cases (down : Bool) : sign down = 1 ∨ sign down = -1 := by
  cases down
  · exact .inl rfl
  · exact .inr rfl

/-- Twice what the affine functions of float32 logits leave out, up or down: `max(g, 0)` lies above its line by no more than
`max(t, 0)` and what the two may differ by. -/
def Cell.floatRest (c : Cell) (p : Pairing) (k : Nat) (down : Bool) : Int :=
  sumOver (fun u => (c.above p u + c.apart p u) * max (sign down * (nth u.s k - nth u.v k)) 0) p.units +
  sumOver (fun u => 2 * ((nth u.v k).natAbs * u.floating)) p.units

namespace At

variable {p : Pairing} {c : Cell} {scale fine coarse : Int} {n x e : Nat → Int}

/-- Twice a difference, up or down, is at most its affine part and the residual. -/
theorem side_bound (hp : At p c scale fine coarse n x e) (k : Nat) (down : Bool) {as hs : List Int}
    (ho : Observed p scale fine n x p.units as hs) :
    sign down * (2 * difference k p.units as hs) ≤
      sign down * sumOver (fun u => c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) p.units +
        scale * c.residual p k (sign down) := by
  have b := hp.units_bound k p.units ho
  simp only at b
  have r1 := residual_eq p c k 1
  have r2 := residual_eq p c k (-1)
  rw [r1, r2] at b
  cases down with
  | true =>
    show -1 * _ ≤ -1 * _ + scale * c.residual p k (-1)
    omega
  | false =>
    show 1 * _ ≤ 1 * _ + scale * c.residual p k 1
    omega

/-- One unit of the float32 network alone. -/
theorem float_unit (hp : At p c scale fine coarse n x e) (u : Neuron) (k : Nat) (down : Bool) {a h : Int} (hs : nth u.s k = 0)
    (hh : -(scale * u.floating) ≤ h - max (gValue p scale fine x u) 0 ∧
      h - max (gValue p scale fine x u) 0 ≤ scale * u.floating) :
    sign down * (2 * (nth u.s k * a - nth u.v k * h)) ≤
      sign down * (c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) +
        scale * ((c.above p u + c.apart p u) * max (sign down * (nth u.s k - nth u.v k)) 0 +
          2 * ((nth u.v k).natAbs * u.floating)) := by
  have shape := hp.unit_shape u rfl rfl
  rw [hs, Int.zero_mul, Int.zero_mul, Int.zero_sub, Int.zero_sub, Int.zero_sub]
  generalize gValue p scale fine x u = g at *
  generalize tValue p scale n u = t at *
  generalize c.slope p u = m at *
  generalize nth u.v k = v at *
  have top : 2 * max g 0 - m * g ≤ scale * (c.above p u + c.apart p u) := by rw [Int.mul_add]; omega
  have line := le_up_one (c := sign down * -v) shape.2.2 top
  unfold up at line
  rw [Int.mul_zero, Int.sub_zero] at line
  have near := mul_close (w := v) (w' := (v.natAbs : Int)) (by omega) (by omega) hh.1 hh.2
  have e1 : sign down * -v * (2 * max g 0 - m * g) = sign down * -(2 * (v * max g 0)) - sign down * -(m * (v * g)) := by
    rw [← Int.mul_sub, Int.mul_assoc]
    congr 1
    rw [Int.neg_mul, Int.mul_sub, Int.mul_left_comm v 2, Int.mul_left_comm v m]
    omega
  have e2 : max (sign down * -v) 0 * (scale * (c.above p u + c.apart p u)) =
    scale * ((c.above p u + c.apart p u) * max (sign down * -v) 0) := by ac_rfl
  have e3 : scale * (2 * ((v.natAbs : Int) * u.floating)) = 2 * ((v.natAbs : Int) * (scale * u.floating)) := by ac_rfl
  have e4 : 2 * -(v * h) = -(2 * (v * h)) := by omega
  have e5 : m * -(v * g) = -(m * (v * g)) := by rw [Int.mul_neg]
  rw [Int.mul_sub] at near
  rw [Int.mul_add scale, ← e2, e3, e4, e5]
  rw [e1] at line
  rcases sign_cases down with s | s
  · rw [s] at line ⊢
    omega
  · rw [s] at line ⊢
    omega

theorem float_units (hp : At p c scale fine coarse n x e) (k : Nat) (down : Bool) (us : List Neuron) (hs : ∀ u ∈ us, nth u.s k = 0)
    {as hs' : List Int} (ho : Observed p scale fine n x us as hs') :
    sign down * (2 * difference k us as hs') ≤
      sign down * sumOver (fun u => c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) us +
        scale * (sumOver (fun u => (c.above p u + c.apart p u) * max (sign down * (nth u.s k - nth u.v k)) 0) us +
          sumOver (fun u => 2 * ((nth u.v k).natAbs * u.floating)) us) := by
  induction us generalizing as hs' with
  | nil =>
    cases as with
    | nil => cases hs' with
      | nil =>
        have e1 : difference k [] [] [] = 0 := rfl
        have e3 : ∀ f : Neuron → Int, sumOver f [] = 0 := fun _ => rfl
        rw [e1, e3, e3, e3, Int.mul_zero, Int.mul_zero, Int.add_zero, Int.mul_zero]
        omega
      | cons _ _ => exact ho.elim
    | cons _ _ => cases hs' <;> exact ho.elim
  | cons u us ih =>
    cases as with
    | nil => cases hs' <;> exact ho.elim
    | cons a as => cases hs' with
      | nil => exact ho.elim
      | cons h hs' =>
        have i := ih (fun v hv => hs v (.tail _ hv)) ho.2.2
        have b := hp.float_unit u k down (a := a) (hs u (.head _)) ho.2.1
        have e1 : difference k (u :: us) (a :: as) (h :: hs') = (nth u.s k * a - nth u.v k * h) + difference k us as hs' := rfl
        have e3 : ∀ f : Neuron → Int, sumOver f (u :: us) = f u + sumOver f us := fun _ => rfl
        rw [e1, e3, e3, e3]
        rw [Int.mul_add scale] at b i
        rw [Int.mul_add 2, Int.mul_add (sign down), Int.mul_add (sign down), Int.mul_add scale, Int.mul_add scale, Int.mul_add scale]
        omega

theorem up_sum_le (hp : At p c scale fine coarse n x e) (f : Nat → Int) :
    sumTo (fun i => f i * n i) p.dim ≤ sumTo (fun i => up (f i) (c.low i) (c.high i)) p.dim :=
  sumTo_le p.dim (fun i hi => le_up_one (hp.codes i hi).1 (hp.codes i hi).2)

/-- int8 accumulators where `limit ≤ a . n`. -/
theorem code_side (hp : At p c scale fine coarse n x e) (k : Nat) (down : Bool) {as hs : List Int}
    (ho : Observed p scale fine n x p.units as hs) (hv : ∀ u ∈ p.units, nth u.v k = 0) {a : Nat → Int} {limit : Int} (nu : Nat)
    (side : limit ≤ sumTo (fun i => a i * n i) p.dim) :
    sign down * (2 * difference k p.units as hs) ≤ scale * (p.rho * (sign down * c.codeBase p k +
      sumTo (fun i => up (sign down * c.eSlope p k i + nu * a i) (c.low i) (c.high i)) p.dim + nu * -limit) +
      c.residual p k (sign down)) := by
  have b := hp.side_bound k down ho
  have exact : sumOver (fun u => c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) p.units =
      scale * (p.rho * (c.codeBase p k + sumTo (fun i => c.eSlope p k i * n i) p.dim)) := by
    have one : ∀ u ∈ p.units, c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u) =
        scale * p.rho * (c.slope p u * (nth u.s k * (u.m * u.acc0))) +
        sumTo (fun i => (scale * p.rho * n i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.dim := by
      intro u hu
      rw [hv u hu, Int.zero_mul, Int.sub_zero]
      unfold tValue Pairing.tBase
      have t : sumTo (fun i => (scale * p.rho * n i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.dim =
          c.slope p u * nth u.s k * scale * sumTo (fun i => p.tCode u i * n i) p.dim := by
        rw [← sumTo_mul]
        apply sumTo_congr
        intro i _
        unfold Pairing.tCode
        ac_rfl
      rw [t, Int.mul_add, Int.mul_add, Int.mul_add]
      have f1 : c.slope p u * (nth u.s k * (scale * (p.rho * (u.m * u.acc0)))) =
        scale * p.rho * (c.slope p u * (nth u.s k * (u.m * u.acc0))) := by ac_rfl
      have f2 : c.slope p u * (nth u.s k * (scale * sumTo (fun i => p.tCode u i * n i) p.dim)) =
        c.slope p u * nth u.s k * scale * sumTo (fun i => p.tCode u i * n i) p.dim := by ac_rfl
      omega
    rw [sumOver_congr_mem one, sumOver_add, sumOver_mul, sumOver_sumTo]
    have s : sumTo (fun i => sumOver (fun u => (scale * p.rho * n i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.units) p.dim =
        scale * p.rho * sumTo (fun i => c.eSlope p k i * n i) p.dim := by
      rw [← sumTo_mul]
      apply sumTo_congr
      intro i _
      rw [sumOver_mul]
      show scale * p.rho * n i * c.eSlope p k i = _
      ac_rfl
    rw [s]
    show scale * p.rho * c.codeBase p k + _ = _
    rw [← Int.mul_add, Int.mul_assoc]
  rw [exact] at b
  have m := Int.mul_le_mul_of_nonneg_left side (show (0 : Int) ≤ nu by omega)
  have u := hp.up_sum_le (fun i => sign down * c.eSlope p k i + nu * a i)
  have parts : sumTo (fun i => (sign down * c.eSlope p k i + nu * a i) * n i) p.dim =
      sign down * sumTo (fun i => c.eSlope p k i * n i) p.dim + nu * sumTo (fun i => a i * n i) p.dim := by
    rw [← sumTo_mul, ← sumTo_mul, ← sumTo_add]
    apply sumTo_congr
    intro i _
    rw [Int.add_mul, Int.mul_assoc, Int.mul_assoc]
  rw [parts] at u
  have l := Int.mul_le_mul_of_nonneg_left (show sign down * (c.codeBase p k + sumTo (fun i => c.eSlope p k i * n i) p.dim) ≤
      sign down * c.codeBase p k + sumTo (fun i => up (sign down * c.eSlope p k i + nu * a i) (c.low i) (c.high i)) p.dim + nu * -limit by
    rw [Int.mul_add, Int.mul_neg]
    omega) (show (0 : Int) ≤ p.rho by omega)
  have l2 := Int.mul_le_mul_of_nonneg_left l (Int.le_of_lt hp.scale_pos)
  rw [Int.mul_add]
  have e1 : sign down * (scale * (p.rho * (c.codeBase p k + sumTo (fun i => c.eSlope p k i * n i) p.dim))) =
    scale * (p.rho * (sign down * (c.codeBase p k + sumTo (fun i => c.eSlope p k i * n i) p.dim))) := by ac_rfl
  rw [e1] at b
  omega

/-- float32 logits where `limit ≤ a . n`. -/
theorem float_side (hp : At p c scale fine coarse n x e) (k : Nat) (down : Bool) {as hs : List Int}
    (ho : Observed p scale fine n x p.units as hs) (hs0 : ∀ u ∈ p.units, nth u.s k = 0) {a : Nat → Int} {limit : Int} (nu : Nat)
    (side : limit ≤ sumTo (fun i => a i * n i) p.dim) :
    sign down * (2 * difference k p.units as hs) ≤ scale * (sign down * c.constant p k +
      sumTo (fun i => up (sign down * c.xSlope p k i + nu * (a i * (p.axis i).inv)) (c.xLow p i) (c.xHigh p i)) p.dim +
      nu * (sumTo (fun i => up (-a i) (p.axis i).low ((p.axis i).low + 2 * (p.axis i).err)) p.dim + -(p.rho * limit)) +
      c.floatRest p k down) := by
  have b := hp.float_units k down p.units hs0 ho
  have none : sumTo (fun i => -(c.eSlope p k i * e i)) p.dim = 0 := by
    rw [sumTo_congr (g := fun _ => 0) p.dim, sumTo_zero]
    intro i _
    have z : c.eSlope p k i = 0 := sumOver_nil (fun u hu => by rw [hs0 u hu, Int.zero_mul, Int.mul_zero])
    rw [z, Int.zero_mul]
    rfl
  rw [hp.affine_eq k, none, Int.add_zero] at b
  have rest : c.floatRest p k down = _ + _ := rfl
  rw [← rest] at b
  -- the plane in terms of observations
  have each : ∀ i, i < p.dim → scale * (p.rho * (a i * n i)) ≤
      fine * (a i * (p.axis i).inv * x i) + scale * up (-a i) (p.axis i).low ((p.axis i).low + 2 * (p.axis i).err) := by
    intro i hi
    have q := hp.code_eq hi (a i)
    have o := hp.offset i hi
    have r := le_up (c := -a i) (lo := (p.axis i).low) (hi := (p.axis i).low + 2 * (p.axis i).err) (y := scale)
      (z := scale * ((p.axis i).low + (p.axis i).err) + e i) (by rw [Int.mul_add]; omega)
      (by
        have two : (p.axis i).low + 2 * ((p.axis i).err : Int) = (p.axis i).low + (p.axis i).err + (p.axis i).err := by omega
        rw [two, Int.mul_add scale ((p.axis i).low + (p.axis i).err)]
        omega)
    rw [Int.neg_mul, Int.mul_add (a i)] at r
    have e1 : scale * (p.rho * a i * n i) = scale * (p.rho * (a i * n i)) := by ac_rfl
    have e2 : scale * (a i * ((p.axis i).low + (p.axis i).err)) = a i * (scale * ((p.axis i).low + (p.axis i).err)) := by ac_rfl
    omega
  have plane := sumTo_le p.dim each
  rw [sumTo_mul scale, sumTo_mul (p.rho : Int), sumTo_add, sumTo_mul scale] at plane
  have m := Int.mul_le_mul_of_nonneg_left (Int.mul_le_mul_of_nonneg_left side (show (0 : Int) ≤ p.rho by omega)) (Int.le_of_lt hp.scale_pos)
  have m2 := Int.mul_le_mul_of_nonneg_left (Int.le_trans m plane) (show (0 : Int) ≤ nu by omega)
  have f := (hp.x_sum_le (fun i => sign down * c.xSlope p k i + nu * (a i * (p.axis i).inv))).1
  have parts : sumTo (fun i => fine * ((sign down * c.xSlope p k i + nu * (a i * (p.axis i).inv)) * x i)) p.dim =
      sign down * sumTo (fun i => fine * (c.xSlope p k i * x i)) p.dim + nu * sumTo (fun i => fine * (a i * (p.axis i).inv * x i)) p.dim := by
    rw [← sumTo_mul (sign down), ← sumTo_mul (nu : Int), ← sumTo_add]
    apply sumTo_congr
    intro i _
    rw [Int.add_mul, Int.mul_add fine]
    have e1 : fine * (sign down * c.xSlope p k i * x i) = sign down * (fine * (c.xSlope p k i * x i)) := by ac_rfl
    have e2 : fine * (nu * (a i * (p.axis i).inv) * x i) = nu * (fine * (a i * (p.axis i).inv * x i)) := by ac_rfl
    rw [e1, e2]
  rw [parts] at f
  generalize sumTo (fun i => up (sign down * c.xSlope p k i + nu * (a i * (p.axis i).inv)) (c.xLow p i) (c.xHigh p i)) p.dim = top at *
  generalize sumTo (fun i => up (-a i) (p.axis i).low ((p.axis i).low + 2 * (p.axis i).err)) p.dim = move at *
  generalize sumTo (fun i => fine * (a i * (p.axis i).inv * x i)) p.dim = px at *
  generalize sumTo (fun i => fine * (c.xSlope p k i * x i)) p.dim = fx at *
  rw [Int.mul_add (nu : Int)] at m2
  rw [Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add (nu : Int), Int.mul_add scale (nu * move)]
  rw [Int.mul_add (sign down)] at b
  have e1 : sign down * (scale * c.constant p k) = scale * (sign down * c.constant p k) := by ac_rfl
  have e2 : scale * (nu * move) = nu * (scale * move) := by ac_rfl
  have e3 : scale * ((nu : Int) * -(p.rho * limit)) = -(nu * (scale * (p.rho * limit))) := by
    rw [Int.mul_neg, Int.mul_neg]
    have : scale * ((nu : Int) * (p.rho * limit)) = nu * (scale * (p.rho * limit)) := by ac_rfl
    rw [this]
  rw [e1] at b
  rw [e2, e3]
  omega

end At

end TinyVerify
