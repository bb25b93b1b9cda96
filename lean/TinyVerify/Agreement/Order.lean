import TinyVerify.Agreement.Bound
import TinyVerify.Agreement.Sides
import TinyVerify.Certified.Outputs
/-!
# What a plan's limits say about the order of two outputs

Main result: `Plan.order`, one output lies strictly below the other in both networks where their differences are within the limits.
-/
namespace TinyVerify

theorem length_subtract {a b : List Int} (h : a.length = b.length) : (subtract a b).length = a.length := by
  induction a generalizing b with
  | nil => cases b <;> rfl
  | cons x xs ih => cases b with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons y ys => exact congrArg (· + 1) (ih (Nat.succ.inj h))

theorem sum_subtract {a b : List Int} (h : a.length = b.length) : sum (subtract a b) = sum a - sum b := by
  induction a generalizing b with
  | nil => cases b with
    | nil => rfl
    | cons _ _ => exact absurd h (by intro h; exact Nat.noConfusion h)
  | cons x xs ih => cases b with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons y ys =>
      have i := ih (Nat.succ.inj h)
      show x - y + sum (subtract xs ys) = x + sum xs - (y + sum ys)
      omega

namespace Plan

theorem length_values {o : Output} {k : Nat} {us : List Neuron} {ws vs : List Int} (h : weightsOk o k us ws vs = true) :
    vs.length = us.length := by
  induction us generalizing ws vs with
  | nil => cases ws with
    | nil => cases vs with
      | nil => rfl
      | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons u us ih => cases ws with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons w ws => cases vs with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons v vs => exact congrArg (· + 1) (ih (and_split h).2)

/-- The float32 sum of an output, against the exact one. -/
theorem sum_close {p : Plan} {box : List Interval} {hidden : List FloatRow} {error : Int} {r : FloatRow} {hs : List Int} {y : Int}
    (hok : p.sumErrorOk box hidden error r = true) (hlen : r.weights.length = p.pairing.units.length)
    (ht : 4 * ((p.pairing.units.length : Int) + 1) ≤ 16777216) (hreach : Reached p box p.pairing.units hidden hs)
    (hy : r.Computes (positive hs) y) :
    -error ≤ f32One * y - (f32One * r.bias + sum (products r.weights (positive hs))) ∧
    f32One * y - (f32One * r.bias + sum (products r.weights (positive hs))) ≤ error := by
  have sumErr := FloatRow.error hy (n := (p.pairing.units.length : Int) + 1) ht (by omega)
  have reach := absSum_out_le hreach r.weights
  have eTerms : (absSum (r.terms (positive hs)) : Int) = ((f32One * r.bias).natAbs : Int) + (absSum (products r.weights (positive hs)) : Int) := by
    have : absSum (r.terms (positive hs)) = (f32One * r.bias).natAbs + absSum (products r.weights (positive hs)) := rfl
    omega
  have mTerms := Int.mul_le_mul_of_nonneg_left (show (absSum (r.terms (positive hs)) : Int) ≤ ((f32One * r.bias).natAbs : Int) +
    p.outReach box p.pairing.units hidden r.weights by omega) (show 0 ≤ (p.pairing.units.length : Int) + 1 by omega)
  have hok2 : leqInt _ _ = true := hok
  have close := Int.le_of_mul_le_mul_left (Int.le_trans (Int.le_trans sumErr (Int.add_le_add mTerms (Int.le_refl _))) (le_of_leqInt hok2))
    (by omega)
  have eExact : r.exact (positive hs) = f32One * r.bias + sum (products r.weights (positive hs)) := rfl
  rw [eExact] at close
  omega

theorem no_float {o : Output} {k : Nat} {us : List Neuron} {ws vs : List Int} (h : weightsOk o k us ws vs = true) (h2 : o.a2 = 0)
    (h1 : o.den = 1) : ∀ u ∈ us, nth u.v k = 0 := by
  induction us generalizing ws vs with
  | nil => intro u hu; cases hu
  | cons u us ih => cases ws with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons w ws => cases vs with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons v vs =>
        have h' := and_split h
        have e : (o.den : Int) * nth u.v k = o.a2 * v := of_decide_eq_true (and_split h'.1).2
        rw [h1, h2] at e
        intro a ha
        cases ha with
        | head =>
          have one : ((1 : Nat) : Int) = 1 := rfl
          have zero : ((0 : Nat) : Int) = 0 := rfl
          rw [one, zero, Int.one_mul, Int.zero_mul] at e
          exact e
        | tail _ hm => exact ih h'.2 a hm

theorem no_code {o : Output} {k : Nat} {us : List Neuron} {ws vs : List Int} (h : weightsOk o k us ws vs = true) (h1 : o.a1 = 0) :
    ∀ u ∈ us, nth u.s k = 0 := by
  induction us generalizing ws vs with
  | nil => intro u hu; cases hu
  | cons u us ih => cases ws with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons w ws => cases vs with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons v vs =>
        have h' := and_split h
        have e : nth u.s k = o.a1 * w := of_decide_eq_true (and_split h'.1).1
        rw [h1, Int.zero_mul] at e
        intro a ha
        cases ha with
        | head => exact e
        | tail _ hm => exact ih h'.2 a hm

/-- An integer that a limit keeps below zero, up or down. -/
theorem order_code {scale r sa sb ta tb z ba bb limit : Int} {down : Bool} (s0 : 0 < scale) (r0 : 0 < r)
    (bound : sign down * (2 * (scale * r * (sb - sa - z * (tb - ta)))) ≤ scale * limit)
    (l : 2 * (r * (sign down * (bb + z * tb - (ba + z * ta)))) + limit + 1 ≤ 0) : sign down * (bb + sb - (ba + sa)) < 0 := by
  have e1 : sign down * (2 * (scale * r * (sb - sa - z * (tb - ta)))) = scale * (2 * (r * (sign down * (sb - sa - z * (tb - ta))))) := by
    ac_rfl
  rw [e1] at bound
  have b := Int.le_of_mul_le_mul_left bound s0
  have e2 : r * (sign down * (bb + sb - (ba + sa))) = r * (sign down * (sb - sa - z * (tb - ta))) + r * (sign down * (bb + z * tb - (ba + z * ta))) := by
    rw [← Int.mul_add, ← Int.mul_add, Int.mul_sub z]
    congr 2
    omega
  rcases Int.lt_or_le (sign down * (bb + sb - (ba + sa))) 0 with h | h
  · exact h
  · exfalso
    have m := Int.mul_nonneg (Int.le_of_lt r0) h
    omega

/-- The same of float32 sums `ya`, `yb` that are within `error` of the exact ones. -/
theorem order_float {scale den unit one dif sa sb ba bb ya yb error limit : Int} {down : Bool} (den0 : 0 ≤ den) (one0 : 0 < one)
    (u0 : 0 < unit) (bound : sign down * (2 * dif) ≤ scale * limit) (diff : den * dif = -(unit * (sa - sb)))
    (ca : -error ≤ one * ya - (one * ba + sa) ∧ one * ya - (one * ba + sa) ≤ error)
    (cb : -error ≤ one * yb - (one * bb + sb) ∧ one * yb - (one * bb + sb) ≤ error)
    (l : 2 * (unit * (sign down * (one * (bb - ba)) + 2 * error)) + scale * (den * limit) + 1 ≤ 0) : sign down * (yb - ya) < 0 := by
  have b := Int.mul_le_mul_of_nonneg_left bound den0
  have e1 : den * (sign down * (2 * dif)) = sign down * (2 * (den * dif)) := by ac_rfl
  have e2 : den * (scale * limit) = scale * (den * limit) := by ac_rfl
  rw [e1, e2, diff] at b
  have e3 : sign down * (2 * -(unit * (sa - sb))) = 2 * (unit * (sign down * (sb - sa))) := by
    have n : -(unit * (sa - sb)) = unit * (sb - sa) := by
      rw [← Int.mul_neg]
      congr 1
      omega
    rw [n]
    ac_rfl
  rw [e3] at b
  rcases Int.lt_or_le (sign down * (yb - ya)) 0 with h | h
  · exact h
  · exfalso
    have m0 := Int.mul_nonneg (Int.le_of_lt one0) h
    have near : 0 ≤ sign down * (sb - sa) + (sign down * (one * (bb - ba)) + 2 * error) := by
      have e4 : one * (sign down * (yb - ya)) = sign down * (one * yb - one * ya) := by
        rw [← Int.mul_sub]
        ac_rfl
      have e5 : sign down * (one * (bb - ba)) = sign down * (one * bb - one * ba) := by rw [← Int.mul_sub]
      rw [e4] at m0
      rw [e5]
      rcases sign_cases down with s | s
      · rw [s] at m0 ⊢
        omega
      · rw [s] at m0 ⊢
        omega
    have m := Int.mul_nonneg (Int.le_of_lt u0) near
    rw [Int.mul_add unit] at m
    omega

/-- The order of outputs `a` and `b`: `b` below `a`, or with `down` above it. -/
theorem order {p : Plan} {box : List Interval} {l : Hidden} {hidden : List FloatRow} {last : Dense} {ra rb : Row}
    {fa fb : FloatRow} {k : Nat} (hok : p.orderOk box l hidden last ra rb fa fb k = true) (s0 : 0 < p.scale) (hphi : 1 ≤ p.phi)
    (hrho : 1 ≤ p.pairing.rho) (htheta : 1 ≤ p.theta) {n' x' : Nat → Int}
    {cs hs : List Int} (ho : Observed p.pairing p.scale p.fine n' x' p.pairing.units
      (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs))
    (hreach : Reached p box p.pairing.units hidden hs) {down : Bool}
    (bounds : (∀ u ∈ p.pairing.units, nth u.v k = 0) → (∀ u ∈ p.pairing.units, nth u.s (k + 1) = 0) →
      sign down * (2 * difference k p.pairing.units (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs)) ≤
        p.scale * cond down (entry noOutput p.outputs k).low (entry noOutput p.outputs k).high ∧
      sign down * (2 * difference (k + 1) p.pairing.units (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs)) ≤
        p.scale * cond down (entry noOutput p.outputs (k + 1)).low (entry noOutput p.outputs (k + 1)).high)
    {ya yb : Int} (hya : fa.Computes (positive hs) ya) (hyb : fb.Computes (positive hs) yb) :
    sign down * (accumulate rb.bias (last.weights rb) cs - accumulate ra.bias (last.weights ra) cs) < 0 ∧ sign down * (yb - ya) < 0 := by
  unfold orderOk at hok
  have h1 := all_cons hok
  have h2 := all_cons h1.2
  have h3 := all_cons h2.2
  have h4 := all_cons h3.2
  have h5 := all_cons h4.2
  have h6 := all_cons h5.2
  have h7 := all_cons h6.2
  have h8 := all_cons h7.2
  have h9 := all_cons h8.2
  have h10 := all_cons h9.2
  have h11 := all_cons h10.2
  have h12 := all_cons h11.2
  have h13 := all_cons h12.2
  have h14 := all_cons h13.2
  have h15 := all_cons h14.2
  have h16 := all_cons h15.2
  have h17 := all_cons h16.2
  have hw := Nat.eq_of_beq_eq_true h1.1
  have hv := Nat.eq_of_beq_eq_true h2.1
  have a1 : (entry noOutput p.outputs k).a1 = 1 := of_decide_eq_true h3.1
  have a2 := Nat.eq_of_beq_eq_true h4.1
  have den := Nat.eq_of_beq_eq_true h5.1
  have b := bounds (no_float h6.1 a2 den) (no_code h12.1 (of_decide_eq_true h9.1))
  have one : ((1 : Nat) : Int) = 1 := rfl
  have zero : ((0 : Nat) : Int) = 0 := rfl
  refine ⟨?_, ?_⟩
  · have diff := difference_eq h6.1 ho
    rw [a1, a2, den, one, zero, Int.one_mul, Int.one_mul, Int.one_mul, Int.zero_mul, Int.zero_mul, Int.zero_mul, Int.sub_zero,
      sum_products_subtract _ _ _ hw.symm, sum_subtract hw.symm] at diff
    have c := b.1
    rw [diff] at c
    refine order_code (limit := cond down (entry noOutput p.outputs k).low (entry noOutput p.outputs k).high) s0
      (Int.mul_pos (show (0 : Int) < p.pairing.rho by omega) (show (0 : Int) < p.theta by omega)) c ?_
    cases down with
    | true =>
      have limit := le_of_leqInt h8.1
      show 2 * (p.pairing.rho * p.theta * (-1 * (accBase l _ _ - accBase l _ _))) + _ + 1 ≤ 0
      rw [Int.neg_mul, Int.one_mul]
      exact limit
    | false =>
      have limit := le_of_leqInt h7.1
      show 2 * (p.pairing.rho * p.theta * (1 * (accBase l _ _ - accBase l _ _))) + _ + 1 ≤ 0
      rw [Int.one_mul]
      exact limit
  · have diff := difference_eq h12.1 ho
    have l13 := le_of_leqInt h13.1
    have hv1 := length_values h12.1
    rw [length_subtract hv] at hv1
    have ca := sum_close h14.1 hv1 l13 hreach hya
    have cb := sum_close h15.1 (by omega) l13 hreach hyb
    have one0 : 0 < f32One := by unfold f32One; exact two_pow_pos 149
    rw [of_decide_eq_true h9.1, Nat.eq_of_beq_eq_true h10.1, one, Int.zero_mul, Int.mul_zero, Int.zero_mul, Int.one_mul, Int.zero_sub,
      sum_products_subtract _ _ _ hv] at diff
    refine order_float (limit := cond down (entry noOutput p.outputs (k + 1)).low (entry noOutput p.outputs (k + 1)).high)
      (den := ((entry noOutput p.outputs (k + 1)).den : Int)) (by omega) one0
      (show 0 < (p.phi : Int) * f32One from Int.mul_pos (by omega) one0) b.2 diff ca cb ?_
    cases down with
    | true =>
      have l := le_of_leqInt h17.1
      show 2 * (p.phi * f32One * (-1 * (f32One * (fb.bias - fa.bias)) + _)) + _ + 1 ≤ 0
      rw [Int.neg_mul, Int.one_mul]
      exact l
    | false =>
      have l := le_of_leqInt h16.1
      show 2 * (p.phi * f32One * (1 * (f32One * (fb.bias - fa.bias)) + _)) + _ + 1 ≤ 0
      rw [Int.one_mul]
      exact l

end Plan

end TinyVerify
